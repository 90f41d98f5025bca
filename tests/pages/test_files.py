"""Page 1 with several files and with files of other layouts: joined, turned, overruled, listed, never lost."""

import importlib

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.cli.files import Wanted, read_series
from pages._shell.state import from_address
from tests.pages.series_page import checked, choose, series_of, source_of, words

SALES = "date,sales\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31))
RAIN = "date;rain\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(6, 32))
LONG = "unique_id,ds,y\n" + "".join(
    f"{name},2020-01-{day:02d},{day + 100 * place}\n"
    for place, name in enumerate("ABC")
    for day in range(1, 31)
)


@pytest.fixture
def first(app: AppTest) -> AppTest:
    return checked(app.run().switch_page("pages/series.py").run())


def upload(page: AppTest, **files: str) -> AppTest:
    content = [(f"{name}.csv", text.encode(), "text/csv") for name, text in files.items()]
    return checked(page.file_uploader(key="upload").set_value(content).run())


def frame(page: AppTest, column: str):
    return next(one.value for one in page.dataframe if column in one.value)


def metric(page: AppTest, label: str) -> str:
    return next(one.value for one in page.metric if one.label == label)


def test_two_files_are_joined_and_what_was_lost_is_counted_and_listed(first, store_url):
    upload(first, sales=SALES, rain=RAIN)
    assert "25 rows from 2020-01-06 to 2020-01-30" in words(first)
    assert "5 of 30 rows of sales.csv; 1 of 26 rows of rain.csv" in words(first)
    assert metric(first, "Misaligned rows") == "6"
    assert frame(first, "Do not line up")["Left out"].tolist() == [5, 1]
    checked(first.multiselect(key="features").set_value(["rain"]).run())
    assert series_of(first, store_url).values[0].tolist() == [6, 6.5]
    first.session_state["misaligned"] = True
    checked(first.run())
    assert frame(first, "Date")["Date"].tolist()[-1] == "2020-01-31"


def test_another_way_to_join_is_one_choice_away_and_stays_in_the_address(first, store_url):
    upload(first, sales=SALES, rain=RAIN)
    choose(first, "join_how", "nearest before")
    assert "30 rows" in words(first)
    assert any("date of publication" in caption.value for caption in first.caption)
    choose(first, "target", "rain")
    assert "5 values missing" in words(first)
    choose(first, "join_how", "outer")
    assert source_of(first).join.how == "outer"
    assert first.selectbox(key="target").value == "rain"
    restored = from_address(str(first.query_params["journey"]))
    assert restored is not None
    assert restored.source == source_of(first)


def put_beside(page: AppTest, name: str, text: str) -> AppTest:
    """Add to the uploader's list, as a browser does; AppTest's own `upload` would replace the list."""
    uploader = page.file_uploader(key="upload")
    uploader._files = [*uploader._get_files_to_register(), (name, f"{name}.csv", text.encode(), "text/csv")]
    return checked(page.run())


def take_off(page: AppTest, place: int, *, key: str = "upload") -> AppTest:
    uploader = page.file_uploader(key=key)
    files = uploader._get_files_to_register()
    uploader._files = [file for number, file in enumerate(files) if number != place]
    return checked(page.run())


def names(page: AppTest) -> list[str]:
    return [file.file_name for file in source_of(page).files]


def test_a_file_put_beside_the_others_joins_and_one_taken_off_leaves(first):
    upload(first, sales=SALES)
    put_beside(first, "rain", RAIN)
    assert names(first) == ["sales.csv", "rain.csv"]
    assert "25 rows" in words(first)
    take_off(first, 0)
    assert names(first) == ["rain.csv"]
    assert "26 rows" in words(first)
    take_off(first, 0)
    assert names(first) == ["rain.csv"]


def test_a_file_put_beside_keeps_the_date_format_that_was_chosen(first):
    days = [(day, month) for month in (1, 2) for day in range(1, 13)]
    upload(first, sales="date,y\n" + "".join(f"{day:02d}/{month:02d}/2020,{day}\n" for day, month in days))
    choose(first, "date_format", "day first")
    put_beside(first, "rain", RAIN + "".join(f"2020-02-{day:02d};7\n" for day in range(1, 20)))
    assert source_of(first).join.date_format == "day first"
    assert "only 19 rows" in words(first)


