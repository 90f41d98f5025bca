"""Window lengths: which are tried, on which rows they are scored, how long it takes, and where the knee lies."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import RunError
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.study.length_scores import LengthScores, knee, length_scores, length_table, length_verdict
from lstm_core.study.lengths import (
    MINUTE,
    length_trials,
    lengths_around,
    longest,
    origins_judged,
    short_epochs,
)
from lstm_core.study.progress import OVERHEAD, seconds_of, seconds_of_trials
from lstm_core.study.trials import Study
from lstm_core.training.events import RunFinished
from lstm_core.training.plan import RunSpec
from tests.core.study.conftest import finished, make_run, planned, prepared, started

LIMITS = Settings(slots=2)


class TestWhichAreTried:
    def test_chosen_season_and_suggestion_are_among_them(self):
        lengths = lengths_around(24, most=100, marked=(12, 9))
        assert {24, 12, 9} <= set(lengths)
        assert (lengths[0], lengths[-1], len(lengths)) == (6, 96, 7)

    @given(chosen=st.integers(1, 2000), most=st.integers(1, 2000), marked=st.integers(0, 400))
    def test_they_ascend_stay_in_bounds_and_lie_apart(self, chosen, most, marked):
        lengths = lengths_around(chosen, most=most, marked=(marked,))
        assert chosen in lengths
        assert list(lengths) == sorted(set(lengths))
        assert lengths[0] >= 1
        assert lengths[-1] <= max(most, chosen)
        assert len(lengths) <= 8
        if chosen >= 8 and most >= 2 * chosen:
            assert len(lengths) >= 6

    def test_without_room_there_are_fewer(self):
        assert lengths_around(2, most=3) == (1, 2, 3)
        assert lengths_around(5, most=2) == (1, 2, 3, 4, 5)

    def test_half_of_the_train_rows_is_the_longest(self, series, spec):
        assert longest(series, spec.preparation) == 42  # 84 train rows
        lost = prepared(spec, transform=TransformSpec(seasonal_lag=12)).preparation
        assert longest(series, lost) == 36


class TestOnTheSameRows:
    @settings(max_examples=20)
    @given(
        chosen=st.integers(1, 30),
        horizon=st.integers(1, 5),
        stride=st.integers(1, 3),
        seasonal=st.sampled_from([None, 4]),
    )
    def test_every_length_is_tested_on_the_same_windows(self, chosen, horizon, stride, seasonal):
        values = np.random.default_rng(0).normal(size=(140, 1))
        series = Series(values=values, index=pd.RangeIndex(140), columns=("y",), name="drawn")
        spec = base(series, WindowSpec(length=chosen, horizon=horizon, stride=stride), seasonal)
        lengths = lengths_around(chosen, most=longest(series, spec.preparation), marked=(4,))
        seen = {
            tuple(prepare(series, one.spec.preparation).test.origins)
            for one in length_trials(spec, series, lengths, epochs=3)
        }
        assert seen == {tuple(origins_judged(series, spec.preparation))}

    def test_a_window_too_long_for_that_is_refused(self, series, spec):
        with pytest.raises(RunError, match="same rows"):
            length_trials(spec, series, (6, 100), epochs=3)

    def test_rows_that_differences_lose_count_as_well(self):
        values = np.random.default_rng(0).normal(size=(140, 1))
        series = Series(values=values, index=pd.RangeIndex(140), columns=("y",), name="drawn")
        spec = base(series, WindowSpec(length=6), 4)
        first = origins_judged(series, spec.preparation, "validation").start
        length_trials(spec, series, (6, first - 4), epochs=3)
        with pytest.raises(RunError, match="same rows"):
            length_trials(spec, series, (6, first - 3), epochs=3)

    def test_nothing_but_the_length_and_the_epochs_changes(self, series, spec):
        trials = length_trials(spec, series, (3, 6), epochs=2)
        assert [one.spec.preparation.window.length for one in trials] == [3, 6]
        assert trials[1].spec == planned(spec, epochs=2)
        assert trials[0].name == "sine, 3 → 1, 4 units"

    def test_runs_of_another_test_part_are_not_compared(self, spec):
        other = spec.model_copy(update={"series_fingerprint": "other"})
        runs = tuple(make_run(one, started(), finished(3.0)) for one in (spec, other))
        with pytest.raises(RunError, match="different series"):
            length_scores(Study(study="lengths-a", runs=runs))


def base(series, window, seasonal):
    preparation = PreparationSpec(target="y", window=window, transform=TransformSpec(seasonal_lag=seasonal))
    return RunSpec(series_fingerprint=series.fingerprint, preparation=preparation)


class TestTime:
    def test_unequal_runs_share_the_slots(self):
        times = [4.0, 1.0, 1.0, 5.0]
        # Slot 1: 4; slot 2: 1, 1; then 5 on slot 2, which is free first.
        assert seconds_of_trials(times, slots=2) == 7 + 3 * OVERHEAD
        assert seconds_of_trials(times, slots=1) == 11 + 4 * OVERHEAD
        assert seconds_of_trials(times, slots=9) == 5 + OVERHEAD

    def test_a_short_training_keeps_its_epochs(self, series, spec):
        assert short_epochs(spec, series, (3, 6), LIMITS) == 4

    def test_a_long_one_is_cut_to_about_a_minute(self, spec):
        values = np.random.default_rng(0).normal(size=(4000, 1))
        series = Series(values=values, index=pd.RangeIndex(4000), columns=("y",), name="drawn")
        long = planned(spec, epochs=1000)
        lengths = (6, 12, 24, 48)
        epochs = short_epochs(long, series, lengths, LIMITS)
        assert 5 < epochs < 1000
        assert seconds_of(length_trials(long, series, lengths, epochs=epochs), LIMITS) <= MINUTE
        assert seconds_of(length_trials(long, series, lengths, epochs=epochs + 2), LIMITS) > MINUTE

    def test_five_epochs_are_trained_however_long_they_take(self, spec):
        values = np.random.default_rng(0).normal(size=(100_000, 1))
        series = Series(values=values, index=pd.RangeIndex(100_000), columns=("y",), name="drawn")
        assert short_epochs(planned(spec, epochs=100), series, (200, 400), LIMITS) == 5


def test_whether_a_longer_window_does_better_is_told_only_where_it_was_tried():
    validation, tested = (3.0, 2.0, 1.0, 0.99), (3.0, 2.0, 2.0, 0.5)
    scores = LengthScores(lengths=(4, 8, 16, 32), validation=validation, tested=tested, naive=4.0)
    assert scores.longer_pays(8) is True
    assert scores.longer_pays(16) is False  # 1% is not worth the rows
    assert scores.longer_pays(32) is None
    assert scores.longer_pays(12) is None


class TestKnee:
    @pytest.mark.parametrize(
        ("errors", "wanted"),
        [
            ((9.0, 5.0, 3.0, 3.0, 3.0), 12),  # flat from 12 on
            ((9.0, 5.0, 3.05, 3.0, 3.1), 12),  # 1.7% above the lowest
            ((9.0, 5.0, 3.07, 3.0, 3.1), 24),  # 2.3% above the lowest
            ((5.0, 4.0, 3.0, 2.0, 1.0), 48),  # still falling
            ((1.0, 2.0, 3.0, 4.0, 5.0), 3),  # longer is worse
            ((1.0, 1.0, 1.0, 1.0, 1.0), 3),
            ((0.0, 0.0, 1.0, 1.0, 1.0), 3),
        ],
    )
    def test_the_shortest_length_within_two_percent_of_the_lowest(self, errors, wanted):
        assert knee((3, 6, 12, 24, 48), errors) == wanted

    def test_the_words(self):
        def said(*errors, naive=10.0, **choices):
            lengths = (3, 6, 12, 24)[: len(errors)]
            tested = tuple(error + 1 for error in errors)
            made = LengthScores(lengths=lengths, validation=errors, tested=tested, naive=naive, **choices)
            return length_verdict(made, "V")

        middle = said(9.0, 5.0, 5.0, 4.95)
        assert middle.tone == "good"
        assert middle.sentence == (
            "With a window of 6 the validation MAE is 5.00 V, as good as the lowest (4.95 at 24; at most 2% above "
            "counts as good). The shortest, 3, is 82% worse than the lowest. On the test part, which did not choose, 6 "
            "rows have 6.00 V, repeating the last value 10.0."
        )
        assert "a longer one may help" in said(9.0, 7.0, 5.0, 4.0).sentence
        assert "needs no more" in said(4.0, 7.0, 5.0, 4.0).sentence
        assert said(9.0, 7.0, 5.0, 4.0, naive=3.0).tone == "bad"
        assert said(9.0).tone == "note"
        assert "is 5.00 V over all 3 steps ahead, as good" in said(9.0, 5.0, 5.0, 4.95, horizon=3).sentence
        assert "validation pinball loss" in said(9.0, 5.0, 5.0, 4.95, measure="pinball").sentence
        assert "were not kept yet" in said(n_unknown=3).sentence
        alike = said(5.2, 5.05, 5.0, 5.1)
        assert alike.tone == "note"
        assert (
            "one seed cannot tell these apart. The shortest within 2% of the lowest is 6." in alike.sentence
        )

    def test_the_validation_part_chooses_whatever_the_test_part_says(self):
        scores = LengthScores(
            lengths=(3, 6, 12), validation=(9.0, 5.0, 6.0), tested=(1.0, 8.0, 2.0), naive=10.0
        )
        assert (scores.knee, scores.best, scores.test_error(scores.knee)) == (6, 6, 8.0)
        turned = replace(scores, tested=(8.0, 2.0, 1.0))
        assert (turned.knee, turned.best, turned.longer_pays(6)) == (6, 6, scores.longer_pays(6))

    def test_scores_come_from_the_runs_by_length(self, series, spec):
        trials = length_trials(spec, series, (3, 6, 12), epochs=2)
        done = [
            make_run(trials[at].spec, started(), finished(mae, validation=mae / 2))
            for at, mae in ((2, 7.0), (0, 9.0))
        ]
        scores = length_scores(Study(study="lengths-a", runs=(*done, make_run(trials[1].spec, started()))))
        assert (scores.lengths, scores.validation, scores.tested) == ((3, 12), (4.5, 3.5), (9.0, 7.0))
        assert (scores.naive, scores.n_unknown) == (18.4, 0)
        assert length_table(scores).above_lowest_validation.tolist() == pytest.approx([2 / 7, 0])

    def test_a_run_without_a_validation_error_does_not_choose(self, series, spec):
        trials = length_trials(spec, series, (3, 6), epochs=2)
        runs = tuple(make_run(one.spec, started(), finished(3.0)) for one in trials)
        scores = length_scores(Study(study="lengths-a", runs=runs))
        assert (scores.lengths, scores.n_unknown) == ((), 2)

    def test_a_quantile_is_judged_by_its_pinball_loss(self, series, spec):
        edge = planned(spec, loss="pinball", quantile=0.9)
        trials = length_trials(edge, series, (3, 6), epochs=2)
        told = [
            RunFinished(
                best_epoch=1,
                seconds=1.0,
                windows_per_second=1.0,
                parity=0.0,
                scores={name: {"mae": 1.0, "pinball": loss} for name in ("lstm", "naive")},
                validation={"lstm": {"mae": 1.0, "pinball": 2 * loss}},
            )
            for loss in (3.0, 4.0)
        ]
        runs = tuple(make_run(one.spec, started(), end) for one, end in zip(trials, told, strict=True))
        scores = length_scores(Study(study="lengths-a", runs=runs))
        assert (scores.measure, scores.validation, scores.tested) == ("pinball", (6.0, 8.0), (3.0, 4.0))
