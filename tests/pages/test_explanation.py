"""The explanation page as a person meets it."""

import json

import numpy as np
import pytest

from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.state import Journey
from tests.pages.finished import finish_run

PAGE = "pages/explanation.py"
NILE = SeriesSource(kind="sample", sample="nile")
METHODS = ["Nudge", "Occlusion", "Gradient × input", "Integrated gradients", "Shapley"]


def charts(at):
    return {one.proto.id.rsplit("-", 1)[-1]: json.loads(one.proto.spec) for one in at.get("plotly_chart")}


def number(text):
    return float(text.split()[0].replace("−", "-").replace("\u202f", ""))


def verdict(at):
    return (*at.success, *at.warning, *at.error, *at.info)[0].value


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_five_methods_stand_side_by_side_and_are_tested(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    shown = charts(at)
    assert set(shown) == {"credits_chart", "truth_chart"}
    assert [one["name"] for one in shown["credits_chart"]["data"]] == ["Target", *METHODS]
    sums, agreement = (one.value for one in at.dataframe[:2])
    assert list(sums["Method"]) == METHODS
    assert list(agreement.columns) == METHODS
    assert set(np.diag(agreement)) == {"1.00"}
    assert "random" in verdict(at)
    words = " ".join(one.value for one in at.markdown).replace("\\", "")
    assert all(f"{name}: " in words for name in METHODS)


def test_what_must_add_up_adds_up(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    sums = at.dataframe[0].value.set_index("Method")
    for name in ("Integrated gradients", "Shapley"):
        whole = number(sums.loc[name, "To be shared out"])
        assert abs(number(sums.loc[name, "Left over"])) <= 0.011 * abs(whole) + 1e-2
    assert abs(number(sums.loc["Shapley", "Left over"])) < 1e-6


def test_another_window_and_larger_blocks_change_the_bars(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    first = charts(at)["credits_chart"]["data"][2]["y"]
    at.slider(key="explanation_window").set_value(30).run()
    assert not at.exception
    second = charts(at)["credits_chart"]["data"][2]["y"]
    at.slider(key="explanation_block").set_value(8).run()
    assert not at.exception
    third = charts(at)["credits_chart"]["data"][2]["y"]
    assert first != second != third
    assert "exact" in " ".join(one.value for one in at.caption)  # three blocks need no sampling


@pytest.mark.parametrize("put_in", ["mean", "interpolation"])
def test_a_transformed_target_over_several_steps_is_explained_too(app, store_url, put_in):
    transform = TransformSpec(power="log", difference=1)
    preparation = PreparationSpec(
        target="volume", transform=transform, window=WindowSpec(length=6, horizon=2)
    )
    run = finish_run(SqlStore(store_url), load_source(NILE, lambda _: b""), preparation)
    app.session_state["_journey"] = Journey(source=NILE, preparation=preparation, selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    assert "zero" not in at.selectbox(key="explanation_put_in").options
    at.selectbox(key="explanation_put_in").set_value(put_in)
    at.selectbox(key="explanation_step").set_value(0).run()
    assert not at.exception
    assert not at.error
    sums = at.dataframe[0].value.set_index("Method")
    whole = number(sums.loc["Integrated gradients", "To be shared out"])
    assert abs(number(sums.loc["Integrated gradients", "Left over"])) <= 0.011 * abs(whole) + 1e-2
