"""Cleaning steps by reference: each equals pandas, scipy, statsmodels or a closed form, and is counted."""

import json

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.stats import median_abs_deviation
from statsmodels.tsa.seasonal import STL

from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.learned import Learned
from lstm_core.series.cleaning.spec import (
    CalendarStep,
    Cleaning,
    CombinationStep,
    DifferenceStep,
    LagStep,
    MovingAverageStep,
    OneHotStep,
    OutlierStep,
    StepSpec,
)
from tests.core.series.cleaned import cleaned, wave

STEPS = (
    OutlierStep(column="y", method="season and trend", action="replace"),
    LagStep(column="y", rows=3),
    MovingAverageStep(column="y", rows=4),
    DifferenceStep(column="x", rows=2, per="day"),
    CombinationStep(left="y", operation="ratio", right="x"),
    CalendarStep(cycle="day of week", pairs=2),
    OneHotStep(column="sky"),
)


def three_columns(n_rows: int = 120) -> dict:
    sky = np.random.default_rng(3).choice(["sun", "rain", "fog"], size=n_rows, p=[0.6, 0.3, 0.1])
    return {"y": wave(n_rows), "x": wave(n_rows, seed=1) + 5, "sky": sky}


def outlying(places=(30, 60, 100)) -> np.ndarray:
    values = wave()
    values[list(places)] += 25
    return values


def test_a_list_of_every_kind_survives_its_json():
    cleaning = Cleaning(steps=STEPS, known_share=0.6)
    assert Cleaning.model_validate_json(cleaning.model_dump_json(exclude_defaults=True)) == cleaning
    with pytest.raises(ValidationError):
        TypeAdapter(StepSpec).validate_python({"kind": "magic"})


def test_every_step_is_counted_in_order_and_makes_its_columns():
    made = cleaned(three_columns(), *STEPS, text=("sky",))
    assert made.series.columns == (
        "y", "x", "y 3 back", "y mean of 4", "x change per day over 2", "y ÷ x",
        "day of week sin 1", "day of week cos 1", "day of week sin 2", "day of week cos 2",
        "sky: sun", "sky: rain", "sky: fog",
    )  # fmt: skip
    names = [step.name for step in made.series.steps]
    assert names == [*(step.kind for step in STEPS), "rows without a past"]
    assert made.series.n_rows == 120 - 3
    assert [stage.key for stage in made.stages[:-1]] == [f"step {place}" for place in range(len(STEPS))]


