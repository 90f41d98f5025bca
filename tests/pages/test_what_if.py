"""The What-if page as a person meets it, without a browser: table, sliders, scenarios; the pencil by its commands."""

import json
from base64 import b64decode

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from lstm_core.evaluation.what_if.scenario import Points, Scenario, Shape
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs import scenarios
from lstm_core.runs.sql import SqlStore
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import Cleaning, LagStep, MovingAverageStep
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, load_source
from pages._shell import state
from pages._shell.state import Journey
from pages._shell.understanding import pencil as room
from pages._shell.understanding import what_if_bench
from tests.pages.finished import finish_run
from tests.pages.networks import random_weights

PAGE = "pages/what_if.py"


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def pencil(at):
    return json.loads(at.get("bidi_component")[0].proto.json)


def words(at):
    kinds = (at.markdown, at.info, at.success, at.warning, at.error, at.caption)
    return " ".join(one.value for kind in kinds for one in kind)


def opened(at):
    at = at.switch_page(PAGE).run()
    assert not at.exception
    return at


def paint(at, *, kind="step", size=1.0, steps=(1, 3)):
    """Paint a shape with the sliders."""
    at.session_state["what_if_sliders"] = True
    at.run()
    at.selectbox(key="what_if_kind").set_value(kind).run()
    at.slider(key="what_if_steps_marked").set_value(steps).run()
    at.slider(key=f"what_if_size_{kind}").set_value(size).run()
    assert not at.exception
    return at


def draw(at, *commands):
    """Send commands as the pencil does, before the page runs again."""
    numbered = [{"seq": number, "live": False, **one} for number, one in enumerate(commands, start=1)]
    at.session_state["_sent"] = numbered
    return at.run()


@pytest.fixture
def by_pencil(monkeypatch):
    """Without a browser nobody sends commands: the page obeys those of the test whenever it is drawn."""
    mount = room.draw

    def draw_then_obey(data, *, on_commands):
        sent = state.recall("sent", [])
        if sent:
            monkeypatch.setattr(room, "commands", lambda: sent)
            state.remember("sent", [])
            on_commands()
            st.rerun()
        mount(data, on_commands=on_commands)

    monkeypatch.setattr(room, "draw", draw_then_obey)


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_it_opens_with_the_window_as_it_was(app_with_run):
    at = opened(app_with_run)
    assert "Nothing is changed yet" in at.info[0].value
    drawn = pencil(at)
    assert drawn["values"] == drawn["edited"]
    assert drawn["before"] == drawn["after"]
    assert drawn["truth"][0] is not None
    assert set(charts(at)) == {"what_if_chart"}


def test_a_shape_moves_the_forecast_and_the_gates(app_with_run):
    at = paint(opened(app_with_run), size=1.0)
    drawn = pencil(at)
    moved = np.array(drawn["edited"]) - drawn["values"]
    np.testing.assert_allclose(moved[-3:], moved[-1])
    assert moved[-1] > 0
    assert not moved[:-3].any()
    assert drawn["after"] != drawn["before"]
    assert "what_if_gates_chart" in charts(at)
    assert "3 changed values move the forecast" in words(at)


def test_sliders_move_one_shape_until_it_is_kept(app_with_run):
    at = paint(opened(app_with_run), size=1.0)
    once = np.subtract(pencil(at)["edited"], pencil(at)["values"])[-1]
    at.slider(key="what_if_size_step").set_value(2.0).run()
    np.testing.assert_allclose(np.subtract(pencil(at)["edited"], pencil(at)["values"])[-1], 2 * once)
    at.button(key="what_if_next_shape").click().run()
    at.slider(key="what_if_size_step").set_value(1.0).run()
    np.testing.assert_allclose(np.subtract(pencil(at)["edited"], pencil(at)["values"])[-1], 3 * once)


def test_values_outside_the_training_range_are_told(app_with_run):
    at = paint(opened(app_with_run), size=3.0, steps=(7, 8))
    at.button(key="what_if_next_shape").click().run()
    at.slider(key="what_if_size_step").set_value(2.9).run()
    assert "outside what the network was trained on" in words(at)
    assert at.warning


