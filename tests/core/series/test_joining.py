"""Several files on one time axis: equal to pandas where pandas has a word for it, and every loss is counted."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.health import examine
from lstm_core.series.layout.alignment import JoinSpec
from lstm_core.series.layout.combine import FileChoice, combine
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions, Table


def csv(column: str, first: str, n_rows: int, *, step: str = "D", start: int = 0) -> str:
    dates = pd.date_range(first, periods=n_rows, freq=step)
    form = "%Y-%m-%d" if step in ("D", "MS", "ME", "QS", "YS") else "%Y-%m-%d %H:%M:%S"
    return f"date,{column}\n" + "".join(f"{day.strftime(form)},{start + n}\n" for n, day in enumerate(dates))


def joined(*texts: str, choices: tuple[dict, ...] = (), names: tuple[str, ...] = (), **spec) -> Table:
    names = names or tuple(f"{letter}.csv" for letter in "abcdefgh"[: len(texts)])
    tables = [read_table(text.encode(), name, ReadOptions()) for text, name in zip(texts, names, strict=True)]
    return combined(tables, choices, **spec)


def combined(tables: list[Table], choices: tuple[dict, ...] = (), **spec) -> Table:
    files = [
        FileChoice(sha256="0" * 64, file_name=table.name, **(choices[place] if choices else {}))
        for place, table in enumerate(tables)
    ]
    return combine(tables, files, JoinSpec(**spec))


def told(table: Table) -> str:
    return " ".join(step.detail for step in table.steps)


SALES, RAIN = csv("sales", "2020-01-01", 40), csv("rain", "2020-01-11", 40, start=100)


def test_files_of_equal_dates_stand_side_by_side():
    table = joined(csv("sales", "2020-01-01", 30), csv("rain", "2020-01-01", 30, start=100))
    assert table.columns == ("date", "sales", "rain")
    assert table.frame["rain"].tolist() == list(range(100, 130))
    assert table.frame["date"].iloc[-1] == "2020-01-30"
    assert [fit.n_misaligned for fit in table.files] == [0, 0]
    series = to_series(table, detect_roles(table).model_copy(update={"features": ("rain",)}))
    assert series.values[3].tolist() == [3, 103]
    assert series.name == "a.csv and 1 more"


def test_only_dates_that_all_files_have_are_kept_and_the_others_counted_and_listed():
    table = joined(SALES, RAIN)
    assert table.n_rows == 30
    assert table.frame.iloc[0].tolist() == ["2020-01-11", 10, 100]
    first, second = table.files
    assert (first.n_lost, first.n_misaligned, first.n_missing) == (10, 10, 0)
    assert (second.n_lost, str(second.misaligned[-1].date())) == (10, "2020-02-19")
    assert "10 of 40 rows of a.csv; 10 of 40 rows of b.csv" in told(table)
    assert examine(table, detect_roles(table)).n_misaligned == 20


def test_every_date_is_kept_when_asked_and_absent_values_wait_for_a_repair():
    table = joined(SALES, RAIN, how="outer")
    assert table.n_rows == 50
    assert table.frame["rain"].isna().sum() == table.frame["sales"].isna().sum() == 10
    assert [fit.n_missing for fit in table.files] == [10, 10]
    assert [fit.n_lost for fit in table.files] == [0, 0]
    assert "Rows without a value of a file, which count as missing: 10 of a.csv; 10 of b.csv" in told(table)
    with pytest.raises(SeriesError, match="20 values missing"):
        to_series(table, detect_roles(table).model_copy(update={"features": ("rain",)}))


def test_the_newest_value_before_is_taken_and_never_one_from_the_future():
    table = joined(
        csv("y", "2020-01-01", 90), csv("index", "2020-01-01", 3, step="MS", start=7), how="nearest before"
    )
    assert table.n_rows == 90
    assert table.frame["index"].tolist() == [7] * 31 + [8] * 29 + [9] * 30
    assert table.files[1].reach == "less than 31 days"


def test_a_value_that_is_too_old_is_not_carried_on():
    daily, monthly = csv("y", "2020-01-01", 120), csv("index", "2020-01-01", 2, step="MS", start=7)
    table = joined(daily, monthly, how="nearest before")
    assert table.frame["index"].isna().sum() == 120 - 31 - 32
    assert table.files[1].n_missing == table.files[0].n_misaligned == 57
    far = joined(daily, monthly, how="nearest before", tolerance=400, tolerance_unit="days")
    assert far.frame["index"].isna().sum() == 0
    near = joined(daily, monthly, how="nearest before", tolerance=0, tolerance_unit="days")
    assert near.frame["index"].notna().sum() == 2


def test_clocks_that_differ_by_minutes_meet_with_the_nearest_before():
    hourly = csv("load", "2020-01-01 00:05:00", 48, step="h")
    with pytest.raises(SeriesError, match="No date is in all files") as refused:
        joined(hourly, csv("temperature", "2020-01-01", 48, step="h"), how="inner")
    assert "take the nearest value before" in refused.value.message
    assert refused.value.field == "join_how"
    table = joined(hourly, csv("temperature", "2020-01-01 00:00:00", 48, step="h"), how="nearest before")
    assert table.frame["temperature"].tolist() == list(range(48))
    assert table.frame["date"].iloc[0] == "2020-01-01 00:05:00"


def test_a_day_that_is_absent_is_not_filled_with_the_day_before():
    holed = "".join(line + "\n" for line in csv("x", "2020-01-01", 30).splitlines() if "-10," not in line)
    table = joined(csv("y", "2020-01-01", 30), holed, how="nearest before")
    assert table.frame["x"].isna().tolist().index(True) == 9
    assert (table.files[1].n_missing, table.files[1].reach) == (1, "less than 1 day")


@pytest.mark.parametrize(
    ("step", "reach"),
    [
        ("QS", "less than 92 days"),
        ("YS", "less than 366 days"),
        ("B", "less than 3 days"),
        ("h", "less than 1 hour"),
    ],
)
def test_a_value_holds_until_the_next_one_is_due(step, reach):
    other = csv("x", "2016-01-01", 40, step=step)
    last = pd.read_csv(io.StringIO(other), parse_dates=["date"])["date"].iloc[-1]
    n_days = max(30, (last - pd.Timestamp("2016-01-01")).days)
    table = joined(csv("y", "2016-01-01", n_days), other, how="nearest before")
    assert table.files[1].reach == reach
    if step != "h":
        assert table.frame["x"].isna().sum() == 0


def test_a_value_of_an_irregular_file_holds_for_its_longest_step():
    days = [1, 2, 4, 9, 11, 17, 20, 28]
    irregular = "date,x\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in days)
    table = joined(csv("y", "2020-01-01", 40), irregular, how="nearest before")
    assert table.files[1].reach == "8 days"
    assert table.frame["x"].iloc[15] == 11
    assert table.files[1].n_missing == 4


def test_a_coarser_file_is_carried_on_without_being_asked_and_it_is_said_why():
    table = joined(csv("y", "2020-01-01", 90), csv("index", "2020-01-01", 3, step="MS"))
    assert table.n_rows == 90
    assert "at or before each, because fewer than half of its dates are in all files" in told(table)
    finer = joined(csv("index", "2020-01-01", 24, step="MS"), csv("y", "2020-01-01", 720))
    assert (finer.how, finer.n_rows) == ("inner", 24)


def test_month_ends_and_month_starts_meet_with_the_nearest_before():
    table = joined(
        csv("y", "2020-01-31", 24, step="ME"), csv("x", "2020-01-01", 24, step="MS"), how="nearest before"
    )
    assert table.frame["x"].tolist() == list(range(24))
    assert table.files[1].n_misaligned == 0


def test_a_gappy_first_file_loses_most_rows_and_the_message_says_what_would_keep_them():
    table = joined(csv("y", "2020-01-01", 90), csv("index", "2020-01-01", 3, step="MS"), how="inner")
    assert table.n_rows == 3
    assert "Most of a.csv is gone; the nearest value before would keep it" in told(table)


def test_files_of_one_kind_that_follow_each_other_are_put_one_under_the_other():
    table = joined(
        csv("y", "2021-01-01", 365, start=366), csv("y", "2020-01-01", 366), names=("2021.csv", "2020.csv")
    )
    assert table.columns == ("date", "y")
    assert table.frame["y"].tolist() == list(range(731))
    assert "one under the other, because they have the same columns and hardly a date in common" in told(
        table
    )
    assert to_series(table, detect_roles(table)).step == "1 day"


def test_dates_that_two_stacked_files_share_wait_for_a_decision():
    table = joined(csv("y", "2020-01-01", 40), csv("y", "2020-02-08", 40, start=100))
    assert table.n_rows == 80
    assert [fit.n_misaligned for fit in table.files] == [2, 2]
    assert examine(table, detect_roles(table)).n_duplicates == 2


def test_the_same_columns_over_the_same_time_stand_side_by_side_under_names_of_their_files():
    table = joined(
        csv("close", "2020-01-01", 30), csv("close", "2020-01-01", 30, start=9), names=("AAPL.csv", "IBM.csv")
    )
    assert table.columns == ("date", "close", "close (IBM)")
    assert table.frame["close (IBM)"].iloc[0] == 9


def test_files_with_other_columns_cannot_be_put_one_under_the_other():
    with pytest.raises(SeriesError, match=r"b\.csv has other columns than a\.csv") as refused:
        joined(SALES, RAIN, how="stack")
    assert "rain, sales" in refused.value.received


def test_repeated_dates_within_a_file_wait_for_a_decision_because_they_would_multiply():
    twice = RAIN + "2020-02-19,239\n"
    with pytest.raises(SeriesError, match=r"b\.csv: 1 row with the date of .* at 2020-02-19") as refused:
        joined(SALES, twice)
    assert refused.value.field == "join_repeated"
    assert joined(SALES, twice, how="outer", repeated="mean").frame["rain"].iloc[-1] == (139 + 239) / 2
    assert joined(SALES, twice, how="outer", repeated="last").frame["rain"].iloc[-1] == 239


def test_a_long_file_joins_with_a_wide_one():
    long = "date,station,rain\n" + "".join(
        f"2020-01-{day:02d},{station},{day + 100 * place}\n"
        for place, station in enumerate("xy")
        for day in range(1, 31)
    )
    table = joined(csv("y", "2020-01-01", 30), long, choices=({}, {"layout": LayoutSpec()}))
    assert table.columns == ("date", "y", "x", "y (b)")
    assert table.frame["y (b)"].tolist() == list(range(101, 131))


def test_decimal_commas_of_one_file_do_not_reach_the_other():
    german = (
        "Tag;Wert\n" + "".join(f"{day:02d}.01.2020;{day},5\n" for day in range(1, 31)) + "31.01.2020;oops\n"
    )
    english = "date,y\n" + "".join(f"2020-01-{day:02d},{day}.25\n" for day in range(1, 32))
    table = joined(english, german)
    assert table.frame["y"].iloc[2] == 3.25
    assert table.frame["Wert"].iloc[2] == "3.5"
    with pytest.raises(SeriesError, match="row 31 is not a number: 'oops'"):
        to_series(table, detect_roles(table).model_copy(update={"target": "Wert"}))


def test_a_cell_that_is_no_number_in_its_file_does_not_become_one_by_joining():
    """1.5 in a file of decimal commas could be 15 or 1.5: it must be refused there, and behind the join too."""
    rows = "".join(f"{day:02d}.01.2020;{day},25\n" for day in range(1, 31))
    german = "Tag;Wert\n" + rows.replace(";7,25", ";7.5")
    alone = read_table(german.encode(), "b.csv", ReadOptions())
    with pytest.raises(SeriesError, match="row 7 is not a number"):
        to_series(alone, detect_roles(alone))
    table = joined(csv("y", "2020-01-01", 30), german)
    with pytest.raises(SeriesError, match="row 7 is not a number"):
        to_series(table, detect_roles(table).model_copy(update={"target": "Wert"}))


def test_grouped_digits_and_signs_of_one_file_are_read_before_it_is_joined():
    money = "date,price\n" + "".join(f'2020-01-{day:02d},"$1,2{day:02d}.50"\n' for day in range(1, 31))
    table = joined(csv("y", "2020-01-01", 31), money + "2020-01-31,oops\n")
    assert table.frame["price"].iloc[0] == "1201.5"
    table = joined(csv("y", "2020-01-01", 31), money)
    assert table.frame["price"].iloc[-1] == 1230.5


def test_b36_clocks_of_different_zones_are_moved_to_utc_and_a_missing_zone_is_said():
    def hours(zone: str, name: str, shift: int = 0) -> str:
        moments = pd.date_range("2020-01-01", periods=30, freq="h") + pd.Timedelta(hours=shift)
        return f"time,{name}\n" + "".join(
            f"{one:%Y-%m-%dT%H:%M:%S}{zone},{n}\n" for n, one in enumerate(moments)
        )

    table = joined(hours("+02:00", "y", 2), hours("Z", "x"))
    assert table.frame["time"].iloc[0] == "2020-01-01 00:00:00"
    assert table.frame["y"].tolist() == table.frame["x"].tolist() == list(range(30))
    assert "different clocks (a.csv +02:00, b.csv Z)" in told(table)
    silent = joined(hours("+02:00", "y"), hours("", "x"))
    assert silent.n_rows == 30
    assert "No time zone is stated in b.csv; its times are taken to be on the clock of +02:00" in told(silent)
    assert "zone is stated" not in told(joined(hours("Z", "y"), hours("Z", "x")))


def test_b33_ambiguous_dates_are_asked_for_the_file_that_has_them():
    unclear = "date,x\n" + "".join(
        f"{day:02d}/{month:02d}/2020,{day}\n" for month in (1, 2) for day in range(1, 13)
    )
    with pytest.raises(SeriesError, match=r"b\.csv: Day first or month first\?") as refused:
        joined(SALES, unclear)
    assert refused.value.field == "date_format"
    table = joined(SALES, unclear, choices=({}, {"date_format": "day first"}))
    assert table.frame["date"].tolist()[11:13] == ["2020-01-12", "2020-02-01"]


def test_a_file_without_dates_cannot_be_joined():
    with pytest.raises(SeriesError, match=r"b\.csv has no column of dates") as refused:
        joined(SALES, "x\n" + "1.5\n" * 40)
    assert refused.value.field == "join_time"
    with pytest.raises(SeriesError, match=r"b\.csv has no column 'when'"):
        joined(SALES, RAIN, choices=({}, {"time": "when"}))
    with pytest.raises(SeriesError, match=r"b\.csv holds nothing beside its dates"):
        joined(SALES, "date\n" + "".join(f"2020-01-{day:02d}\n" for day in range(1, 31)))


def test_rows_out_of_order_are_sorted_and_counted():
    lines = RAIN.splitlines()
    table = joined(SALES, "\n".join([lines[0], *reversed(lines[1:])]))
    assert table.frame["rain"].tolist() == list(range(100, 130))
    assert any(step.name == "sort" and "b.csv" in step.detail for step in table.steps)


def test_units_follow_their_columns_and_steps_name_their_file():
    with_units = "date;rain\n;mm\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(1, 31))
    table = joined(csv("rain", "2020-01-01", 30), with_units)
    assert table.unit("rain (b)") == "mm"
    assert table.unit("rain") == ""
    assert any(step.detail.startswith("b.csv: The decimal mark is the comma") for step in table.steps)


def test_a_text_column_is_carried_along():
    weather = "date,weather\n" + "".join(f"2020-01-{day:02d},sun\n" for day in range(1, 21))
    table = joined(csv("y", "2020-01-01", 30), weather, how="outer")
    assert table.frame["weather"].tolist() == ["sun"] * 20 + [""] * 10


def test_b83_more_rows_than_the_limit_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_ROWS", "100")
    with pytest.raises(SeriesError, match="more rows than the limit"):
        joined(csv("y", "2020-01-01", 90), csv("x", "2021-01-01", 90), how="outer")


def test_three_files_and_a_name_in_all_of_them():
    table = joined(*(csv("y", "2020-01-01", 30, start=start) for start in (0, 10, 20)))
    assert table.columns == ("date", "y", "y (b)", "y (c)")
    assert table.name == "a.csv and 2 more"


DAYS = st.lists(st.integers(0, 60), min_size=1, max_size=40, unique=True)


def frame_of(days: list[int], name: str) -> pd.DataFrame:
    dates = pd.Timestamp("2020-01-01") + pd.to_timedelta(sorted(days), unit="D")
    return pd.DataFrame({"date": dates.as_unit("us"), name: [float(day) for day in sorted(days)]})


@given(DAYS, DAYS, st.sampled_from(["inner", "outer", "nearest before"]), st.integers(0, 20))
@settings(max_examples=40)
def test_joins_equal_those_of_pandas_and_no_row_gets_lost_uncounted(left, right, how, tolerance):
    a, b = frame_of(left, "a"), frame_of(right, "b")
    ages = [x - y for x in left for y in right]
    meets = any(0 <= age <= (tolerance if how == "nearest before" else 0) for age in ages)
    files = [
        Table(frame=one.assign(date=one["date"].astype("str")), name=name, options=ReadOptions())
        for one, name in ((a, "a.csv"), (b, "b.csv"))
    ]
    if not meets and how != "outer":
        with pytest.raises(SeriesError, match="No date"):
            combined(files, how=how, tolerance=tolerance)
        return
    table = combined(files, how=how, tolerance=tolerance)
    if how == "nearest before":
        expected = pd.merge_asof(a, b, on="date", tolerance=pd.Timedelta(days=tolerance))
    else:
        expected = a.merge(b, on="date", how=how).sort_values("date")
    np.testing.assert_array_equal(
        table.frame[["a", "b"]].to_numpy(dtype=float), expected[["a", "b"]].to_numpy(dtype=float)
    )
    assert pd.to_datetime(table.frame["date"]).tolist() == expected["date"].tolist()
    kept = [int(table.frame["a"].notna().sum()), table.frame["b"].dropna().nunique()]
    for fit, n_kept in zip(table.files, kept, strict=True):
        assert fit.n_rows == n_kept + fit.n_lost
