"""What if: scenarios against closed forms, with a predictor that is a straight line."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import PreparationError, RunError
from lstm_core.evaluation.what_if.outcome import derived_columns, outside_range, try_out
from lstm_core.evaluation.what_if.scenario import FutureInput, Points, Scenario, Shape, apply_scenario, paint
from lstm_core.evaluation.what_if.verdicts import change_verdict, range_verdict
from lstm_core.preparation.histories import histories
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, prepare
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import CalendarStep, Cleaning, LagStep, MovingAverageStep
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource

WEIGHTS = np.array([[1.0, 0.0], [2.0, -1.0], [0.0, 0.5], [4.0, 0.0], [8.0, 3.0]])
"""Of the target in a window of five steps, oldest first, for two steps ahead."""


def straight_line(inputs):
    return inputs[:, :, 0] @ WEIGHTS


@pytest.fixture
def prepared(make_prepared):
    values = 50 + 10 * np.sin(np.arange(120) / 3)
    return make_prepared(values, horizon=2, kind="none", others=(np.arange(120.0) % 7,))


def scenario(*changes, **facts):
    return Scenario(changes=changes, **facts)


def test_nothing_changed_moves_nothing_to_the_last_bit(prepared):
    outcome = try_out(straight_line, prepared, Scenario(), origin=100)
    np.testing.assert_array_equal(outcome.change, 0)
    np.testing.assert_array_equal(outcome.read_before, prepared.values[95:100])
    assert outcome.n_edited == 0
    assert not any(mark.edited for mark in outcome.marks)
    assert "Nothing is changed yet" in change_verdict(outcome, unit="m").sentence


def test_the_forecast_moves_by_weight_times_change_at_every_step_ahead(prepared):
    row = prepared.values[98, 0]
    drawn = scenario(Points(column="y", values=((2, row + 3.0), (5, prepared.values[95, 0] - 1.0))))
    outcome = try_out(straight_line, prepared, drawn, origin=100)
    np.testing.assert_allclose(outcome.change, 3 * WEIGHTS[3] - WEIGHTS[0], atol=1e-4)
    np.testing.assert_allclose(outcome.before, prepared.values[95:100, 0] @ WEIGHTS, rtol=1e-6)
    assert outcome.n_edited == 2


def test_the_newest_rows_are_forecast_beyond_the_end(prepared):
    outcome = try_out(straight_line, prepared, scenario(step(1, 1, 2.0)), origin=120)
    np.testing.assert_allclose(outcome.change, 2 * WEIGHTS[4], atol=1e-4)


def step(start, end, size, kind="step", **facts):
    return Shape(kind=kind, column="y", start=start, end=end, size=size, **facts)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (step(3, 2, 5.0), [0, 1, 7, 8, 4]),
        (step(5, 1, 6.0, "spike"), [2, 5, 8, 7, 6]),
        (step(4, 1, 3.0, "spike"), [0, 2.5, 5, 6, 5.5]),
        (step(4, 1, 4.0, "ramp"), [0, 2, 4, 6, 8]),
        (step(4, 2, 0.0, "gap"), [0, 1, 2, 3, 4]),
        (step(4, 2, 0.0, "gap", filling="last"), [0, 0, 0, 0, 4]),
        (step(2, 1, 0.0, "gap"), [0, 1, 2, 2, 2]),
        (step(5, 4, 0.0, "gap", filling="last"), [2, 2, 2, 3, 4]),
        (step(2, 1, 10.0, "scale"), [0, 1, 2, 30, 40]),
        (step(5, 1, 2.0, "shift"), [0, 0, 0, 1, 2]),
        (step(3, 1, -1.0, "shift"), [0, 1, 3, 4, 4]),
    ],
)
def test_shapes_have_the_values_of_their_formulas(shape, expected):
    column = np.arange(5.0)
    marked = slice(5 - shape.start, 5 - shape.end + 1)
    column[marked] = paint(np.arange(5.0), marked, shape)
    np.testing.assert_allclose(column, expected)


def test_changes_are_applied_in_order(prepared):
    doubled = step(1, 1, 2.0, "scale")
    first = apply_scenario(prepared, scenario(step(1, 1, 1.0), doubled), prepared.values[95:100])
    second = apply_scenario(prepared, scenario(doubled, step(1, 1, 1.0)), prepared.values[95:100])
    newest = prepared.values[99, 0]
    assert first[-1, 0] == (newest + 1) * 2
    assert second[-1, 0] == newest * 2 + 1


def test_the_series_itself_is_never_touched(prepared):
    before = prepared.values.copy()
    try_out(straight_line, prepared, scenario(step(5, 1, 9.0)), origin=100)
    np.testing.assert_array_equal(prepared.values, before)


def test_values_outside_the_training_range_are_marked_with_their_distance(prepared):
    train = prepared.values[: prepared.split.train.stop, 0]
    value = train.max() + 2 * train.std()
    drawn = scenario(Points(column="y", values=((3, value), (1, 50.0))))
    outcome = try_out(straight_line, prepared, drawn, origin=100)
    made = [mark for mark in outcome.marks if mark.edited]
    assert [(mark.column, mark.lag) for mark in made] == [("y", 3)]
    assert made[0].deviations == pytest.approx(2)
    said = range_verdict(outcome, target="y", unit="m", labels=["a", "b", "c", "d", "e"])
    assert said is not None
    assert "1 changed value lies outside" in said.sentence
    assert "y at c" in said.sentence
    assert "2.00 standard deviations above" in said.sentence


def test_the_ends_of_the_training_range_lie_inside_it(prepared):
    train = prepared.values[: prepared.split.train.stop, 0]
    history = prepared.values[95:100]
    drawn = scenario(Points(column="y", values=((3, float(train.max())), (2, float(train.min())))))
    marks = outside_range(prepared, history, apply_scenario(prepared, drawn, history))
    assert not [mark for mark in marks if mark.edited]


def test_a_further_input_is_marked_in_its_own_range(prepared):
    drawn = scenario(Points(column="x0", values=((1, 9.0),)))
    outcome = try_out(straight_line, prepared, drawn, origin=100)
    assert [(mark.column, mark.high) for mark in outcome.marks if mark.edited] == [("x0", 6.0)]


@pytest.fixture
def differenced(make_prepared):
    plain = make_prepared(100 + np.arange(120.0) + np.sin(np.arange(120)), horizon=2)
    spec = PreparationSpec(
        target="y", transform=TransformSpec(power="log", difference=1), window=plain.spec.window
    )
    series = Series(values=plain.values, index=pd.RangeIndex(120), columns=("y",), name="made")
    return prepare(series, spec)


def zero(inputs):
    return np.zeros((len(inputs), 2), dtype=np.float32)


def test_a_jump_that_no_train_row_had_is_marked_though_its_values_are_known(differenced):
    low = float(differenced.values[5, 0])
    outcome = try_out(zero, differenced, scenario(Points(column="y", values=((3, low),))), origin=80)
    kinds = {(mark.of, mark.lag) for mark in outcome.marks if mark.edited}
    assert ("difference", 3) in kinds
    assert ("value", 3) not in kinds


def test_a_level_never_met_is_no_guess_for_a_network_that_reads_steps(differenced):
    beyond = tuple((lag, float(differenced.values[110 - lag, 0]) + 0.01) for lag in range(1, 7))
    assert min(value for _, value in beyond) > differenced.values[: differenced.split.train.stop, 0].max()
    outcome = try_out(zero, differenced, scenario(Points(column="y", values=beyond)), origin=110)
    assert not outcome.marks


def test_a_forecast_of_differences_starts_from_the_changed_last_value(differenced):
    newest = float(differenced.values[79, 0])
    outcome = try_out(zero, differenced, scenario(Points(column="y", values=((1, 2 * newest),))), origin=80)
    np.testing.assert_allclose(outcome.after, 2 * outcome.before, rtol=1e-9)


def test_nothing_below_zero_goes_into_a_logarithm(differenced):
    with pytest.raises(PreparationError, match="needs values above 0"):
        try_out(zero, differenced, scenario(Points(column="y", values=((1, -1.0),))), origin=80)


@pytest.mark.parametrize("value", [1e300, -1e300, 1e6])
def test_absurd_values_are_refused_in_words(prepared, value):
    with pytest.raises(PreparationError, match="absurdly far"):
        try_out(straight_line, prepared, scenario(Points(column="y", values=((1, value),))), origin=100)


def test_overflow_on_the_way_is_refused_too(prepared):
    grown = [step(5, 1, 1e200, "scale")] * 3
    with pytest.raises(PreparationError, match="absurdly far"):
        try_out(straight_line, prepared, scenario(*grown), origin=100)


def test_a_forecast_that_is_no_number_is_refused(prepared):
    def broken(inputs):
        return np.full((len(inputs), 2), np.nan)

    with pytest.raises(RunError, match="beyond any number"):
        try_out(broken, prepared, Scenario(), origin=100)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Points(column="z", values=((1, 1.0),)), "does not read"),
        (Points(column="y", values=((6, 1.0),)), "does not depend on"),
        (step(9, 1, 1.0), "does not depend on"),
        (step(5, 1, 1.0, "gap"), "nothing to fill it from"),
    ],
)
def test_what_does_not_fit_the_run_is_refused(prepared, change, words):
    with pytest.raises(PreparationError, match=words):
        try_out(straight_line, prepared, scenario(change), origin=100)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Points(column="y", values=((1, float("nan")),)),
        lambda: Points(column="y", values=((0, 1.0),)),
        lambda: step(1, 2, 1.0),
        lambda: step(2, 1, float("inf")),
        lambda: step(2, 1, 0.5, "shift"),
        lambda: FutureInput(step=0, column="x0", value=1.0),
        lambda: Scenario(name=""),
    ],
)
def test_choices_that_mean_nothing_cannot_be_made(made):
    with pytest.raises(ValueError, match="validation error"):
        made()


def test_columns_that_were_computed_from_the_target_are_named(make_prepared):
    prepared = make_prepared(np.arange(90.0) % 11, others=(np.arange(90.0), np.ones(90)))
    renamed = prepared.spec.model_copy(update={"features": ("y 1 back", "y 1 back mean of 3", "hour of day")})
    steps = (
        LagStep(column="y", rows=1),
        MovingAverageStep(column="y 1 back", rows=3),
        CalendarStep(cycle="hour of day"),
    )
    source = SeriesSource(kind="sample", sample="sunspots", cleaning=Cleaning(steps=steps))
    named = replace(prepared, spec=renamed)
    assert derived_columns(named, CleaningRecord(source=source)) == ("y 1 back", "y 1 back mean of 3")
    assert derived_columns(named, None) == ()


def test_histories_are_those_of_the_windows(prepared):
    np.testing.assert_array_equal(
        try_out(straight_line, prepared, Scenario(), origin=int(prepared.test.origins[0])).read_before,
        histories(prepared, prepared.test.origins[:1])[0],
    )


def test_forecasts_fed_back_carry_the_change_on(prepared):
    """Two steps ahead are fed back whole: step 3 and 4 read the changed steps 1 and 2."""
    drawn = scenario(step(1, 1, 1.0))
    outcome = try_out(straight_line, prepared, drawn, origin=90, steps=4)
    first = WEIGHTS[4]
    then = WEIGHTS[2] + first[0] * WEIGHTS[3] + first[1] * WEIGHTS[4]
    np.testing.assert_allclose(outcome.change, [*first, *then], rtol=1e-3)


def reads_both(inputs):
    return np.column_stack([10 * inputs[:, -1, 1], inputs[:, -1, 0]])


def test_a_further_input_that_is_known_ahead_moves_only_what_reads_it(prepared):
    drawn = Scenario(future=(FutureInput(step=2, column="x0", value=2.0),))
    outcome = try_out(reads_both, prepared, drawn, origin=90, steps=6)
    before = prepared.values[89, 1]
    assert outcome.future_before.shape == (4, 1)
    assert outcome.n_edited == 1
    np.testing.assert_allclose(outcome.change, [0, 0, 10 * (2 - before), 0, 0, 0], atol=1e-5)


def test_what_is_known_ahead_is_marked_and_checked(prepared):
    far = Scenario(future=(FutureInput(step=3, column="x0", value=12.0),))
    outcome = try_out(reads_both, prepared, far, origin=90, steps=6)
    made = [mark for mark in outcome.marks if mark.edited]
    assert [(mark.column, mark.lag) for mark in made] == [("x0", -3)]
    said = range_verdict(outcome, target="y", unit="m", labels=list("abcde"))
    assert said is not None
    assert "x0 3 ahead" in said.sentence
    for wrong, words in (
        (FutureInput(step=1, column="y", value=1.0), "no further input"),
        (FutureInput(step=1, column="x0", value=1e300), "absurdly far"),
    ):
        with pytest.raises(PreparationError, match=words):
            try_out(reads_both, prepared, Scenario(future=(wrong,)), origin=90, steps=6)


def test_what_is_known_ahead_is_held_against_the_train_rows_alone(make_prepared):
    rising = np.arange(120.0)
    prepared = make_prepared(50 + 10 * np.sin(rising / 3), horizon=2, kind="none", others=(rising,))
    n_train = prepared.split.train.stop
    later = Scenario(future=(FutureInput(step=3, column="x0", value=n_train + 5.0),))
    outcome = try_out(reads_both, prepared, later, origin=40, steps=6)
    assert [(mark.lag, mark.high) for mark in outcome.marks] == [(-3, n_train - 1.0)]


def test_up_to_the_horizon_nothing_ahead_is_read(prepared):
    drawn = Scenario(future=(FutureInput(step=1, column="x0", value=5.0),))
    outcome = try_out(reads_both, prepared, drawn, origin=90)
    np.testing.assert_array_equal(outcome.change, 0)
    assert outcome.n_edited == 0


def test_a_small_change_of_a_high_level_is_told_with_the_digits_it_needs(differenced):
    newest = float(differenced.values[79, 0])
    outcome = try_out(
        zero, differenced, scenario(Points(column="y", values=((1, newest + 0.01),))), origin=80
    )
    before, after = (float(one[-1]) for one in (outcome.before, outcome.after))
    assert f"{before:.4f} becomes {after:.4f} kg" in change_verdict(outcome, unit="kg").sentence
