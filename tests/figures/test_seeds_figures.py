"""Pictures of several seeds: nouns in, traces out."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.figures.seeds import plot_forecast_band, plot_loss_bands, plot_scores
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.series.record import Series
from lstm_core.series.samples import load_sample
from lstm_core.study.bands import forecast_band, loss_band
from lstm_core.study.spread import SeedSpread
from lstm_core.training.events import EpochEnded, fold


def side(*maes, naive=18.4):
    return SeedSpread(
        seeds=tuple(range(42, 42 + len(maes))),
        values={"mae": maes},
        baselines={"naive": {"mae": naive}, "linear_ar": {"mae": 15.0}},
    )


def told(*curves):
    return {
        seed: fold(
            EpochEnded(epoch=number, loss=loss / 2, val_loss=loss, seconds=1.0)
            for number, loss in enumerate(losses, start=1)
        )
        for seed, losses in enumerate(curves, start=42)
    }


def by_name(figure):
    return {trace.name: trace for trace in figure.data}


class TestScores:
    def test_every_seed_is_a_dot_beside_mean_and_baselines(self):
        traces = by_name(plot_scores({"LSTM": side(13.0, 15.0, 14.0)}, unit="sunspots", theme=LIGHT))
        assert list(traces["One seed"].x) == [13.0, 15.0, 14.0]
        assert list(traces["One seed"].customdata) == [42, 43, 44]
        mean = traces["Mean ± standard deviation"]
        assert (mean.x[0], mean.error_x.array[0]) == (14.0, pytest.approx(1.0))
        assert set(traces["Repeating the last value"].x) == {18.4}
        assert set(traces["Linear AR"].x) == {15.0}
        assert traces["Linear AR"].line.dash != traces["Repeating the last value"].line.dash

    @pytest.mark.parametrize("maes", [(13.0, 20.0, 14.0), (17.0, 17.1), (16.0,)])
    def test_nothing_touches_the_edges(self, maes):
        """Plotly ends the axis where the outermost line stands, which then looks like a frame."""
        scores = side(*maes)
        figure = plot_scores({"LSTM": scores}, unit="sunspots", theme=LIGHT)
        low, high = figure.layout.xaxis.range
        drawn = [*maes, 18.4, 15.0]
        spread = scores.of("mae")
        drawn += [spread.mean - (spread.deviation or 0), spread.mean + (spread.deviation or 0)]
        margin = 0.03 * (high - low)
        assert low + margin < min(drawn)
        assert high - margin > max(drawn)

    def test_equal_scores_still_have_an_axis(self):
        scores = SeedSpread(seeds=(1,), values={"mae": (0.0,)}, baselines={})
        low, high = plot_scores({"LSTM": scores}, unit="", theme=LIGHT).layout.xaxis.range
        assert low < 0 < high

    def test_one_seed_has_no_whiskers(self):
        mean = by_name(plot_scores({"LSTM": side(13.0)}, unit="", theme=LIGHT))["Mean"]
        assert mean.error_x.array is None

    def test_two_settings_stand_below_each_other_with_one_key(self):
        figure = plot_scores({"A": side(13.0), "B <b>": side(12.0, 11.0)}, unit="V", theme=DARK)
        assert list(figure.layout.yaxis.ticktext) == ["A", "B ‹b›"]
        dots = [trace for trace in figure.data if trace.name == "One seed"]
        assert [max(trace.y) < 0.5 for trace in dots] == [True, True]
        assert max(dots[1].y) < min(dots[0].y)
        assert [trace.showlegend for trace in dots] == [True, False]
        assert dots[0].marker.symbol != dots[1].marker.symbol
        assert figure.layout.xaxis.title.text == "Test MAE [V]"
        assert figure.layout.height > plot_scores({"A": side(1.0)}, unit="V", theme=DARK).layout.height


def draw(*curves, **changes):
    choices = {"theme": LIGHT, "log": False, "epochs_shown": 50, "loss_name": "mse"} | changes
    figure = plot_loss_bands(loss_band(told(*curves)), **choices)
    go.Figure(figure.to_dict())  # it was built without plotly's own checks: make up for them
    return figure


class TestLosses:
    def test_bands_medians_and_best_epochs(self):
        traces = by_name(draw((0.9, 0.5, 0.7), (0.7, 0.6, 0.8), (0.8, 0.1, 0.9)))
        assert list(traces["validation"].y) == [0.8, 0.5, 0.8]
        assert list(traces["validation, lowest"].y) == [0.7, 0.1, 0.7]
        assert list(traces["validation, highest"].y) == [0.9, 0.6, 0.9]
        assert traces["validation, highest"].fill == "tonexty"
        assert list(traces["train"].y) == [0.4, 0.25, 0.4]
        assert traces["train"].line.dash != traces["validation"].line.dash
        best = traces["best epoch of a seed"]
        assert (best.x, best.y, best.customdata) == ((2, 2, 2), (0.5, 0.6, 0.1), (42, 43, 44))

    def test_where_fewer_runs_train_the_median_is_dotted_and_says_how_many(self):
        traces = by_name(draw((0.9, 0.5, 0.4, 0.3), (0.7, 0.6)))
        whole, rest = traces["validation"], traces["validation, fewer runs"]
        assert np.isnan(np.array(whole.y[2:], dtype=float)).all()
        assert rest.y[1:] == (pytest.approx(0.55), 0.4, 0.3)
        assert rest.line.dash == "dot"
        assert [row[2] for row in rest.customdata] == [2, 2, 1, 1]

    def test_all_together_needs_no_dotted_rest(self):
        assert "validation, fewer runs" not in by_name(draw((0.9, 0.5), (0.7, 0.6)))

    def test_before_the_first_epoch_there_is_an_empty_frame(self):
        figure = draw((), ())
        assert figure.layout.xaxis.title.text == "Epoch"
        assert tuple(figure.layout.xaxis.range) == (0.5, 50.5)

    def test_the_log_axis_is_one_click(self):
        assert draw((0.5,), log=True).layout.yaxis.type == "log"


class TestForecasts:
    SERIES = load_sample("sunspots")

    def band(self, origins, n_seeds=3):
        actual = self.SERIES.values[origins, :1]
        made = {
            seed: Forecast(
                origins=origins, actual=actual, predicted=actual + seed, part="test", unit=self.SERIES.unit
            )
            for seed in range(n_seeds)
        }
        return forecast_band(made)

    def test_band_median_and_truth_over_dates(self):
        figure = plot_forecast_band(
            self.SERIES, self.SERIES.columns[0], self.band(np.arange(250, 300)), theme=LIGHT
        )
        traces = by_name(figure)
        truth = self.SERIES.values[250:300, 0]
        assert traces["Actual"].y.tolist() == truth.tolist()
        assert traces["Median of the seeds"].y.tolist() == pytest.approx((truth + 1).tolist())
        assert traces["lowest"].y.tolist() == pytest.approx(truth.tolist())
        assert traces["Lowest to highest seed"].y.tolist() == pytest.approx((truth + 2).tolist())
        assert np.datetime_as_string(traces["Actual"].x[0], unit="D") == str(self.SERIES.index[250].date())
        assert figure.layout.yaxis.title.text.startswith(self.SERIES.columns[0])

    def test_windows_with_a_stride_get_bars_and_no_filled_band(self):
        figure = plot_forecast_band(
            self.SERIES, self.SERIES.columns[0], self.band(np.arange(250, 300, 7)), theme=DARK
        )
        traces = by_name(figure)
        assert "lowest" not in traces
        bars = traces["Median of the seeds"].error_y
        assert bars.array.tolist() == pytest.approx([1.0] * 8)
        assert bars.arrayminus.tolist() == pytest.approx([1.0] * 8)
        assert traces["Median of the seeds"].mode == "markers"

    def test_a_long_part_is_thinned(self):
        values = np.sin(np.arange(5000) / 7)[:, None]
        series = Series(values=values, index=pd.RangeIndex(5000), columns=("y",), name="long")
        origins = np.arange(1000, 5000)
        made = Forecast(origins=origins, actual=values[origins], predicted=values[origins], part="test")
        figure = plot_forecast_band(series, series.columns[0], forecast_band({1: made, 2: made}), theme=LIGHT)
        assert len(by_name(figure)["Actual"].x) <= 1500
