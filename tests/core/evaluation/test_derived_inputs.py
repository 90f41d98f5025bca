"""Columns made of others follow the forecasts: as pandas makes them of a series that goes on."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.closed_loop import Loop, run_part
from lstm_core.evaluation.ahead.derived_inputs import derivations
from lstm_core.evaluation.ahead.future_inputs import Coming, FuturePlan
from lstm_core.evaluation.ahead.recursion import forecast_ahead
from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.what_if.outcome import try_out
from lstm_core.evaluation.what_if.scenario import FutureInput, Points, Scenario, Shape, apply_scenario
from lstm_core.preparation.histories import histories
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import (
    CalendarStep,
    Cleaning,
    CombinationStep,
    DifferenceStep,
    LagStep,
    MovingAverageStep,
    StepSpec,
)
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource

N = 200
STEPS: tuple[StepSpec, ...] = (
    LagStep(column="y", rows=9),
    MovingAverageStep(column="y", rows=4),
    DifferenceStep(column="y", rows=2),
    CombinationStep(left="y", operation="product", right="y 9 back"),
    LagStep(column="x", rows=1),
)
NAMES = tuple(step.words for step in STEPS)


def grown(y: np.ndarray, x: np.ndarray) -> pd.DataFrame:
    """Every column as pandas makes it, first rows without a past included."""
    frame = pd.DataFrame({"y": y, "x": x})
    frame[NAMES[0]] = frame["y"].shift(9)
    frame[NAMES[1]] = frame["y"].rolling(4).mean()
    frame[NAMES[2]] = frame["y"].diff(2)
    frame[NAMES[3]] = frame["y"] * frame[NAMES[0]]
    frame[NAMES[4]] = frame["x"].shift(1)
    return frame


def record_of(*steps: StepSpec) -> CleaningRecord:
    source = SeriesSource(
        kind="sample", sample="sine", roles=ColumnRoles(target="y"), cleaning=Cleaning(steps=steps)
    )
    return CleaningRecord(source=source)


def measured() -> tuple[np.ndarray, np.ndarray]:
    """Target and another column, nine rows longer than the series: lags lose its first rows."""
    rng = np.random.default_rng(0)
    return np.sin(np.arange(N + 9) / 5) + rng.normal(size=N + 9) / 10, rng.normal(size=N + 9)


def cleaned(y: np.ndarray, x: np.ndarray) -> Series:
    frame = grown(y, x).iloc[9:]
    return Series(
        values=frame.to_numpy(), index=pd.RangeIndex(N), columns=tuple(map(str, frame.columns)), name="made"
    )


@pytest.fixture(scope="module")
def world() -> tuple[Series, Prepared]:
    series = cleaned(*measured())
    spec = PreparationSpec(target="y", features=series.columns[1:], window=WindowSpec(length=3, horizon=2))
    return series, prepare(series, spec)


def test_a_loop_goes_on_as_a_series_would(world):
    """By hand: forecast, append, let pandas make every column again, forecast from that."""
    series, prepared = world
    predict, derived = fit_linear(prepared), derivations(series, series.columns, record_of(*STEPS))
    assert [one.name for one in derived] == list(NAMES)
    told = Loop(steps=7, plan=FuturePlan(derived=derived)).run(predict, prepared, np.array([150]))[0]
    y, x = series.values[:150, 0], series.values[:150, 1]
    while len(y) < 157:
        table = grown(y, x).to_numpy()[None, -3:]
        table[:, :, list(series.columns).index(NAMES[0])] = y[None, len(y) - 12 : len(y) - 9]
        y = np.r_[y, forecast_ahead(predict, prepared, table, 2)[0]]
        x = np.r_[x, np.repeat(series.values[149, 1], 2)]
    np.testing.assert_allclose(told, y[150:157], rtol=1e-5)


def test_it_is_another_forecast_than_one_that_holds_them_still(world):
    series, prepared = world
    predict, derived = fit_linear(prepared), derivations(series, series.columns, record_of(*STEPS))
    origin = np.array([150])
    still = Loop(steps=7).run(predict, prepared, origin)
    follows = Loop(steps=7, plan=FuturePlan(derived=derived)).run(predict, prepared, origin)
    np.testing.assert_array_equal(still[:, :2], follows[:, :2])
    assert not np.allclose(still[:, 2:], follows[:, 2:])


def test_parts_leave_room_for_the_longest_look_back(world):
    series, prepared = world
    derived = derivations(series, series.columns, record_of(*STEPS))
    loops = run_part(
        fit_linear(prepared), prepared, "train", Loop(steps=4, plan=FuturePlan(derived=derived)),
        n_weights=1, season=1,
    )  # fmt: skip
    assert loops.closed.origins[0] == 3 + 9
    with pytest.raises(ValueError, match="histories of"):
        forecast_ahead(
            fit_linear(prepared),
            prepared,
            histories(prepared, np.array([150])),
            4,
            further=Coming(values=np.zeros((4, 6)), derived=derived),
        )


def test_only_steps_that_give_what_the_series_holds_are_trusted(world):
    series, _ = world
    columns = series.columns
    moved = record_of(MovingAverageStep(column="y", rows=5))
    assert derivations(series, columns, moved) == ()
    assert derivations(series, columns, None) == ()
    assert derivations(series, columns, record_of(CalendarStep())) == ()
    assert derivations(series, ("y", NAMES[4]), record_of(*STEPS)) == ()  # made of a column that is not read
    values = series.values.copy()
    values[-5, 2] += 1
    other = Series(values=values, index=series.index, columns=columns, name="other")
    assert NAMES[0] not in [one.name for one in derivations(other, columns, record_of(*STEPS))]


def test_words_say_what_follows_the_forecasts(world):
    series, _ = world
    derived = derivations(series, series.columns, record_of(*STEPS[:2]))
    assert FuturePlan(derived=derived).words((*NAMES[:2], "x")) == (
        "After the last known row 'y 9 back' and 'y mean of 4' are computed from the forecasts; 'x' repeats its last "
        "value."
    )


EDITS = (
    Shape(kind="step", column="y", start=3, end=2, size=0.5),
    Points(column="y", values=((1, 0.8),)),
    Shape(kind="scale", column="x", start=3, end=2, size=1.5),
)


def edited(origin: int) -> Series:
    """What the cleaning makes of a file with these edits."""
    y, x = measured()
    y[origin + 9 - 3 : origin + 9 - 1] += 0.5
    y[origin + 9 - 1] = 0.8
    x[origin + 9 - 3 : origin + 9 - 1] *= 1.5
    return cleaned(y, x)


@pytest.mark.parametrize("origin", [3, 5, 150, N])
def test_an_edit_changes_what_was_made_of_it_as_cleaning_the_edited_file_would(world, origin):
    """Also at the first rows, whose lags reach behind the series."""
    series, prepared = world
    derived = derivations(series, series.columns, record_of(*STEPS))
    changed = apply_scenario(prepared, Scenario(changes=EDITS), prepared.values[origin - 3 : origin], derived)
    np.testing.assert_allclose(changed, edited(origin).values[origin - 3 : origin], atol=1e-12)
    untouched = apply_scenario(prepared, Scenario(), prepared.values[origin - 3 : origin], derived)
    np.testing.assert_array_equal(untouched, prepared.values[origin - 3 : origin])


def test_beyond_the_horizon_a_scenario_forecasts_what_the_loop_does_on_the_edited_series(world):
    series, prepared = world
    predict, derived = fit_linear(prepared), derivations(series, series.columns, record_of(*STEPS))
    plan = FuturePlan(derived=derived)
    outcome = try_out(predict, prepared, Scenario(changes=EDITS), origin=150, steps=7, plan=plan)
    other = prepare(edited(150), prepared.spec)
    np.testing.assert_array_equal(other.scaler.centre, prepared.scaler.centre)
    for held, told in ((prepared, outcome.before), (other, outcome.after)):
        np.testing.assert_allclose(
            told, Loop(steps=7, plan=plan).run(predict, held, np.array([150]))[0], rtol=1e-6
        )
    assert outcome.n_edited == 5
    y = np.r_[other.values[147:150, 0], outcome.after]
    means = outcome.future_after[:, prepared.spec.features.index(NAMES[1])]
    np.testing.assert_allclose(means, np.convolve(y, np.ones(4) / 4, "valid")[:6])
    still = try_out(predict, prepared, Scenario(changes=EDITS), origin=150, steps=7)
    assert not np.allclose(still.after, outcome.after)


def test_a_change_of_a_derived_column_stands_above_what_it_follows(world):
    series, prepared = world
    derived = derivations(series, series.columns, record_of(*STEPS))
    mean = Points(column=NAMES[1], values=((1, 0.3),))
    outcome = try_out(
        fit_linear(prepared),
        prepared,
        Scenario(changes=(mean, *EDITS)),
        origin=150,
        plan=FuturePlan(derived=derived),
    )
    place = series.columns.index(NAMES[1])
    assert outcome.read_after[-1, place] == 0.3
    np.testing.assert_allclose(outcome.read_after[:-1, place], edited(150).values[147:149, place])
    assert outcome.n_edited == 6


def test_what_follows_the_forecasts_cannot_be_given_as_well(world):
    series, prepared = world
    derived = derivations(series, series.columns, record_of(*STEPS))
    given = Scenario(future=(FutureInput(step=1, column=NAMES[1], value=0.1),))
    predict = fit_linear(prepared)
    with pytest.raises(PreparationError, match="computed from the forecasts"):
        try_out(predict, prepared, given, origin=150, steps=7, plan=FuturePlan(derived=derived))
    outcome = try_out(predict, prepared, given, origin=150, steps=7)
    assert outcome.change.any()