def test_column_arithmetic_equals_pandas():
    columns = three_columns()
    series = cleaned(columns, *STEPS[1:5]).series
    frame = pd.DataFrame({"y": columns["y"], "x": columns["x"]})
    expected = {
        "y 3 back": frame["y"].shift(3),
        "y mean of 4": frame["y"].rolling(4).mean(),
        "x change per day over 2": frame["x"].diff(2) / 2,
        "y ÷ x": frame["y"] / frame["x"],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(series.column(name), values[3:], rtol=1e-12)


@pytest.mark.parametrize(
    ("operation", "verb"), [("sum", np.add), ("difference", np.subtract), ("product", np.multiply)]
)
def test_two_columns_become_one(operation, verb):
    columns = three_columns()
    step = CombinationStep(left="x", operation=operation, right="y")
    series = cleaned(columns, step).series
    np.testing.assert_array_equal(series.values[:, -1], verb(columns["x"], columns["y"]))


def test_a_change_per_day_counts_the_days_of_an_hourly_series():
    columns = {"y": wave(60)}
    series = cleaned(columns, DifferenceStep(column="y", rows=3, per="day"), freq="h").series
    np.testing.assert_allclose(series.values[:, 1], (columns["y"][3:] - columns["y"][:-3]) * 8, rtol=1e-9)


def test_calendar_pairs_equal_the_closed_form_and_a_number_the_calendar():
    series = cleaned(
        {"y": wave(60)},
        CalendarStep(cycle="day of week", pairs=3),
        CalendarStep(cycle="day of month", form="number"),
    ).series
    angle = 2 * np.pi * series.index.day_of_week.to_numpy() / 7
    np.testing.assert_allclose(series.column("day of week sin 3"), np.sin(3 * angle), atol=1e-11)
    np.testing.assert_allclose(series.column("day of week cos 2"), np.cos(2 * angle), atol=1e-11)
    assert series.column("day of month").tolist() == series.index.day.tolist()


@pytest.mark.parametrize(
    ("cycle", "freq", "first"),
    [
        ("hour of day", "h", 13.0),
        ("month of year", "MS", 2.0),
        ("day of year", "D", 32.0),
        ("day of week", "D", 0.0),
    ],
)
def test_calendar_numbers(cycle, freq, first):
    start = "2021-02-01T13:00:00" if freq == "h" else "2021-02-01"
    series = cleaned({"y": wave(60)}, CalendarStep(cycle=cycle, form="number"), start=start, freq=freq).series
    assert series.values[0, 1] == first


def test_a_pair_that_never_changes_is_left_out():
    # With twelve months sin(2π 6 m/12) = sin(π m) is 0 in every month.
    series = cleaned({"y": wave(60)}, CalendarStep(pairs=6), freq="MS").series
    assert "month of year sin 6" not in series.columns
    assert set(series.column("month of year cos 6")) == {1.0, -1.0}
    assert "1 column that never changes left out" in series.steps[-1].detail


def test_one_hot_has_one_1_per_row_in_the_right_column():
    columns = three_columns()
    series = cleaned(columns, OneHotStep(column="sky"), text=("sky",)).series
    for name in ("sun", "rain", "fog"):
        assert series.column(f"sky: {name}").tolist() == (columns["sky"] == name).astype(float).tolist()


def test_one_hot_knows_only_the_texts_of_the_known_rows_and_at_most_as_many_as_asked():
    sky = np.array(["sun"] * 40 + ["rain"] * 30 + ["fog"] * 10 + ["hail"] * 40)
    series = cleaned({"y": wave(), "sky": sky}, OneHotStep(column="sky", most=2), text=("sky",)).series
    assert series.columns == ("y", "sky: sun", "sky: rain")
    assert series.values[100, 1:].tolist() == [0, 0]
    assert "50 rows with a rarer, new or missing text" in series.steps[-1].detail


@pytest.mark.parametrize("method", ["rolling median", "season and trend"])
def test_outliers_are_found_in_the_known_rows_and_behind_them(method):
    made = cleaned({"y": outlying()}, OutlierStep(column="y", method=method))
    assert np.flatnonzero(made.stages[0].touched[:, 0]).tolist() == [30, 60, 100]
    assert made.series.steps[0].count == 3
    np.testing.assert_array_equal(made.series.values[:, 0], outlying())  # kept: nothing is changed


def test_replacing_clipping_and_marking():
    places, values = [30, 60, 100], outlying()
    step = OutlierStep(column="y", action="replace")
    replaced = cleaned({"y": values}, step).series.values[:, 0]
    kept = np.setdiff1d(np.arange(120), places)
    np.testing.assert_array_equal(replaced[kept], values[kept])
    np.testing.assert_allclose(replaced[places], wave()[places], atol=5)
    made = cleaned({"y": values}, step.model_copy(update={"action": "clip"}))
    clipped, scale = made.series.values[places, 0], made.learned.steps[0]
    widths = [scale["known"]["scale"], scale["known"]["scale"], scale["behind"]["scale"]]
    np.testing.assert_allclose(clipped - replaced[places], 5 * np.array(widths), rtol=1e-9)
    marked = cleaned({"y": values}, step.model_copy(update={"action": "mark"})).series
    assert np.flatnonzero(marked.column("y outlier")).tolist() == places
    np.testing.assert_array_equal(marked.values[:, 0], values)


def test_many_outliers_say_that_the_comparison_does_not_fit():
    few = cleaned({"y": outlying()}, OutlierStep(column="y")).series.steps[0].detail
    many = cleaned({"y": wave()}, OutlierStep(column="y", threshold=1)).series.steps[0]
    assert "of all values" not in few
    assert f"That is {many.count / 120:.0%} of all values, more than outliers are" in many.detail


def test_the_rolling_median_equals_pandas_and_scipy():
    values = outlying()
    made = cleaned({"y": values}, OutlierStep(column="y", window=9, action="replace"))
    known, numbers = pd.Series(values[:84]), made.learned.steps[0]
    away = known - known.rolling(9, center=True, min_periods=1).median()
    assert numbers["known"]["scale"] == pytest.approx(median_abs_deviation(away, scale="normal"))
    past = known - known.shift(1).rolling(9, min_periods=1).median()
    assert numbers["behind"]["offset"] == pytest.approx(past.median())
    # Behind the known rows the usual value is the median of the nine values before, and the usual distance to it.
    assert made.series.values[100, 0] == pytest.approx(
        np.median(values[91:100]) + numbers["behind"]["offset"]
    )


def test_season_and_trend_equal_statsmodels_and_the_season_stays_as_learned():
    values = outlying()
    step = OutlierStep(column="y", method="season and trend", action="replace")
    made = cleaned({"y": values}, step)
    parts = STL(values[:84], period=7, robust=True).fit()
    offset = made.learned.steps[0]["known"]["offset"]
    assert made.series.values[30, 0] == pytest.approx(parts.trend[30] + parts.seasonal[30] + offset)
    season = made.learned.steps[0]["season"]
    by_place = np.array([np.median(parts.seasonal[place::7]) for place in range(7)])
    np.testing.assert_allclose(season, by_place - by_place.mean())
    free = values - np.array(season)[np.arange(120) % 7]
    usual = np.median(free[75:100]) + season[100 % 7] + made.learned.steps[0]["behind"]["offset"]
    assert made.series.values[100, 0] == pytest.approx(usual)


def test_what_was_learned_is_json_and_gives_the_same_again_behind_the_known_rows():
    columns = three_columns()
    first = cleaned(columns, *STEPS, text=("sky",))
    learned = Learned.model_validate_json(json.dumps(json.loads(first.learned.model_dump_json())))
    assert learned == first.learned
    # The next rows of the same series, some of them seen before so that medians and lags have a past.
    again = cleaned(columns, *STEPS, text=("sky",), learned=learned)
    behind = first.series.n_rows - again.series.n_rows + 90
    assert again.series.columns == first.series.columns
    np.testing.assert_allclose(again.series.values[90:], first.series.values[behind:], rtol=1e-12)


def test_a_new_file_keeps_its_place_in_the_season_and_learns_nothing():
    values = np.tile([0.0, 0, 0, 0, 0, 5, 9], 20) + np.random.default_rng(1).normal(scale=0.1, size=140)
    step = OutlierStep(column="y", method="season and trend")
    first = cleaned({"y": values}, step)
    # Starts on a Thursday; a season that began anew there would call every weekend an outlier.
    later = cleaned({"y": values[3:90]}, step, start="2021-02-04", learned=first.learned)
    assert later.series.steps[0].count == 0
    assert later.learned == first.learned
    shifted = cleaned({"y": values[:87]}, step, start="2021-02-04", learned=first.learned)
    assert shifted.series.steps[0].count > 10


def test_missing_columns_and_doubled_steps_are_refused_with_the_cure():
    columns = {"y": wave()}
    with pytest.raises(SeriesError, match="needs the column 'z'") as refused:
        cleaned(columns, LagStep(column="z"))
    assert refused.value.field == "steps"
    with pytest.raises(SeriesError, match="There is a column 'y 1 back' already"):
        cleaned(columns, LagStep(column="y"), LagStep(column="y"))
    with pytest.raises(SeriesError, match="needs the text column 'sky'"):
        cleaned(columns, OneHotStep(column="sky"))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (CombinationStep(left="y", right="zero"), "is 0 at 2021-01-05"),
        (OutlierStep(column="flat"), "at least half of the values"),
        (OutlierStep(column="y", method="season and trend", period=60), "at least 120 rows, two seasons"),
        (OutlierStep(column="y", method="season and trend", period=20_000), "at most 10,000 rows"),
        (CalendarStep(cycle="hour of day"), "Every row to learn from has the same hour of day"),
        (LagStep(column="y", rows=110), "only 10 rows"),
        (CombinationStep(left="huge", operation="product", right="huge"), "too large to scale at 2021-01-04"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(step, told):
    zero, flat = wave(), np.full(120, 3.0)
    zero[1], flat[7] = 0, 4
    columns = {"y": wave(), "zero": zero, "flat": flat, "huge": np.full(120, 1e140) + np.arange(120) * 1e139}
    with pytest.raises(SeriesError, match=told):
        cleaned(columns, step)


def test_dates_are_needed_for_what_reads_them():
    for step in (CalendarStep(), DifferenceStep(column="y", per="day")):
        with pytest.raises(SeriesError, match="rows are only numbered"):
            cleaned({"y": wave()}, step, time=None)


def test_b26_steps_cannot_make_more_columns_than_the_limit(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_COLUMNS", "3")
    with pytest.raises(SeriesError, match="more columns than the limit"):
        cleaned({"y": wave()}, CalendarStep(cycle="day of week", pairs=2))
