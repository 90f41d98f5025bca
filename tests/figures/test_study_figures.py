"""Pictures of a backtest and of memory: nouns in, traces out."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.diagnostics.correlogram import correlogram
from lstm_core.evaluation.explanation.reach import Reach
from lstm_core.figures.backtest import plot_fold_errors, plot_folds
from lstm_core.figures.memory import X_TITLE, plot_memory
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.preparation.split import Split
from lstm_core.series.record import Series
from lstm_core.study.backtest import span_of
from lstm_core.study.fold_scores import FoldScore, FoldScores
from lstm_core.study.length_scores import LengthScores

INDEX = pd.date_range("2000-01-01", periods=60, freq="MS", tz="Europe/Berlin")
SERIES = Series(values=np.arange(60.0)[:, None], index=INDEX, columns=("y",), name="line")


def by_name(figure):
    return {trace.name: trace for trace in figure.data}


def scores(*maes, naive=3.0):
    folds = [
        FoldScore(
            number=number,
            first="<2000",
            last="2001",
            scores={"lstm": {"mae": mae}, "naive": {"mae": naive}, "linear_ar": {"mae": None}},
        )
        for number, mae in enumerate(maes, start=1)
    ]
    return FoldScores(folds=tuple(folds))


class TestFolds:
    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    def test_every_fold_has_three_bars_in_the_colours_of_the_parts(self, theme):
        spans = {
            number: span_of(
                SERIES,
                Split(
                    train=range(30 + number),
                    validation=range(30 + number, 35 + number),
                    test=range(35 + number, 45 + number),
                ),
            )
            for number in (1, 2, 3)
        }
        figure = plot_folds(spans, time_title="Date", theme=theme, what="fold")
        bars = by_name(figure)
        assert list(bars) == ["Train", "Validation", "Test"]
        for name, bar in bars.items():
            assert bar.line.color == getattr(theme, name.lower())
            assert [one for one in bar.y if one is not None] == [1, 1, 2, 2, 3, 3]
        assert bars["Test"].x[0] == pd.Timestamp("2003-01-01")
        assert bars["Validation"].x[1] == bars["Test"].x[0]
        assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # oldest on top
        assert figure.layout.xaxis.title.text == "Date"

    def test_errors_by_fold_with_baselines_and_mean(self):
        figure = plot_fold_errors(scores(1.0, 3.0), unit="V", theme=LIGHT, name="GRU", what="fold")
        drawn = by_name(figure)
        assert drawn["GRU"].y == (1.0, 3.0)
        assert drawn["GRU"].customdata[0] == "‹2000 to 2001"
        assert drawn["Repeating the last value"].y == (3.0, 3.0)
        assert drawn["Linear AR"].y == (None, None)
        assert "Repeating the last season" not in drawn
        assert set(drawn["Mean of the folds"].y) == {2.0}
        assert figure.layout.yaxis.title.text == "Test MAE [V]"

    def test_one_fold_has_no_mean_line(self):
        figure = plot_fold_errors(scores(1.0), unit="", theme=LIGHT, name="LSTM", what="block")
        assert "Mean of the blocks" not in by_name(figure)


def pull(*per_lag):
    return Reach(pull=np.array(per_lag)[:, None], columns=("y",), n=9)


ERRORS = LengthScores(lengths=(3, 6, 40), validation=(5.0, 4.0, 3.99), tested=(5.5, 5.0, 4.5), naive=6.0)
MEMORY = correlogram(np.sin(np.arange(200.0)), n_lags=20)


class TestMemory:
    def test_all_panels_share_one_axis_of_lags(self):
        figure = plot_memory(MEMORY, theme=LIGHT, unit="V", pull=pull(3.0, 1.0, 0.0), errors=ERRORS, window=3)
        titles = [getattr(figure.layout, f"yaxis{at}").title.text for at in ("", "2", "3", "4")]
        assert titles == ["MAE [V]", "Pull [V]", "ACF", "PACF"]
        assert figure.layout.xaxis4.title.text == X_TITLE
        for axis in ("xaxis", "xaxis2", "xaxis3", "xaxis4"):
            assert tuple(getattr(figure.layout, axis).range) == (0, 40.7)
        drawn = by_name(figure)
        assert (drawn["Knee at 6"].x, drawn["Knee at 6"].y) == ((6,), (4.0,))
        assert drawn["Validation error: chooses"].y == (5.0, 4.0, 3.99)
        assert drawn["Test error: checks"].y == (5.5, 5.0, 4.5)
        assert drawn["Pull of y"].y.tolist() == [3.0, 1.0, 0.0]
        memory, window = figure.layout.shapes
        assert (memory.x0, memory.label.text, window.x0) == (2.5, "memory 2", 3.5)

    def test_every_kind_of_stem_is_in_the_key_once(self):
        drift = np.cumsum(
            np.random.default_rng(0).normal(size=300)
        )  # all of its ACF stands out, not of its PACF
        figure = plot_memory(correlogram(drift, n_lags=12), theme=LIGHT, unit="V")
        key = [trace.name for trace in figure.data if trace.showlegend]
        assert len(key) == len(set(key))
        assert set(key) == {trace.name for trace in figure.data}
        assert "could be chance" in key

    def test_what_is_not_known_has_no_panel(self):
        figure = plot_memory(MEMORY, theme=DARK, unit="V")
        assert figure.layout.yaxis2.title.text == "PACF"
        assert "yaxis3" not in figure.layout
        assert figure.layout.shapes == ()
        only = plot_memory(None, theme=LIGHT, unit="", pull=pull(1.0, 1.0), window=2)
        assert len(only.data) == 1

    def test_a_sweep_without_a_result_draws_no_line(self):
        none = LengthScores(lengths=(), validation=(), tested=(), naive=None)
        drawn = by_name(plot_memory(MEMORY, theme=LIGHT, unit="", errors=none))
        assert drawn["Validation error: chooses"].x == ()

    def test_every_column_is_stacked_in_its_own_colour(self):
        both = Reach(pull=np.ones((4, 2)), columns=("y", "<x>"), n=9)
        figure = plot_memory(None, theme=LIGHT, unit="V", pull=both)
        assert [trace.name for trace in figure.data] == ["Pull of y", "Pull of ‹x›"]
        assert len({trace.marker.color for trace in figure.data}) == 2
        assert figure.layout.barmode == "stack"