def test_strokes_of_the_pencil_are_obeyed_undone_and_redone(app_with_run, by_pencil):
    at = opened(app_with_run)
    stroke = {"do": "change", "stroke": "a"}
    first = stroke | {"change": {"kind": "points", "column": "sunspots", "values": [[1, 90.0]]}}
    more = stroke | {"change": {"kind": "points", "column": "sunspots", "values": [[1, 99.0], [2, 98.0]]}}
    column = pencil(at)["column"]
    for one in (first, more):
        one["change"]["column"] = column
    draw(at, first, more)
    assert not at.exception
    assert pencil(at)["edited"][-2:] == [98.0, 99.0]
    assert pencil(at)["ack"] == 2
    draw(at, {"do": "undo", "seq": 3})
    assert pencil(at)["edited"] == pencil(at)["values"]
    assert pencil(at)["can_redo"]
    draw(at, {"do": "redo", "seq": 4})
    assert pencil(at)["edited"][-1] == 99.0
    draw(at, {"do": "reset", "seq": 5})
    assert pencil(at)["edited"] == pencil(at)["values"]
    draw(at, first)  # a command that was obeyed before is not obeyed again
    assert pencil(at)["edited"] == pencil(at)["values"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "points", "values": [[1, 1e300]]}, "absurdly far"),
        ({"kind": "points", "values": [[99, 1.0]]}, "does not depend on"),
        ({"kind": "points", "values": []}, "usable value"),
        ({"kind": "wave"}, "usable value"),
        (None, "usable value"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_the_window_stays(app_with_run, by_pencil, change, said):
    at = opened(app_with_run)
    if change is not None:
        change = {"column": pencil(at)["column"], **change}
    draw(at, {"do": "change", "stroke": "a", "change": change})
    assert not at.exception
    assert said in at.error[0].value
    assert pencil(at)["edited"] == pencil(at)["values"]
    assert pencil(at)["ack"] == 1


def test_while_a_stroke_is_drawn_the_slower_charts_stand_still(app_with_run, by_pencil):
    at = opened(app_with_run)
    points = {"kind": "points", "column": pencil(at)["column"], "values": [[1, 99.0]]}
    draw(at, {"do": "change", "stroke": "a", "change": points, "live": True})
    assert pencil(at)["after"] != pencil(at)["before"]
    assert set(charts(at)) == {"what_if_chart"}
    draw(at, {"do": "change", "stroke": "a", "change": points, "seq": 2})
    assert "what_if_gates_chart" in charts(at)


def test_the_table_edits_the_same_scenario(app_with_run):
    at = opened(app_with_run)
    at.session_state["what_if_table_box"] = True
    at.run()
    frame = at.dataframe[0].value if at.dataframe else at.get("arrow_data_frame")[0].value
    assert not at.exception
    np.testing.assert_allclose(frame[pencil(at)["column"]], pencil(at)["values"])


def test_inputs_that_were_made_from_the_target_are_said_to_stay(app_with_run, monkeypatch):
    monkeypatch.setattr(what_if_bench, "derived_columns", lambda prepared, cleaning: ("sunspots 1 back",))
    at = opened(app_with_run)
    assert "left as they were" not in words(at)
    assert "left as they were: sunspots 1 back" in words(paint(at))


def test_inputs_made_from_the_target_follow_it_until_that_is_switched_off(app, store_url):
    steps = (LagStep(column="y", rows=2), MovingAverageStep(column="y", rows=3))
    y = 50 + 10 * np.sin(np.arange(150) / 4)
    frame = pd.DataFrame({"y": y, "lag": pd.Series(y).shift(2), "mean": pd.Series(y).rolling(3).mean()})[2:]
    names = ("y", *(step.words for step in steps))
    series = Series(values=frame.to_numpy(), index=pd.RangeIndex(148), columns=names, name="made")
    source = SeriesSource(
        kind="sample", sample="sine", roles=ColumnRoles(target="y"), cleaning=Cleaning(steps=steps)
    )
    preparation = PreparationSpec(target="y", features=names[1:], window=WindowSpec(length=6))
    run = finish_run(SqlStore(store_url), series, preparation, cleaning=CleaningRecord(source=source))
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = paint(opened(app.run()), steps=(3, 3))
    assert "Made anew from what you changed" in words(at)
    assert "1 changed value moves the forecast" in words(at)
    at.selectbox(key="what_if_column").set_value(names[1]).run()
    drawn = pencil(at)
    moved = np.subtract(drawn["edited"], drawn["values"])
    np.testing.assert_allclose(moved[:-1], 0)
    assert moved[-1] > 1
    at.toggle(key="what_if_follow").set_value(False).run()
    assert not at.exception
    assert pencil(at)["edited"] == pencil(at)["values"]
    assert "left as they were: y 2 back, y mean of 3" in words(at)


def test_after_the_last_row_there_is_no_truth(app_with_run):
    at = opened(app_with_run)
    at.segmented_control(key="what_if_place").set_value("end").run()
    assert not at.exception
    assert pencil(at)["truth"] == [None]
    assert pencil(at)["ahead_labels"] == ["2009"]
    assert pencil(at)["labels"][-1] == "2008"


def test_more_steps_ahead_are_fed_back(app_with_run):
    at = paint(opened(app_with_run))
    at.number_input(key="what_if_steps").set_value(8).run()
    assert not at.exception
    drawn = pencil(at)
    assert len(drawn["after"]) == len(drawn["ahead_labels"]) == 8


# the draft in another session, and on another window


def loaded_anew(at):
    """The page in a session that knows nothing of the one before."""
    for key in ("_what_if_draft", "_what_if_stored", "_what_if_run"):
        del at.session_state[key]
    return at.run()


def test_a_drawing_is_taken_up_again_and_dropped_with_one_click(app_with_run):
    at = paint(opened(app_with_run), size=1.0)
    drawn = pencil(at)["edited"]
    assert "Taken up again" not in words(at)
    at = loaded_anew(at)
    assert pencil(at)["edited"] == drawn
    assert "Taken up again: 1 change you had drawn." in words(at)
    at.button(key="what_if_leave").click().run()
    assert pencil(at)["edited"] == pencil(at)["values"]
    assert pencil(at)["can_undo"]
    at = loaded_anew(at)
    assert pencil(at)["edited"] == pencil(at)["values"]
    assert "Taken up again" not in words(at)
    assert pencil(at)["can_undo"]


def test_undo_leads_back_through_what_was_drawn_before_the_page_was_loaded(app_with_run, by_pencil):
    at = opened(app_with_run)
    column = pencil(at)["column"]
    for lag, height in ((1, 99.0), (2, 98.0)):
        points = {"kind": "points", "column": column, "values": [[lag, height]]}
        draw(at, {"do": "change", "stroke": str(lag), "change": points, "from": str(lag)})
    at = loaded_anew(at)
    draw(at, {"do": "undo", "from": "new"})
    assert pencil(at)["edited"][-2:] == [pencil(at)["values"][-2], 99.0]
    draw(at, {"do": "undo", "from": "newer"})
    assert pencil(at)["edited"] == pencil(at)["values"]
    assert not pencil(at)["can_undo"]


@pytest.mark.parametrize("take", [True, False])
def test_a_drawing_of_another_tab_is_neither_replaced_nor_taken_unasked(
    app_with_run, by_pencil, finished_run, store_url, take
):
    where = (SqlStore(store_url), "local", finished_run.run_id)
    at = opened(app_with_run)
    column = pencil(at)["column"]
    points = {"kind": "points", "column": column, "values": [[1, 99.0]]}
    mine, theirs = (
        Scenario(changes=(Points(column=column, values=((lag, 99.0),)),), drawn_at=247 + lag)
        for lag in (1, 2)
    )
    scenarios.save_draft(*where, theirs)
    draw(at, {"do": "change", "stroke": "a", "change": points})
    assert "drawn on in another tab meanwhile: 1 change there" in words(at)
    assert pencil(at)["edited"][-1] == 99.0
    assert scenarios.load_draft(*where).scenario == theirs

    at.button(key="what_if_take_other" if take else "what_if_keep_this").click().run()
    assert not at.exception
    assert "in another tab" not in words(at)
    assert (pencil(at)["edited"][-1] == 99.0) != take
    kept = scenarios.load_draft(*where)
    assert (kept.scenario == theirs) == take
    if take:
        assert kept.past[-1].changes == mine.changes
        draw(at, {"do": "undo", "from": "new"})
        assert pencil(at)["edited"][-1] == 99.0


def test_the_same_drawing_in_another_tab_is_no_news(app_with_run, by_pencil, finished_run, store_url):
    at = opened(app_with_run)
    points = {"kind": "points", "column": pencil(at)["column"], "values": [[1, 99.0]]}
    draw(at, {"do": "change", "stroke": "a", "change": points})
    where = (SqlStore(store_url), "local", finished_run.run_id)
    kept = scenarios.load_draft(*where)
    assert scenarios.save_draft(*where, kept.scenario) != kept.mark
    at.run()
    assert "in another tab" not in words(at)
    draw(at, {"do": "reset", "from": "new"})
    assert scenarios.load_draft(*where).scenario.changes == ()


def test_a_stroke_is_kept_when_it_ends_and_what_is_new_is_no_longer_taken_up(
    app_with_run, by_pencil, finished_run, store_url
):
    def stored():
        return scenarios.load_draft(SqlStore(store_url), "local", finished_run.run_id).scenario

    at = opened(app_with_run)
    points = {"kind": "points", "column": pencil(at)["column"], "values": [[1, 99.0]]}
    draw(at, {"do": "change", "stroke": "a", "change": points, "live": True})
    assert stored() == Scenario()
    draw(at, {"do": "change", "stroke": "a", "change": points, "seq": 2})
    assert stored().changes == (Points(column=points["column"], values=((1, 99.0),)),)
    at = loaded_anew(at)
    draw(at, {"do": "change", "stroke": "b", "change": points | {"values": [[2, 98.0]]}, "seq": 1})
    assert len(stored().changes) == 2
    assert "Taken up again" not in words(at)


def test_a_drawing_that_cannot_be_read_again_is_said(app_with_run, finished_run, store_url):
    SqlStore(store_url).save_artifact("local", finished_run.run_id, scenarios.DRAFT, b"{")
    at = opened(app_with_run)
    assert "cannot be read again" in at.error[0].value
    assert pencil(at)["edited"] == pencil(at)["values"]


def test_on_another_window_a_drawing_is_said_to_be_carried_over(app_with_run):
    at = paint(opened(app_with_run), size=1.0)
    moved = np.subtract(pencil(at)["edited"], pencil(at)["values"])
    at.slider(key="what_if_window").set_value(5).run()
    np.testing.assert_allclose(np.subtract(pencil(at)["edited"], pencil(at)["values"]), moved)
    assert "Carried over from the window before 2008" in words(at)
    at.button(key="what_if_way_back").click().run()
    assert at.slider(key="what_if_window").value == 62
    assert "Carried over" not in words(at)
    at.segmented_control(key="what_if_place").set_value("end").run()
    assert "Carried over from the window before 2008" in words(at)
    at.button(key="what_if_leave").click().run()
    assert not at.exception
    assert "Carried over" not in words(at)
    assert pencil(at)["edited"] == pencil(at)["values"]


# scenarios


def keep(at, name):
    at.text_input(key="scenario_name").set_value(name).run()
    at.button(key="scenario_keep").click().run()
    assert not at.exception
    return at


def kept(finished_run, store_url):
    return scenarios.load(SqlStore(store_url), "local", finished_run.run_id)


def test_a_scenario_is_kept_with_the_run_and_drawn_with_others(app_with_run, finished_run, store_url):
    at = keep(paint(opened(app_with_run)), "Higher")
    assert [one.name for one in kept(finished_run, store_url)] == ["Higher"]
    at.slider(key="what_if_size_step").set_value(-1.0).run()
    keep(at, "Lower")
    assert [one.name for one in kept(finished_run, store_url)] == ["Higher", "Lower"]
    names = {trace["name"] for trace in charts(at)["scenarios_chart"]["data"]}
    assert names == {"no scenario", "came true", "Higher", "Lower"}
    assert "Largest change of the forecast: Higher" in words(at)


@pytest.fixture
def with_scenarios(app_with_run, finished_run, store_url):
    column = finished_run.spec.preparation.target
    made = (
        Scenario(name="Spike", changes=(Shape(kind="spike", column=column, start=5, end=1, size=20.0),)),
        Scenario(name="Point", changes=(Points(column=column, values=((1, 90.0),)),), drawn_at=300),
    )
    scenarios.add(SqlStore(store_url), "local", finished_run.run_id, made)
    return opened(app_with_run)


def test_scenarios_are_there_in_a_new_session(with_scenarios):
    assert "scenarios_chart" in charts(with_scenarios)
    assert with_scenarios.multiselect(key="scenario_shown").value == ["Spike", "Point"]


def test_one_is_opened_copied_renamed_and_deleted_with_undo(with_scenarios, finished_run, store_url):
    at = with_scenarios

    def names():
        return [one.name for one in kept(finished_run, store_url)]

    at.button(key="scenario_open").click().run()
    assert pencil(at)["edited"] != pencil(at)["values"]
    at.button(key="scenario_copy").click().run()
    assert names() == ["Spike", "Point", "Spike (2)"]
    at.text_input(key="scenario_new_name").set_value("Peak").run()
    at.button(key="scenario_rename").click().run()
    assert names() == ["Peak", "Point", "Spike (2)"]
    at.selectbox(key="scenario_chosen").set_value("Point").run()
    at.button(key="scenario_delete").click().run()
    assert not at.exception
    assert names() == ["Peak", "Spike (2)"]
    assert "Deleted: Point" in words(at)
    at.button(key="scenario_undelete").click().run()
    assert names() == ["Peak", "Spike (2)", "Point"]
    assert not at.exception


def test_a_scenario_leads_to_the_window_it_was_drawn_on(with_scenarios, finished_run, store_url):
    at = with_scenarios
    made = paint(at)
    keep(made, "Here")
    made.slider(key="what_if_window").set_value(5).run()
    made.selectbox(key="scenario_chosen").set_value("Here").run()
    made.segmented_control(key="what_if_place").set_value("end").run()
    made.button(key="scenario_go").click().run()
    assert not made.exception
    assert made.slider(key="what_if_window").value == 62
    assert pencil(made)["labels"][-1] == "2007"


def test_a_taken_name_is_refused_in_words(with_scenarios, finished_run, store_url):
    at = with_scenarios
    at.text_input(key="scenario_new_name").set_value("Point").run()
    at.button(key="scenario_rename").click().run()
    assert "has this name" in at.error[0].value
    assert [one.name for one in kept(finished_run, store_url)] == ["Spike", "Point"]


def test_a_file_is_imported_and_a_wrong_one_refused(with_scenarios, finished_run, store_url):
    at = with_scenarios
    at.session_state["scenario_files"] = True
    at.run()
    assert "To share scenarios" in words(at)
    content = scenarios.to_json(kept(finished_run, store_url)[:1])
    at.file_uploader(key="scenario_file_0").upload("scenarios.json", content, "application/json").run()
    assert not at.exception
    assert [one.name for one in kept(finished_run, store_url)] == ["Spike", "Point", "Spike (2)"]
    at.file_uploader(key="scenario_file_1").upload("other.json", b"1,2,3", "application/json").run()
    assert not at.exception
    assert "This file is no JSON" in at.error[0].value


def test_names_from_files_stay_inert(app_with_run, finished_run, store_url):
    wild = "**<b>$x$</b>** https://example.org"
    drawn = Shape(kind="step", column=finished_run.spec.preparation.target, start=1, end=1, size=1.0)
    scenarios.add(SqlStore(store_url), "local", finished_run.run_id, (Scenario(name=wild, changes=(drawn,)),))
    at = opened(app_with_run)
    assert "**<b>" not in words(at)
    assert "<b>" not in json.dumps(charts(at)["scenarios_chart"]["data"])


def test_a_scenario_of_other_columns_says_that_it_does_not_fit(app_with_run, finished_run, store_url):
    foreign = Scenario(name="Foreign", changes=(Points(column="rain", values=((1, 1.0),)),))
    scenarios.add(SqlStore(store_url), "local", finished_run.run_id, (foreign,))
    at = opened(app_with_run)
    assert not at.exception
    assert "Foreign does not fit here" in words(at)
    at.button(key="scenario_open").click().run()
    assert not at.exception
    assert "This scenario does not fit here" in at.error[0].value
    assert pencil(at)["edited"] == pencil(at)["values"]


# runs of other networks, with further inputs, and with a transform


def test_gates_of_both_directions_of_a_layer_are_shown(app, store_url):
    network = NetworkSpec(layers=(LayerSpec(units=4, bidirectional=True),))
    source = SeriesSource(kind="sample", sample="sunspots")
    series = load_source(source, lambda sha256: b"")
    preparation = default_preparation(series)
    weights = random_weights(network, prepare(series, preparation))
    run = finish_run(SqlStore(store_url), series, preparation, network=network, weights=weights)
    app.session_state["_journey"] = Journey(source=source, selected_run=run.run_id)
    at = paint(opened(app.run()), steps=(3, 4))

    def answers():
        """Whether any unit answers, by steps back from the newest one."""
        heat = next(one for one in charts(at)["what_if_gates_chart"]["data"] if one["type"] == "heatmap")
        values = np.frombuffer(b64decode(heat["z"]["bdata"]), dtype=heat["z"]["dtype"])
        return values.reshape(4, -1).any(axis=0)[::-1]

    np.testing.assert_array_equal(answers()[:5], [True, True, True, True, False])
    at.segmented_control(key="what_if_reads_0").set_value("backwards").run()
    assert not at.exception
    np.testing.assert_array_equal(answers()[:5], [False, False, True, True, True])
    assert "from the newest row to the oldest" in words(at)


def test_a_network_of_log_differences_answers_and_refuses_what_has_no_logarithm(app, store_url, by_pencil):
    def preparation(series):
        made = default_preparation(series)
        return made.model_copy(
            update={
                "transform": TransformSpec(power="box-cox", difference=1),
                "window": WindowSpec(length=12, horizon=3),
            }
        )

    source = SeriesSource(kind="sample", sample="nile")
    series = load_source(source, lambda sha256: b"")
    run = finish_run(SqlStore(store_url), series, preparation(series))
    app.session_state["_journey"] = Journey(source=source, selected_run=run.run_id)
    at = opened(app.run())
    drawn = pencil(at)
    assert len(drawn["values"]) == 13
    points = {"kind": "points", "column": drawn["column"], "values": [[1, -5.0]]}
    draw(at, {"do": "change", "stroke": "a", "change": points})
    assert not at.exception
    assert "needs values above 0" in at.error[0].value
    points["values"] = [[1, 900.0]]
    draw(at, {"do": "change", "stroke": "b", "change": points, "seq": 2})
    assert not at.error
    assert pencil(at)["after"] != pencil(at)["before"]


def test_further_inputs_are_asked_for_once_they_are_read_ahead(app, store_url):
    rng = np.random.default_rng(1)
    series = Series(
        values=rng.normal(size=(150, 2)).cumsum(axis=0),
        index=pd.date_range("2024-01-01", periods=150, freq="D"),
        columns=("load", "price"),
        name="made",
        unit="MW",
    )
    preparation = PreparationSpec(target="load", features=("price",), window=WindowSpec(length=8, horizon=2))
    run = finish_run(SqlStore(store_url), series, preparation)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = opened(app.run())
    assert "the network reads nothing that comes after the window" in words(at)
    at.number_input(key="what_if_steps").set_value(6).run()
    assert not at.exception
    assert "'price' repeats its last value" in words(at)
    at.selectbox(key="what_if_column").set_value("price").run()
    assert not at.exception
    drawn = pencil(at)
    assert drawn["values"] == series.column("price")[140:148].tolist()
    assert drawn["after"] == []
    assert drawn["axis"] == "price"
