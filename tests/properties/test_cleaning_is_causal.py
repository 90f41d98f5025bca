"""No repair and no step looks ahead: whatever happens from a row on, no earlier row of the series changes.

Up to the known rows everything may be looked at as a whole, so the change comes at or behind them.
"""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.series.assemble import Assembled, assemble
from lstm_core.series.cleaning.spec import (
    CalendarStep,
    Cleaning,
    CombinationStep,
    DifferenceStep,
    LagStep,
    MovingAverageStep,
    OneHotStep,
    OutlierStep,
)
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import ReadOptions, Table

N_ROWS = 200
DATES = pd.date_range("2021-01-04", periods=N_ROWS, freq="D")
OUTLIERS = [
    OutlierStep(column=column, method=method, period=7, window=9, threshold=3, action=action)
    for column in ("y", "x")
    for method in ("rolling median", "season and trend")
    for action in ("mark", "clip", "replace")
]
OTHERS = [
    LagStep(column="y", rows=3),
    MovingAverageStep(column="x", rows=5),
    DifferenceStep(column="y", rows=2, per="day"),
    CombinationStep(left="y", operation="ratio", right="x"),
    CalendarStep(cycle="day of month", pairs=2),
    OneHotStep(column="sky", most=2),
]
STEPS = st.tuples(
    st.sampled_from(OUTLIERS), st.lists(st.sampled_from(OTHERS), max_size=4, unique_by=lambda one: one.kind)
).map(lambda drawn: (drawn[0], *drawn[1]))
GAPS = st.sampled_from(["interpolate", "linear", "spline", "forward fill", "seasonal", "mean", "drop"])


def columns(seed: int) -> pd.DataFrame:
    """Two columns with a weekly season, outliers and gaps, and a text column."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"date": DATES.strftime("%Y-%m-%d")})
    for name in ("y", "x"):
        values = 20 + 3 * np.sin(2 * np.pi * np.arange(N_ROWS) / 7) + rng.normal(scale=0.5, size=N_ROWS)
        values[rng.choice(N_ROWS, 6)] += 15
        values[rng.choice(np.arange(1, N_ROWS - 1), 20)] = np.nan
        frame[name] = values
    frame["sky"] = rng.choice(["sun", "rain", "fog"], size=N_ROWS)
    return frame


def build(frame: pd.DataFrame, roles: ColumnRoles, cleaning: Cleaning) -> Assembled:
    table = Table(frame=frame, name="made", options=ReadOptions())
    return assemble(table, roles, cleaning=cleaning)


def other_future(frame: pd.DataFrame, first: int, seed: int, *, new_gaps: bool) -> pd.DataFrame:
    """The same table with other values, other texts and perhaps other gaps from a row on."""
    rng = np.random.default_rng(seed)
    changed = frame.copy()
    n_changed = N_ROWS - first
    for name in ("y", "x"):
        values = rng.normal(loc=500, scale=200, size=n_changed) ** 2 + 1
        missing = frame[name].isna().to_numpy()[first:]
        if (
            new_gaps
        ):  # the last row keeps its value: a gap at the very end is dropped, which moves the split itself
            missing = np.append(rng.random(n_changed - 1) < 0.3, False)
        changed.loc[changed.index[first:], name] = np.where(missing, np.nan, values)
    changed.loc[changed.index[first:], "sky"] = rng.choice(["snow", "fog"], size=n_changed)
    return changed


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    steps=STEPS,
    gaps=GAPS,
    share=st.sampled_from([0.5, 0.7]),
    absent=st.booleans(),
    place=st.floats(0, 1),
)
def test_another_future_leaves_the_past_as_it_was(seed, steps, gaps, share, absent, place):
    frame = columns(seed)
    present = np.ones(N_ROWS, dtype=bool)
    if absent:
        present[np.random.default_rng(seed).choice(np.arange(5, N_ROWS - 5), 15, replace=False)] = False
    first = int(np.floor(share * N_ROWS)) + int(place * (N_ROWS - 1 - np.floor(share * N_ROWS)))
    changed = other_future(frame, first, seed + 1, new_gaps=gaps != "drop")
    roles = ColumnRoles(
        time="date",
        target="y",
        features=("x",),
        text=("sky",),
        gaps=gaps,
        missing_dates="insert" if absent else "keep",
    )
    cleaning = Cleaning(steps=steps, known_share=share)
    one, two = (
        build(each[present].reset_index(drop=True), roles, cleaning).series for each in (frame, changed)
    )
    past = one.index < DATES[first]
    assert past.sum() > 20
    assert one.columns == two.columns
    assert one.index[past].equals(two.index[two.index < DATES[first]])
    np.testing.assert_array_equal(one.values[past], two.values[two.index < DATES[first]])
    assert not np.array_equal(one.values[~past], two.values[two.index >= DATES[first]])


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), aggregate=st.sampled_from(["mean", "sum", "last", "max"]))
def test_a_regular_step_keeps_the_future_in_its_own_rows(seed, aggregate):
    frame = columns(seed)
    week = 24  # of 29; 70% of them are known
    changed = other_future(frame, 7 * week, seed + 1, new_gaps=False)
    roles = ColumnRoles(
        time="date",
        target="y",
        features=("x",),
        regular_step="week",
        aggregate=aggregate,
        gaps="seasonal",
        period=4,
    )
    cleaning = Cleaning(
        steps=(OutlierStep(column="y", window=5, action="replace"), LagStep(column="x", rows=2))
    )
    one, two = (build(each, roles, cleaning).series for each in (frame, changed))
    np.testing.assert_array_equal(one.values[: week - 2], two.values[: week - 2])
    assert not np.array_equal(one.values[week - 2], two.values[week - 2])