def test_a_file_put_beside_one_that_cannot_be_read_takes_its_place(first):
    upload(first, bad="")
    assert "The file is empty" in words(first)
    put_beside(first, "sales", SALES)
    assert names(first) == ["sales.csv"]
    assert "30 rows" in words(first)


def test_the_same_file_twice_is_one(first):
    upload(first, sales=SALES, rain=RAIN, again=SALES)
    assert names(first) == ["sales.csv", "rain.csv"]


@pytest.mark.parametrize("how", ["inner", "outer", "nearest before", "stack"])
def test_the_command_makes_the_same_series_of_the_same_files(first, store_url, tmp_path, how):
    contents = {"sales": SALES, "more": SALES.replace("2020-01", "2020-03").replace(",30\n", ",31\n")}
    for name, text in contents.items():
        (tmp_path / f"{name}.csv").write_text(text)
    if how != "stack":
        contents["more"] = contents["more"].replace("2020-03", "2020-01")
        (tmp_path / "more.csv").write_text(contents["more"])
    upload(first, **contents)
    choose(first, "join_how", how)
    other = [] if how == "stack" else ["sales (more)"]
    checked(first.multiselect(key="features").set_value(other).run())
    paths = [str(tmp_path / f"{name}.csv") for name in contents]
    made, _ = read_series(Wanted(names=paths, features=other, join={"how": how}))
    assert made.fingerprint == series_of(first, store_url).fingerprint
    assert made.n_rows == (60 if how == "stack" else 30)


def test_a_new_list_starts_afresh(first):
    upload(first, sales=SALES, rain=RAIN)
    upload(first, many=LONG)
    assert names(first) == ["many.csv"]


def test_a_file_can_be_taken_out_and_the_next_takes_its_place(first):
    upload(first, sales=SALES, rain=RAIN)
    choose(first, "chosen_file", 0)
    checked(first.button(key="remove_file").click().run())
    assert names(first) == ["rain.csv"]
    assert "26 rows" in words(first)
    assert "Listed here, and not in use: “sales.csv”." in " ".join(text.value for text in first.caption)


def test_a_file_that_was_taken_out_stays_out_when_another_is_put_beside(first):
    """The uploader's list still shows it; the files that stayed were lost with the next one."""
    upload(first, sales=SALES, rain=RAIN)
    choose(first, "chosen_file", 1)
    checked(first.button(key="remove_file").click().run())
    put_beside(first, "flow", RAIN.replace("rain", "flow"))
    assert names(first) == ["sales.csv", "flow.csv"]


def test_roles_stay_where_their_columns_do_and_what_goes_is_told(first, store_url):
    """Target, further inputs, unit and steps were forgotten with every file that came or went."""
    upload(first, sales=SALES, rain=RAIN)
    choose(first, "target", "rain")
    checked(first.multiselect(key="features").set_value(["sales"]).run())
    checked(first.text_input(key="target_unit").set_value("mm").run())
    put_beside(first, "flow", RAIN.replace("rain", "flow"))
    choose(first, "join_how", "outer")
    roles = source_of(first).roles
    assert (roles.time, roles.target, roles.features, roles.unit) == ("date", "rain", ("sales",), "mm")
    choose(first, "chosen_file", 0)
    checked(first.button(key="remove_file").click().run())
    told = " ".join(text.value for text in first.caption)
    assert "“sales” is no further input any more." in told
    assert (first.selectbox(key="target").value, first.text_input(key="target_unit").value) == ("rain", "mm")
    assert series_of(first, store_url).columns == ("rain",)
    choose(first, "target", "flow")
    assert "no further input" not in " ".join(text.value for text in first.caption)


def test_a_layout_chosen_anew_keeps_the_roles(first):
    upload(first, many=LONG)
    choose(first, "target", "B")
    checked(first.multiselect(key="features").set_value(["A", "C"]).run())
    checked(first.multiselect(key="layout_chosen").set_value(["A", "B"]).run())
    assert first.selectbox(key="target").value == "B"
    assert first.multiselect(key="features").value == ["A"]
    assert "“C” is no further input any more." in " ".join(text.value for text in first.caption)


def test_the_date_format_follows_the_file_that_is_left(first):
    days = [(day, month) for month in (1, 2) for day in range(1, 13)]
    upload(first, sales="date,y\n" + "".join(f"{day:02d}/{month:02d}/2020,{day}\n" for day, month in days))
    choose(first, "date_format", "day first")
    put_beside(first, "rain", RAIN + "".join(f"2020-02-{day:02d};7\n" for day in range(1, 20)))
    choose(first, "chosen_file", 1)
    checked(first.button(key="remove_file").click().run())
    assert source_of(first).roles.date_format == "day first"
    assert "24 rows from 2020-01-01 to 2020-02-12" in words(first)


