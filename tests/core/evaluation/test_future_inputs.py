"""Further inputs after the last row: what each rule says, and what the dates say exactly."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.future_inputs import FuturePlan, calendar_inputs, future_inputs
from lstm_core.series.cleaning.learned import Learned
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import CalendarStep, Cleaning
from lstm_core.series.dates.spacing import dates_after, find_spacing
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource


def test_last_value_and_last_season_of_every_origin(make_prepared):
    prepared = make_prepared(np.arange(60.0), others=(np.arange(60.0) * 10, -np.arange(60.0)))
    origins = np.array([50, 60])
    last = future_inputs(prepared, origins, 3, FuturePlan())
    assert last[:, :, 0].tolist() == [[490, 490, 490], [590, 590, 590]]
    assert last[:, :, 1].tolist() == [[-49, -49, -49], [-59, -59, -59]]
    season = future_inputs(prepared, origins, 5, FuturePlan(rule="last season", season=3))
    assert season[1, :, 0].tolist() == [570, 580, 590, 570, 580]


def test_what_came_is_the_truth_and_ends_with_the_series(make_prepared):
    prepared = make_prepared(np.arange(60.0), others=(np.arange(60.0) * 10,))
    plan = FuturePlan(rule="what came")
    assert future_inputs(prepared, np.array([57]), 3, plan)[0, :, 0].tolist() == [570, 580, 590]
    with pytest.raises(PreparationError, match="not known so far ahead"):
        future_inputs(prepared, np.array([58]), 3, plan)


def test_given_values_stand_behind_the_last_row_and_the_truth_before_it(make_prepared):
    prepared = make_prepared(np.arange(60.0), others=(np.arange(60.0) * 10,))
    plan = FuturePlan(rule="given", given={"x0": np.array([1.0, 2.0, 3.0])})
    assert future_inputs(prepared, np.array([58, 60]), 3, plan)[:, :, 0].tolist() == [
        [580, 590, 1],
        [1, 2, 3],
    ]
    with pytest.raises(PreparationError, match="not known so far ahead"):
        future_inputs(prepared, np.array([60]), 4, plan)


def test_exact_columns_are_read_in_the_series_and_beyond_it(make_prepared):
    prepared = make_prepared(np.arange(60.0), others=(np.arange(60.0) % 7, np.arange(60.0)))
    plan = FuturePlan(exact={"x0": np.arange(60.0, 65.0) % 7})
    told = future_inputs(prepared, np.array([30, 60]), 5, plan)
    assert told[:, :, 0].tolist() == [(np.arange(30, 35) % 7).tolist(), (np.arange(60, 65) % 7).tolist()]
    assert told[1, :, 1].tolist() == [59] * 5


def test_words_name_the_rule_and_the_columns():
    plan = FuturePlan(rule="last season", season=12, exact={"hour": np.zeros(1)})
    assert plan.words(("hour", "wind")) == (
        "After the last known row 'hour' is computed from the dates; 'wind' repeats its last season of 12 rows."
    )
    assert (
        FuturePlan().words(("a", "b"))
        == "After the last known row 'a' and 'b', each, repeats its last value."
    )
    assert FuturePlan().words(()) == ""


def dated(freq: str, columns: dict[str, np.ndarray]) -> Series:
    index = pd.date_range("2020-01-31", periods=50, freq=freq).as_unit("us")
    values = np.column_stack([np.arange(50.0), *columns.values()])
    return Series(values=values, index=index, columns=("y", *columns), name="made")


def test_calendar_columns_go_on_with_the_dates():
    months = np.resize(np.arange(1.0, 13.0), 50)
    series = dated("ME", {"month of year": months, "other": np.zeros(50)})
    record = CleaningRecord(
        source=SeriesSource(
            kind="sample",
            sample="sunspots",
            roles=ColumnRoles(target="y"),
            cleaning=Cleaning(steps=(CalendarStep(cycle="month of year", form="number"),)),
        ),
        learned=Learned(),
    )
    dates = dates_after(index := pd.DatetimeIndex(series.index), 4, find_spacing(index))
    found = calendar_inputs(series, ("month of year", "other"), record, dates)
    assert {name: values.tolist() for name, values in found.items()} == {"month of year": [3, 4, 5, 6]}
    moved = dated("ME", {"month of year": months + 1})
    assert calendar_inputs(moved, ("month of year",), record, dates) == {}
    assert calendar_inputs(series, ("month of year",), None, dates) == {}
