"""Scenarios, whatever a person draws."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.evaluation.what_if.outcome import try_out
from lstm_core.evaluation.what_if.scenario import Points, Scenario, Shape, apply_scenario
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, prepare
from lstm_core.series.record import Series

LENGTH, HORIZON, N = 6, 3, 90
COLUMNS = ("y", "x")


def ready(transform: TransformSpec) -> Prepared:
    values = np.exp(np.random.default_rng(3).normal(size=(N, 2)).cumsum(axis=0) / 20) + 1
    series = Series(values=values, index=pd.RangeIndex(N), columns=COLUMNS, name="made")
    chosen = {
        "target": "y",
        "features": ("x",),
        "transform": transform,
        "window": {"length": LENGTH, "horizon": HORIZON},
    }
    return prepare(series, PreparationSpec.model_validate(chosen))


WEIGHTS = np.random.default_rng(4).normal(size=(LENGTH * 2, HORIZON)).astype(np.float32)


def straight_line(inputs):
    return inputs.reshape(len(inputs), -1) @ WEIGHTS


PREPARED = {
    "plain": ready(TransformSpec()),
    "log differences": ready(TransformSpec(power="log", difference=1, seasonal_lag=4)),
}


@st.composite
def shapes(draw: st.DrawFn, kinds=("step", "spike", "ramp", "gap", "scale", "shift")) -> Shape:
    end = draw(st.integers(1, LENGTH - 1))
    return Shape(
        kind=draw(st.sampled_from(kinds)),
        column=draw(st.sampled_from(COLUMNS)),
        start=draw(st.integers(end, LENGTH - 1)),
        end=end,
        size=draw(st.integers(-3, 3)),
        filling=draw(st.sampled_from(("line", "last"))),
    )


points = st.builds(
    Points,
    column=st.sampled_from(COLUMNS),
    values=st.lists(st.tuples(st.integers(1, LENGTH), st.floats(0.1, 9)), min_size=1, max_size=5).map(tuple),
)
scenarios = st.builds(Scenario, changes=st.lists(shapes() | points, max_size=4).map(tuple))
origins = st.integers(PREPARED["log differences"].spec.reach, N)


@given(st.sampled_from(sorted(PREPARED)), origins)
@settings(max_examples=20)
def test_without_changes_nothing_moves_to_the_last_bit(which, origin):
    outcome = try_out(straight_line, PREPARED[which], Scenario(), origin=origin)
    np.testing.assert_array_equal(outcome.before, outcome.after)
    np.testing.assert_array_equal(outcome.read_before, outcome.read_after)


@given(st.sampled_from(sorted(PREPARED)), scenarios, origins)
@settings(max_examples=40)
def test_only_named_columns_and_steps_change(which, scenario, origin):
    prepared = PREPARED[which]
    history = prepared.values[origin - prepared.spec.reach : origin]
    changed = apply_scenario(prepared, scenario, history)
    allowed = np.zeros(history.shape, dtype=bool)
    for change in scenario.changes:
        lags = (
            [lag for lag, _ in change.values]
            if isinstance(change, Points)
            else range(change.end, change.start + 1)
        )
        allowed[[len(history) - lag for lag in lags], COLUMNS.index(change.column)] = True
    assert not (changed != history)[~allowed].any()


@given(shapes(kinds=("step", "spike", "ramp")), origins)
@settings(max_examples=40)
def test_what_is_painted_can_be_painted_away(shape, origin):
    prepared = PREPARED["plain"]
    back = Scenario(changes=(shape, shape.model_copy(update={"size": -shape.size})))
    history = prepared.values[origin - LENGTH : origin]
    np.testing.assert_allclose(apply_scenario(prepared, back, history), history, atol=1e-12)


@given(shapes(kinds=("step", "spike", "ramp")), origins)
@settings(max_examples=40)
def test_a_straight_line_moves_by_what_was_painted_wherever_the_window_is(shape, origin):
    prepared = PREPARED["plain"]
    outcome = try_out(straight_line, prepared, Scenario(changes=(shape,)), origin=origin)
    painted = (outcome.read_after - outcome.read_before) / prepared.scaler.spread
    expected = painted.reshape(1, -1) @ WEIGHTS * prepared.scaler.spread[0]
    np.testing.assert_allclose(outcome.change, expected[0], atol=2e-3)


@given(scenarios)
def test_a_scenario_survives_its_own_words(scenario):
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario
