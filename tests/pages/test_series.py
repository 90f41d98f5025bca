"""Page 1: samples, uploads clean, odd and bad, repairs, and that nothing is lost."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.errors import RunError
from lstm_core.runs.sql import SqlStore
from lstm_core.series.samples import SAMPLES, load_sample
from pages._shell.state import from_address
from tests.pages.series_page import checked, choose, series_of, source_of, words

CLEAN = "date,y,z\n" + "".join(f"2020-01-{day:02d},{day},{day * day}\n" for day in range(1, 31))


@pytest.fixture
def first(app: AppTest) -> AppTest:
    return checked(app.run().switch_page("pages/series.py").run())


def upload(page: AppTest, source: str | bytes, name: str = "mine.csv") -> AppTest:
    content = source.encode() if isinstance(source, str) else source
    return checked(page.file_uploader(key="upload").upload(name, content, "text/csv").run())


def metric(page: AppTest, label: str) -> str:
    return next(one.value for one in page.metric if one.label == label)


def drawn(page: AppTest) -> dict:
    charts = page.get("plotly_chart")
    assert len(charts) == 1
    return json.loads(charts[0].proto.spec)


def test_without_a_series_the_page_offers_one(first):
    assert "There is no series yet" in words(first)
    checked(first.button(key="empty_sample").click().run())
    assert source_of(first).sample == "sunspots"
    assert "309 rows from 1700 to 2008, in steps of 1 year" in words(first)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_shown_with_a_verdict_and_a_chart(first, name):
    choose(first, "sample", name)
    assert not first.error
    assert f"{load_sample(name).n_rows:,} rows".replace(",", "\u202f") in words(first)
    assert drawn(first)["data"]
    assert any(SAMPLES[name].description in text.value for text in first.markdown)
    assert first.session_state["_journey"].preparation.target == SAMPLES[name].roles.target


def test_a_generated_sample_takes_its_parameters(first):
    choose(first, "sample", "sine")
    checked(first.number_input(key="parameter_n_rows").set_value(120).run())
    assert source_of(first).parameters == {"n_rows": 120}
    assert "120 rows" in words(first)
    choose(first, "sample", "random_walk")
    assert source_of(first).parameters == {}


def test_several_columns_become_inputs_of_the_network(first):
    choose(first, "sample", "macrodata")
    assert first.session_state["_journey"].preparation.columns == ("unemp", "infl", "tbilrate")
    checked(first.multiselect(key="features").set_value(["cpi"]).run())
    assert first.session_state["_journey"].preparation.columns == ("unemp", "cpi")


def test_gaps_of_co2_are_shown_and_the_repair_can_be_changed(first, store_url):
    choose(first, "sample", "co2")
    assert metric(first, "Missing values") == "59"
    assert "59 missing values filled by a straight line" in words(first)
    choose(first, "gaps", "refuse")
    assert "59 values missing" in first.error[0].value
    choose(first, "gaps", "drop")
    assert series_of(first, store_url).n_rows == 2284 - 59


def test_a_clean_upload(first, store_url):
    upload(first, CLEAN)
    assert "30 rows from 2020-01-01 to 2020-01-30, in steps of 1 day: complete" in words(first)
    assert first.selectbox(key="target").value == "y"
    assert series_of(first, store_url).values[-1, 0] == 30
    assert source_of(first).file_name == "mine.csv"


def test_an_odd_upload_says_how_it_was_read_and_can_be_changed(first, store_url):
    rows = "".join(f"{day:02d}.01.2020;{day},5\n" for day in range(1, 31))
    upload(first, ("größe;wert\n" + rows).encode("cp1252"), "odd.txt")
    assert not first.error
    assert series_of(first, store_url).values[0, 0] == 1.5
    steps = next(frame.value for frame in first.dataframe if "Step" in frame.value)
    assert {"decode", "separator", "decimal mark", "day first"} <= set(steps["Step"])
    choose(first, "delimiter", ",")
    assert "has 2 cells, but the first row of the table has 1" in words(first)
    choose(first, "delimiter", "detect")
    assert not first.error


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n", "This is a PNG image, not a table"),
        ("date,y\n" + "2020-01-01,oops\n" * 25, "No column of the table holds numbers"),
        (CLEAN.replace("2020-01-07,7", "2020-02-30,7"), "Row 7 of column 'date' is not a date"),
        ("date,y\n2020-01-01,1\n", "only 1 row"),
        (CLEAN.replace(",17,", ",inf,"), "Row 17 of column 'y' is infinite"),
    ],
    ids=["empty", "png", "no numbers", "bad date", "too short", "infinite"],
)
def test_a_bad_upload_is_told_in_words_and_the_next_one_works(first, source, told):
    upload(first, source)
    assert told in words(first)
    upload(first, CLEAN, "good.csv")
    assert not first.error
    assert "30 rows" in words(first)


def test_b33_the_order_of_day_and_month_is_asked_once(first, store_url):
    rows = "".join(f"{day:02d}/{month:02d}/2020,{day}\n" for month in (1, 2) for day in range(1, 13))
    upload(first, "date,y\n" + rows)
    assert "Day first or month first?" in words(first)
    choose(first, "date_format", "day first")
    assert not first.error
    assert str(series_of(first, store_url).index[-1].date()) == "2020-02-12"
    checked(first.switch_page("pages/start.py").run())
    checked(first.switch_page("pages/series.py").run())
    assert not first.error
    assert first.selectbox(key="date_format").value == "day first"


def test_duplicates_wait_for_a_decision(first, store_url):
    upload(first, CLEAN + "2020-01-30,32,0\n")
    assert "1 row with the date of another row" in words(first)
    choose(first, "duplicates", "mean")
    assert series_of(first, store_url).values[-1, 0] == 31
    assert metric(first, "Duplicate dates") == "1"


def test_absent_dates_can_be_inserted_and_filled(first, store_url):
    upload(first, "".join(line + "\n" for line in CLEAN.splitlines() if "-10," not in line))
    assert metric(first, "Absent dates") == "1"
    choose(first, "missing_dates", "insert")
    assert "1 value missing" in words(first)
    choose(first, "gaps", "interpolate")
    assert series_of(first, store_url).values[9, 0] == 10


def test_page_switch_and_a_new_visit_keep_everything(first, store_url):
    upload(first, CLEAN)
    checked(first.selectbox(key="target").select("z").run())
    checked(first.text_input(key="target_unit").input("litres").run())
    before = source_of(first)
    assert (before.roles.target, before.roles.unit) == ("z", "litres")
    checked(first.switch_page("pages/start.py").run())
    checked(first.switch_page("pages/series.py").run())
    assert source_of(first) == before
    assert first.selectbox(key="target").value == "z"
    assert first.text_input(key="target_unit").value == "litres"
    series = series_of(first, store_url)
    assert (series.columns, series.unit) == (("z",), "litres")


def test_a_sample_after_an_upload_and_back(first):
    upload(first, CLEAN)
    choose(first, "sample", "nile")
    assert source_of(first).kind == "sample"
    upload(first, CLEAN, "again.csv")
    assert (source_of(first).kind, source_of(first).file_name) == ("upload", "again.csv")
    assert first.selectbox(key="sample").value is None


def test_another_series_resets_the_preparation(first):
    choose(first, "sample", "sunspots")
    old = first.session_state["_journey"].preparation
    choose(first, "sample", "nile")
    assert first.session_state["_journey"].preparation != old
    assert first.session_state["_journey"].preparation.target == "volume"


def test_b28_markup_in_names_stays_text(first):
    evil = "<img src=x onerror=alert(1)>"
    upload(first, CLEAN.replace("y", evil).replace("z", "**z**"), f"{evil}.csv")
    choose(first, "target", evil)
    assert not first.error
    assert "<" not in json.dumps(drawn(first)["layout"])
    assert not any(evil in text.value for text in first.markdown)


def test_b82_a_file_above_the_limit_is_not_stored(app, monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_UPLOAD_MB", "1")
    app.run().switch_page("pages/series.py").run()
    upload(app, b"\x00" * 1_500_000)
    assert "larger than the limit" in words(app)
    assert source_of(app) is None


def test_b85_a_file_that_cannot_be_stored_leaves_nothing(first, monkeypatch):
    def fail(*_):
        raise RunError("The disk is full", advice="Free some space.", field="upload")

    monkeypatch.setattr(SqlStore, "save_upload", fail)
    upload(first, CLEAN)
    assert "The disk is full" in words(first)
    assert source_of(first) is None


def test_b86_the_same_file_twice_is_one_copy(first):
    upload(first, CLEAN, "first.csv")
    sha256 = source_of(first).sha256
    upload(first, CLEAN, "second.csv")
    assert source_of(first).sha256 == sha256
    assert source_of(first).file_name == "second.csv"


def test_a_target_called_date_does_not_clash_with_the_dates(first):
    upload(first, CLEAN.replace("date,y,z", "when,date,row"))
    choose(first, "time", "when")
    choose(first, "target", "date")
    assert not first.error
    assert drawn(first)["data"]


def test_an_upload_that_waits_for_a_repair_is_already_in_the_address(first):
    upload(first, CLEAN.replace(",17,", ",,"))
    assert "1 value missing" in words(first)
    restored = from_address(str(first.query_params["journey"]))
    assert restored is not None
    assert restored.source == source_of(first)


def test_a_new_season_of_a_generated_sample_reaches_the_series(first, store_url):
    choose(first, "sample", "trend_season")
    checked(first.text_input(key="target_unit").input("m").run())
    assert series_of(first, store_url).period == 12
    checked(first.number_input(key="parameter_period").set_value(7).run())
    assert series_of(first, store_url).period == 7


def marks(page: AppTest) -> list[str]:
    return [trace["name"] for trace in drawn(page)["data"] if trace["mode"] == "markers"]


def test_b59_filled_values_are_drawn_and_a_file_that_waits_shows_its_gaps(first):
    choose(first, "sample", "co2")
    assert marks(first) == ["filled (59)"]
    choose(first, "gaps", "refuse")
    assert "59 values missing" in words(first)
    assert marks(first) == ["missing (59)"]
    choose(first, "gaps", "interpolate")
    checked(first.number_input(key="longest_fill").set_value(1).run())
    assert "A gap of" in words(first)
    assert marks(first) == ["missing (59)"]


def test_b50_rows_of_the_same_date_are_drawn_before_and_after_the_decision(first):
    upload(first, CLEAN + "2020-01-30,32,0\n")
    assert marks(first) == ["same date (2)"]
    choose(first, "duplicates", "mean")
    assert marks(first) == ["merged dates (1)"]


def test_b52_inserted_dates_are_drawn(first):
    upload(first, "".join(line + "\n" for line in CLEAN.splitlines() if "-10," not in line))
    assert marks(first) == []
    choose(first, "missing_dates", "insert")
    assert marks(first) == ["missing (1)"]
    choose(first, "gaps", "interpolate")
    assert marks(first) == ["filled (1)"]


def test_b59_the_numbers_behind_the_chart_tell_what_was_filled(first):
    upload(first, CLEAN.replace(",17,", ",,"))
    choose(first, "gaps", "interpolate")
    first.session_state["series_chart_table"] = True
    checked(first.run())
    table = next(frame.value for frame in first.dataframe if "repair" in frame.value)
    assert table["repair"].tolist() == ["filled" if row == 16 else "" for row in range(30)]
