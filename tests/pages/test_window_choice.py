"""One test window for all pages: chosen on one, shown on every other, kept in the address."""

import pytest

from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.samples import load_sample
from tests.pages.finished import finish_run

SLIDERS = {
    "pages/sensitivity.py": "sensitivity_window",
    "pages/gates.py": "gates_window",
    "pages/ahead.py": "ahead_window",
}


@pytest.mark.parametrize(("first", "key"), SLIDERS.items())
def test_a_window_chosen_on_one_page_is_shown_on_the_others(app_with_run, first, key):
    at = app_with_run.switch_page(first).run()
    newest = at.slider(key=key).max
    # The run ahead needs rows to be compared with, so it starts earlier until a window is chosen.
    assert at.slider(key=key).value <= newest
    at.slider(key=key).set_value(7).run()
    assert at.query_params["window"] == "7"
    for other, slider in SLIDERS.items():
        at = at.switch_page(other).run()
        assert not at.exception
        assert at.slider(key=slider).value == 7


@pytest.mark.parametrize(
    ("asked", "shown"), [("5", 5), ("0", None), ("999999", None), ("-3", None), ("x", None)]
)
def test_the_address_names_a_window_and_nonsense_is_the_newest(app_with_run, asked, shown):
    run = app_with_run.session_state["_journey"].selected_run
    at = app_with_run
    del at.session_state["_journey"]
    at.query_params["run"], at.query_params["window"] = run, asked
    at = at.switch_page("pages/gates.py").run()
    assert not at.exception
    slider = at.slider(key="gates_window")
    assert slider.value == (shown or slider.max)


def test_another_run_starts_at_its_newest_window(app_with_run, store_url):
    nile = load_sample("nile")
    chosen = PreparationSpec(target=nile.columns[0], window=WindowSpec(length=5))
    other = finish_run(SqlStore(store_url), nile, chosen)
    at = app_with_run.switch_page("pages/gates.py").run()
    at.slider(key="gates_window").set_value(2).run()
    at.selectbox(key="run").set_value(other.run_id).run()
    assert not at.exception
    slider = at.slider(key="gates_window")
    assert slider.value == slider.max
    assert at.session_state["_journey"].window is None


def test_after_the_last_row_is_kept_in_the_address_until_a_window_is_chosen(app_with_run):
    at = app_with_run.switch_page("pages/what_if.py").run()
    at.segmented_control(key="what_if_place").set_value("end").run()
    assert not at.exception
    run, link = at.session_state["_journey"].selected_run, at.query_params["journey"]
    at.segmented_control(key="what_if_place").set_value("window").run()
    assert "journey" not in at.query_params or at.query_params["journey"] != link
    del at.session_state["_journey"]
    at.query_params["run"], at.query_params["journey"] = run, link
    at = at.switch_page("pages/what_if.py").run()
    assert not at.exception
    assert at.segmented_control(key="what_if_place").value == "end"
    at = at.switch_page("pages/gates.py").run()
    at.slider(key="gates_window").set_value(7).run()
    at = at.switch_page("pages/what_if.py").run()
    assert at.segmented_control(key="what_if_place").value == "window"
    assert at.slider(key="what_if_window").value == 7
