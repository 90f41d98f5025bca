"""Debugging page: step by step, with and without a run, stopping at the first red."""

import pytest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.state import Journey
from tests.pages.finished import finish_run

PAGE = "pages/debugging.py"
SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
NOISE = SeriesSource(kind="sample", sample="random_walk")


def said(at):
    return " ".join(one.value for one in at.markdown)


def test_without_a_series_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert at.button(key="empty_sample").label == "Use the sunspot sample"


def test_before_any_training_the_data_are_checked(app_with_sample):
    at = app_with_sample.switch_page(PAGE).run()
    assert not at.exception
    assert "7 wait for a training" in at.success[0].value
    assert "nothing is trained yet" in at.caption[-1].value or "nothing is trained yet" in " ".join(
        one.value for one in at.caption
    )
    assert [one.value for one in at.subheader] == ["Data", "Architecture and training", "Regularisation"]


def test_a_finished_run_has_an_answer_at_every_step(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert "wait for a training" not in " ".join(one.value for one in (*at.success, *at.warning))
    assert "**14. " in said(at)


def test_the_first_red_step_hides_what_comes_after(app, store_url):
    series = load_source(SUNSPOTS, lambda sha256: b"")
    raw = default_preparation(series).model_copy(update={"scaling": ScalingSpec(kind="none")})
    run = finish_run(SqlStore(store_url), series, raw)
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert at.error[0].value.replace("\\", "").startswith("Stop at step 3: ")
    assert "Cure step 3 first" in said(at)
    assert at.button(key="go_scaling").label == "Choose a scaling"
    with pytest.raises(KeyError):
        at.button(key="go_alive")


def test_a_button_leads_to_the_page_of_the_step(app_with_sample):
    at = app_with_sample.switch_page(PAGE).run()
    at.button(key="go_learnable").click().run()
    assert not at.exception
    assert at.title[0].value == "Patterns"


def test_a_random_walk_stops_at_what_can_be_learned(app):
    app.session_state["_journey"] = Journey(source=NOISE)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "Is there anything to learn" in at.error[0].value