def test_each_file_is_read_in_its_own_way(first):
    upload(first, sales=SALES, rain=RAIN)
    choose(first, "chosen_file", 1)
    choose(first, "delimiter", ",")
    assert source_of(first).more[0].options.delimiter == ","
    assert source_of(first).options.delimiter is None
    assert "rain.csv" in words(first)
    choose(first, "delimiter", "detect")
    assert "25 rows" in words(first)
    choose(first, "chosen_file", 0)
    assert first.selectbox(key="delimiter").value == "detect"


def test_a_bad_file_among_good_ones_is_named_and_can_be_taken_out(first):
    upload(first, sales=SALES, empty="\n\n")
    assert "empty.csv: The file is empty" in words(first)
    choose(first, "chosen_file", 1)
    checked(first.button(key="remove_file").click().run())
    assert not first.error
    assert "30 rows" in words(first)


def test_b33_the_order_of_day_and_month_is_asked_for_the_file_that_needs_it(first):
    days = [(day, month) for month in (1, 2) for day in range(1, 13)]
    unclear = "date,x\n" + "".join(f"{day:02d}/{month:02d}/2020,{day}\n" for day, month in days)
    upload(first, sales=SALES, other=unclear)
    assert "other.csv: Day first or month first?" in words(first)
    choose(first, "chosen_file", 1)
    choose(first, "join_format", "day first")
    assert "30 rows" in words(first)
    assert "12 of 24 rows of other.csv" in words(first)


def test_a_long_file_is_turned_and_one_series_can_be_picked(first, store_url):
    upload(first, many=LONG)
    assert not first.error
    assert first.selectbox(key="target").options[:3] == ["A", "B", "C"]
    assert any("told apart by unique_id" in step for step in frame(first, "Step")["What happened"])
    checked(first.multiselect(key="layout_chosen").set_value(["B"]).run())
    assert source_of(first).layout.chosen == ("B",)
    series = series_of(first, store_url)
    assert (series.columns, series.values[0, 0]) == (("B",), 101)


def test_the_layout_can_be_overruled_and_the_choice_survives_a_visit_elsewhere(first):
    upload(first, many=LONG)
    choose(first, "layout", "wide")
    assert "60 rows with the date of another row" in words(first)
    checked(first.switch_page("pages/start.py").run())
    checked(first.switch_page("pages/series.py").run())
    assert first.selectbox(key="layout").value == "wide"
    choose(first, "layout", "long")
    assert not first.error
    assert first.multiselect(key="layout_series").value == ["unique_id"]


def test_more_series_than_columns_allowed_can_be_chosen_from(app, monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_COLUMNS", "5")
    names = [f"s{number}" for number in range(9)]
    text = "unique_id,ds,y\n" + "".join(
        f"{name},2020-01-{day:02d},{day}\n" for name in names for day in range(1, 31)
    )
    app.run().switch_page("pages/series.py").run()
    upload(app, many=text)
    assert "holds 9 series, more than a table may have columns" in words(app)
    checked(app.multiselect(key="layout_chosen").set_value(["s7"]).run())
    assert "30 rows" in words(app)
    assert app.selectbox(key="target").value == "s7"


def test_the_sheet_of_years_and_months_becomes_a_monthly_series(first):
    sheet = importlib.import_module("statsmodels.datasets.elnino").load_pandas().data
    upload(first, elnino=sheet.to_csv(index=False))
    assert "732 rows from 1950-01-01 to 2010-12-01, in steps of 1 month" in words(first)


def test_the_columns_are_described(first):
    upload(first, sales=SALES.replace(",17\n", ",\n"))
    described = frame(first, "Holds").set_index("Column")
    assert described.loc["sales", "Missing"] == "1 (3.3%)"
    assert described.loc["sales", "Mean"] == pytest.approx((465 - 17) / 29)
    assert described.loc["date", "First"] == "2020-01-01"


def test_too_much_at_once_is_refused_before_it_is_kept(app, monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_UPLOAD_QUOTA_MB", "1")
    app.run().switch_page("pages/series.py").run()
    upload(app, one="x" * 600_000, two="y" * 600_000)
    assert "too many or too large to be kept together" in words(app)
    assert source_of(app) is None
