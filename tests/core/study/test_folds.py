"""Folds: where they are cut, what they may see, and their scores."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import PreparationError
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import forecasts, scoreboard
from lstm_core.preparation.split import SplitSpec, split
from lstm_core.preparation.windows import WindowSpec, prepare
from lstm_core.runs.artifacts import series_from_bytes, series_to_bytes
from lstm_core.series.record import Series
from lstm_core.study.backtest import fold_trials, span_of
from lstm_core.study.fold_scores import (
    FoldScore,
    FoldScores,
    backtest_verdict,
    block_scores,
    fold_score,
    fold_table,
)
from lstm_core.study.folds import FoldSpec, cut, default_rows, fold_limits, lay_out, preparation_of
from tests.core.study.conftest import finished, make_run, prepared, started


class TestWhereTheyAreCut:
    def test_by_hand(self, series, spec):
        """120 rows, 3 folds of 10; a tenth of the rows, 12, validates."""
        folds = lay_out(series, spec.preparation, FoldSpec(n_folds=3, rows=10))
        assert [fold.parts.test for fold in folds] == [range(90, 100), range(100, 110), range(110, 120)]
        assert [fold.parts.validation for fold in folds] == [range(78, 90), range(88, 100), range(98, 110)]
        assert [fold.parts.train for fold in folds] == [range(78), range(88), range(98)]
        assert [fold.rows for fold in folds] == [range(100), range(110), range(120)]

    def test_sliding_train_parts_are_all_as_long_as_the_first(self, series, spec):
        folds = lay_out(series, spec.preparation, FoldSpec(n_folds=3, rows=10, train="sliding"))
        assert [fold.parts.train for fold in folds] == [range(78), range(10, 88), range(20, 98)]
        assert [fold.rows for fold in folds] == [range(100), range(10, 110), range(20, 120)]

    def test_a_gap_lies_on_both_sides_of_the_validation_rows(self, series, spec):
        gapped = spec.preparation.model_copy(update={"split": SplitSpec(gap=3)})
        fold = lay_out(series, gapped, FoldSpec(n_folds=2, rows=10))[0]
        assert (fold.parts.train, fold.parts.validation) == (range(82), range(85, 97))
        assert fold.parts.test == range(100, 110)

    def test_both_gaps_are_taken_off_the_train_rows(self, series, spec):
        """100 rows before the first test block, 12 of them validate: two gaps of 44 leave none to train on."""
        for gap, n_train in ((43, 2), (44, 0)):
            gapped = spec.preparation.model_copy(update={"split": SplitSpec(gap=gap)})
            if n_train:
                folds = lay_out(series, gapped, FoldSpec(n_folds=2, rows=10))
                assert len(folds[0].parts.train) == n_train
            else:
                with pytest.raises(PreparationError, match="0 left to train the first fold"):
                    lay_out(series, gapped, FoldSpec(n_folds=2, rows=10))

    def test_the_split_of_the_cut_series_says_the_same_rows(self, series, spec):
        gapped = spec.preparation.model_copy(update={"split": SplitSpec(gap=2)})
        for kind in ("expanding", "sliding"):
            for fold in lay_out(series, gapped, FoldSpec(n_folds=7, rows=6, train=kind)):
                seen = cut(series, fold)
                parts = split(seen, preparation_of(gapped, fold).split)
                for part in ("train", "validation", "test"):
                    rows, whole = parts.part(part), fold.parts.part(part)
                    assert range(rows.start + fold.rows.start, rows.stop + fold.rows.start) == whole

    @pytest.mark.parametrize("n_rows", [120, 150, 999, 5000])
    def test_the_smallest_and_largest_blocks_can_be_cut(self, spec, n_rows):
        long = Series(
            values=np.arange(float(n_rows))[:, None],
            index=pd.RangeIndex(n_rows),
            columns=("y",),
            name="line",
        )
        for n_folds in (2, 5, 12):
            for rows in fold_limits(long, spec.preparation, n_folds):
                for fold in lay_out(long, spec.preparation, FoldSpec(n_folds=n_folds, rows=rows)):
                    assert (
                        len(split(cut(long, fold), preparation_of(spec.preparation, fold).split).test) == rows
                    )

    def test_by_default_the_blocks_fill_the_test_part(self, series, spec):
        assert default_rows(series, spec.preparation, 4) == 6  # 24 test rows
        assert (
            default_rows(series, prepared(spec, window=WindowSpec(length=6, horizon=9)).preparation, 4) == 9
        )

    @pytest.mark.parametrize(("n_folds", "rows"), [(5, 1), (12, 9), (2, 60)])
    def test_what_does_not_fit_is_refused(self, series, spec, n_folds, rows):
        with pytest.raises(PreparationError, match=f"{n_folds} folds of {rows} rows do not fit"):
            lay_out(series, spec.preparation, FoldSpec(n_folds=n_folds, rows=rows))


class TestWhatAFoldSees:
    def test_a_cut_series_is_an_ordinary_one_that_says_what_it_is(self, series, spec):
        fold = lay_out(series, spec.preparation, FoldSpec(n_folds=3, rows=10))[0]
        seen = cut(series, fold)
        assert seen.n_rows == 100
        np.testing.assert_array_equal(seen.values, series.values[:100])
        assert seen.fingerprint != series.fingerprint
        assert (seen.period, seen.unit, seen.step) == (12, "V", "1 month")
        assert seen.name == "sine to 2018-04-01"
        assert seen.steps[-1].name == "cut"
        assert "rows 1 to 100 (2010-01-01 to 2018-04-01) of 120 for fold 1" in seen.steps[-1].detail
        assert series_from_bytes(series_to_bytes(seen)).fingerprint == seen.fingerprint

    def test_the_last_expanding_fold_is_the_series_itself(self, series, spec):
        assert cut(series, lay_out(series, spec.preparation, FoldSpec(n_folds=3, rows=10))[-1]) is series

    def test_trials_differ_in_series_and_split_alone(self, series, spec):
        trials = fold_trials(spec, series, FoldSpec(n_folds=3, rows=10))
        assert [one.name.rpartition(", ")[2] for one in trials] == [
            "fold 1 of 3",
            "fold 2 of 3",
            "fold 3 of 3",
        ]
        for one in trials:
            assert one.spec.series_fingerprint == one.series.fingerprint
            assert (one.spec.network, one.spec.plan) == (spec.network, spec.plan)
            same = one.spec.preparation.model_copy(update={"split": spec.preparation.split})
            assert same == spec.preparation
            assert len(prepare(one.series, one.spec.preparation).test) == 10
        assert len({one.spec.digest for one in trials}) == 3

    def test_where_it_lies_in_time(self, series, spec):
        first = fold_trials(spec, series, FoldSpec(n_folds=3, rows=10))[0]
        span = span_of(first.series, split(first.series, first.spec.preparation.split))
        assert span.n_rows == {"train": 78, "validation": 12, "test": 10}
        assert (span.starts["test"], span.stops["validation"]) == (series.index[90], series.index[90])
        assert span.stops["test"] == series.index[99] + (series.index[99] - series.index[98])
        whole = span_of(series, lay_out(series, spec.preparation, FoldSpec(n_folds=3, rows=10))[0].parts)
        assert whole.stops["test"] == series.index[100]


def made_of(*maes: tuple[float, float]) -> FoldScores:
    folds = [
        FoldScore(
            number=number,
            first=f"{2000 + number}",
            last=f"{2001 + number}",
            scores={"lstm": {"mae": ours}, "naive": {"mae": naive}},
        )
        for number, (ours, naive) in enumerate(maes, start=1)
    ]
    return FoldScores(folds=tuple(folds))


class TestScores:
    def test_mean_spread_and_skill_by_hand(self):
        scores = made_of((1.0, 2.0), (3.0, 2.0), (2.0, 4.0))
        assert scores.spread("lstm").mean == 2
        assert scores.spread("lstm").deviation == 1
        assert [fold.skill() for fold in scores.folds] == [0.5, -0.5, 0.5]
        assert scores.folds[0].skill("linear_ar") is None

    def test_the_verdict_counts_the_folds_and_names_the_worst(self):
        said = backtest_verdict(made_of((1.0, 2.0), (3.0, 2.0), (2.0, 4.0)), "V")
        assert said.tone == "caution"
        assert said.sentence == (
            "The LSTM is better than naive in 2 of 3 folds; worst in 2002 to 2003 (skill −50.0%). "
            "MAE 2.00 ± 1.00 V over 3 folds (mean ± standard deviation), repeating the last value 2.67."
        )
        assert backtest_verdict(made_of((1.0, 2.0), (1.0, 2.0)), "V").tone == "good"
        assert backtest_verdict(made_of((3.0, 2.0), (1.0, 2.0)), "V").tone == "bad"
        assert backtest_verdict(FoldScores(folds=()), "V").tone == "note"
        assert backtest_verdict(made_of((1.0, 0.0)), "V").tone == "note"

    def test_a_better_baseline_is_named(self):
        fold = made_of((1.0, 2.0)).folds[0]
        better = FoldScore(
            number=1, first="a", last="b", scores={**fold.scores, "seasonal_naive": {"mae": 0.5}}
        )
        said = backtest_verdict(FoldScores(folds=(better,)), "V")
        assert said.tone == "caution"
        assert "Repeating the last season has the lower mean, 0.500." in said.sentence

    def test_a_run_that_is_not_over_has_none(self, series, spec):
        trial = fold_trials(spec, series, FoldSpec(n_folds=3, rows=10))[1]
        span = span_of(trial.series, split(trial.series, trial.spec.preparation.split))
        assert fold_score(2, make_run(trial.spec, started()), span) is None
        told = fold_score(2, make_run(trial.spec, started(), finished(9.2)), span)
        assert (told.number, told.when) == (2, "2018-05-01 to 2019-02-01")
        assert told.skill() == pytest.approx(0.5)

    def test_one_network_in_blocks_gives_the_whole_as_their_mean(self, series, spec):
        ready = prepare(series, spec.preparation)

        def predict(inputs):
            return inputs[:, -1, :1] * 0.9

        scores = block_scores(series, ready, forecasts(ready, predict, period=12), 5)
        whole = scoreboard(ready, predict, period=12)
        sizes = [5, 5, 5, 5, 4]
        assert [fold.number for fold in scores.folds] == [1, 2, 3, 4, 5]
        assert (scores.folds[0].first, scores.folds[-1].last) == ("2018-01-01", "2019-12-01")
        for key in ("lstm", "naive", "seasonal_naive", "linear_ar"):
            assert np.average(scores.of(key), weights=sizes) == pytest.approx(whole[key].mae)
        assert len(block_scores(series, ready, forecasts(ready, predict, period=12), 100).folds) == 24

    def test_blocks_by_hand(self, series, spec):
        ready = prepare(series, spec.preparation)
        actual = ready.values[ready.test.origins, :1]
        miss = np.repeat([1.0, 2.0, 3.0], 8)[:, None]
        made = {
            name: Forecast(origins=ready.test.origins, actual=actual, predicted=actual + far, part="test")
            for name, far in (("lstm", miss), ("naive", 0 * miss + 2))
        }
        scores = block_scores(series, ready, made, 3)
        assert scores.of("lstm") == pytest.approx((1, 2, 3))
        assert [fold.skill() for fold in scores.folds] == pytest.approx([0.5, 0.0, -0.5])

    def test_the_table_holds_every_score(self):
        table = fold_table(made_of((1.0, 2.0), (3.0, 2.0)))
        assert table.loc[table.forecast == "lstm", "skill_vs_naive"].tolist() == [0.5, -0.5]
        assert table.mae.tolist() == [1, 2, 3, 2]
