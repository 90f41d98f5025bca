"""Page 1: the list of repairs and steps, with counts, pictures, removal and undo; what it does to the windows."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.series.cleaning.spec import Cleaning, LagStep, OutlierStep
from lstm_core.series.source import SeriesSource
from pages._shell.state import Journey, from_address
from tests.pages.test_series import checked, choose, series_of, source_of, upload, words

DAYS = [f"2020-{month:02d}-{day:02d}" for month in range(1, 7) for day in range(1, 29)]


def csv(**changed: str) -> str:
    """168 days with a season of a week, a spike at row 20 and a text column."""
    rows = np.arange(len(DAYS))
    values = 10 + 3 * np.sin(2 * np.pi * rows / 7) + 0.1 * np.random.default_rng(0).normal(size=len(rows))
    values[20] += 40
    cells = [f"{value:.4f}" for value in values]
    for row, cell in changed.items():
        cells[int(row.removeprefix("r"))] = cell
    skies = np.where(rows % 3 == 0, "rain", "sun")
    lines = [f"{day},{cell},{sky}" for day, cell, sky in zip(DAYS, cells, skies, strict=True)]
    return "date,y,sky\n" + "\n".join(lines) + "\n"


@pytest.fixture
def page(app: AppTest) -> AppTest:
    checked(app.run().switch_page("pages/series.py").run())
    return upload(app, csv())


def click(page: AppTest, key: str) -> AppTest:
    return checked(page.button(key=key).click().run())


def add(page: AppTest, kind: str, **settings) -> AppTest:
    choose(page, "kind_of_step", kind)
    for key, value in settings.items():
        widget = next(
            one
            for one in [*page.selectbox, *page.number_input]
            if one.key and one.key.endswith(f"Step_{key}")
        )
        checked((widget.select(value) if hasattr(widget, "select") else widget.set_value(value)).run())
    return click(page, "add_step")


def steps_of(page: AppTest) -> tuple:
    return source_of(page).cleaning.steps


def preparation_of(page: AppTest):
    return page.session_state["_journey"].preparation


def listed(page: AppTest) -> str:
    return " ".join(text.value for text in page.markdown).replace("\\", "")


def overlay(page: AppTest) -> dict:
    return json.loads(page.get("plotly_chart")[1].proto.spec)


def test_an_added_step_is_listed_counted_drawn_and_becomes_an_input(page, store_url):
    add(page, "Lag", rows=3)
    assert steps_of(page) == (LagStep(column="y", rows=3),)
    assert "**Lag: y 3 back** · 1" in listed(page)
    assert series_of(page, store_url).columns == ("y", "y 3 back")
    assert preparation_of(page).features == ("y 3 back",)
    assert page.selectbox(key="stage").value == "step 0"
    assert "y 3 back" in json.dumps(overlay(page)["layout"], ensure_ascii=False)


def test_outliers_are_replaced_and_seen_before_and_after(page, store_url):
    add(page, "Outliers", action="replace")
    assert "1 value of y more than 5 robust standard deviations" in listed(page)
    assert series_of(page, store_url).values[20, 0] < 20
    traces = {trace["name"]: trace for trace in overlay(page)["data"]}
    assert set(traces) == {"before", "after", "outlier (1)"}


def test_a_step_can_be_removed_from_the_middle_and_brought_back(page, store_url):
    add(page, "Lag", rows=1)
    add(page, "Lag", rows=7)
    window = preparation_of(page).window
    click(page, "remove_step_0")
    assert steps_of(page) == (LagStep(column="y", rows=7),)
    assert preparation_of(page).features == ("y 7 back",)
    assert preparation_of(page).window == window
    click(page, "undo_step")
    assert [step.rows for step in steps_of(page)] == [1, 7]
    assert set(preparation_of(page).features) == {"y 1 back", "y 7 back"}
    click(page, "undo_step")
    click(page, "undo_step")
    assert steps_of(page) == ()
    assert preparation_of(page).features == ()


def test_a_step_of_a_link_can_be_undone_too(app):
    source = SeriesSource(sample="sunspots", cleaning=Cleaning(steps=(LagStep(column="sunspots", rows=2),)))
    app.session_state["_journey"] = Journey(source=source)
    checked(app.run().switch_page("pages/series.py").run())
    click(app, "undo_step")
    assert steps_of(app) == ()


def test_a_list_that_cannot_be_done_says_why_and_can_be_cured(page):
    add(page, "Change, or change per day")
    add(page, "Moving average", column="y change over 1")
    click(page, "remove_step_0")
    assert "needs the column 'y change over 1'" in words(page)
    assert "Takes effect when the refusal at the top of the page is cured" in listed(page)
    click(page, "remove_step_0")
    assert not page.error


def test_a_text_column_becomes_columns_of_0_and_1(page, store_url):
    add(page, "Text as columns of 0 and 1")
    assert series_of(page, store_url).columns == ("y", "sky: sun", "sky: rain")
    assert source_of(page).roles.text == ("sky",)
    choose(page, "decimal", ".")  # another reading forgets the roles, not the steps
    assert not page.error
    assert "sky: sun" in series_of(page, store_url).columns
    click(page, "remove_step_0")
    assert source_of(page).roles.text == ()


def test_two_columns_and_calendar_with_their_own_settings(page, store_url):
    add(page, "Calendar", cycle="day of week", pairs=2)
    add(page, "Two columns", operation="sum", right="day of week sin 1")
    assert series_of(page, store_url).columns[-1] == "y + day of week sin 1"
    assert series_of(page, store_url).n_rows == len(DAYS)


def test_repairs_stand_on_the_same_list_and_can_be_taken_out(app, store_url):
    checked(app.run().switch_page("pages/series.py").run())
    upload(app, csv(r30="", r160=""))
    choose(app, "gaps", "linear")
    assert "**Fill gaps** · 2" in listed(app)
    assert "1 of them lie behind the rows to learn from" in listed(app)
    tables = [table.value for table in app.dataframe if "What happened" in table.value]
    assert "linear" not in [name for table in tables for name in table["Step"]]  # told once: on the list
    choose(app, "stage", "gaps")
    assert {"before", "after", "filled (2)"} <= {trace["name"] for trace in overlay(app)["data"]}
    click(app, "remove_gaps")
    assert "2 values missing" in words(app)
    assert app.selectbox(key="gaps").value == "refuse"


def test_the_share_of_known_rows_can_be_changed_and_undone(page):
    add(page, "Outliers")
    checked(page.slider(key="known_share").set_value(0.5).run())
    assert source_of(page).cleaning.known_share == 0.5
    assert f"Rows to learn from: 50%, up to {DAYS[83]}" in [box.label for box in page.expander]
    click(page, "undo_step")
    assert source_of(page).cleaning.known_share == 0.7
    assert page.slider(key="known_share").value == 0.7


def test_a_regular_step_makes_weeks_of_days(page, store_url):
    choose(page, "regular_step", "week")
    choose(page, "aggregate", "sum")
    choose(page, "gaps", "forward fill")
    series = series_of(page, store_url)
    assert series.n_rows < 30
    assert "**Regular step**" in listed(page)


def test_the_list_is_part_of_the_link_and_an_old_link_still_opens(page):
    add(page, "Outliers", action="clip")
    restored = from_address(str(page.query_params["journey"]))
    assert restored is not None
    assert restored.source.cleaning.steps == (OutlierStep(column="y", action="clip"),)
    old = Journey.model_validate({"source": {"kind": "sample", "sample": "co2"}})
    assert old.source.cleaning == Cleaning()


def test_another_series_starts_with_an_empty_list(page):
    add(page, "Lag", rows=2)
    choose(page, "sample", "nile")
    assert steps_of(page) == ()
    assert "undo_step" not in [button.key for button in page.button]


def test_changing_roles_keeps_the_steps(page):
    add(page, "Lag", rows=2)
    checked(page.text_input(key="target_unit").input("kWh").run())
    assert len(steps_of(page)) == 1
    assert preparation_of(page).features == ("y 2 back",)


def test_a_list_that_cannot_be_done_is_not_called_empty(page):
    """A step that leaves too few rows was called "the series is as the table gives it" under the message."""
    choose(page, "regular_step", "month")
    assert "only 6 rows" in words(page)
    assert "Of 168 rows, repairs and steps leave these" in words(page)
    told = [caption.value for caption in page.caption]
    assert not any("as the table gives it" in one for one in told)
    assert "The list stands here once there is a series." in told


def test_years_are_told_as_years_and_one_row_as_one(app):
    app.session_state["_journey"] = Journey(
        source=SeriesSource(
            kind="sample", sample="nile", cleaning=Cleaning(steps=(LagStep(column="volume", rows=1),))
        )
    )
    checked(app.run().switch_page("pages/series.py").run())
    assert "Rows to learn from: 70%, up to 1940" in [box.label for box in app.expander]
    assert "volume as it was 1 row before" in listed(app)
