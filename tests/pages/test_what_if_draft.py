"""The scenario on the desk, changed by tables and by what the pencil sends: undo, redo, refusals, inputs ahead."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.ahead.future_inputs import FuturePlan
from lstm_core.evaluation.what_if.scenario import FutureInput, Points, Scenario, Shape
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.memory import MemoryStore
from lstm_core.series.record import Series
from pages._shell import state
from pages._shell.opened import OpenedRun
from pages._shell.understanding import future_panel, pencil, what_if_draft
from pages._shell.understanding.what_if_draft import Desk
from tests.pages.finished import finish_run, fit_head

REACH = 6


@pytest.fixture
def kept(monkeypatch):
    """What the session would keep."""
    held = {}
    monkeypatch.setattr(state, "remember", lambda key, value: held.update({key: value}))
    monkeypatch.setattr(state, "recall", lambda key, default: held.get(key, default))
    return held


@pytest.fixture
def desk(kept):
    rng = np.random.default_rng(0)
    rain = rng.normal(size=120)
    flow = 10 + np.roll(rain, 1) + 0.1 * rng.normal(size=120)
    series = Series(
        values=np.column_stack([flow, rain]),
        index=pd.date_range("2024-01-01", periods=120, freq="D"),
        columns=("flow", "rain"),
        name="made",
        unit="m³/s",
    )
    spec = PreparationSpec(target="flow", features=("rain",), window=WindowSpec(length=REACH, horizon=2))
    made, prepared = finish_run(MemoryStore(), series, spec), prepare(series, spec)
    _, weights = fit_head(prepared)
    run = OpenedRun(run=made, series=series, prepared=prepared, weights=weights)
    return Desk(run=run, origin=len(prepared.values), column="flow", steps=2, plan=FuturePlan())


def draft(desk):
    return what_if_draft.current(desk.run)


def send(monkeypatch, desk, *commands):
    numbered = [{"seq": number, **one} for number, one in enumerate(commands, start=1)]
    monkeypatch.setattr(pencil, "commands", lambda: numbered)
    what_if_draft.obey_pencil(desk)


def edit_table(monkeypatch, desk, cells):
    monkeypatch.setattr(state, "held", lambda key: {"edited_rows": cells})
    what_if_draft.change_from_table(desk, "table")


def test_cells_of_the_table_set_points_and_empty_ones_are_gaps(monkeypatch, desk):
    edit_table(monkeypatch, desk, {REACH - 1: {"flow": 12.5, "rain": 1.0}, 0: {"flow": None}})
    assert draft(desk).scenario.changes == (
        Points(column="flow", values=((1, 12.5),)),
        Points(column="rain", values=((1, 1.0),)),
        Shape(kind="gap", column="flow", start=REACH, end=REACH),
    )
    assert draft(desk).scenario.drawn_at == desk.origin


def test_every_change_is_undone_and_redone_in_order(monkeypatch, desk):
    for value in (11.0, 12.0, 13.0):
        edit_table(monkeypatch, desk, {REACH - 1: {"flow": value}})
    for n_changes in (2, 1, 0, 0):
        what_if_draft.undo(desk.run)
        assert len(draft(desk).scenario.changes) == n_changes
    for n_changes in (1, 2, 3, 3):
        what_if_draft.redo(desk.run)
        assert len(draft(desk).scenario.changes) == n_changes
    what_if_draft.undo(desk.run)
    edit_table(monkeypatch, desk, {0: {"flow": 9.0}})
    assert not draft(desk).ahead
    what_if_draft.reset(desk.run)
    assert not draft(desk).scenario.changes
    what_if_draft.undo(desk.run)
    assert len(draft(desk).scenario.changes) == 3


def test_one_stroke_is_one_change_however_often_it_is_sent(monkeypatch, desk):
    def stroke(height, *, live):
        values = [[1, height]]
        change = {"kind": "points", "column": "flow", "values": values}
        return {"do": "change", "stroke": "a", "live": live, "change": change}

    send(monkeypatch, desk, stroke(11.0, live=True))
    assert draft(desk).live
    assert draft(desk).settled == Scenario()
    send(monkeypatch, desk, stroke(11.0, live=True), stroke(12.0, live=False))
    assert draft(desk).scenario.changes == (Points(column="flow", values=((1, 12.0),)),)
    assert draft(desk).settled == draft(desk).scenario
    assert draft(desk).acknowledged == 2
    what_if_draft.undo(desk.run)
    assert draft(desk).scenario == Scenario()


@pytest.mark.parametrize(
    "command",
    [{}, {"do": "dance"}, {"do": "change"}, {"do": "change", "change": {"kind": "points"}, "stroke": "a"}],
)
def test_a_command_that_means_nothing_changes_nothing(monkeypatch, desk, command):
    send(monkeypatch, desk, command)
    assert draft(desk).scenario == Scenario()
    assert draft(desk).acknowledged == 1


def test_a_refused_change_leaves_the_draft_and_the_next_one_clears_the_words(monkeypatch, desk):
    edit_table(monkeypatch, desk, {REACH - 1: {"flow": 1e300}})
    assert "absurdly far" in draft(desk).refusal
    assert draft(desk).scenario == Scenario()
    edit_table(monkeypatch, desk, {REACH - 1: {"flow": 12.0}})
    assert not draft(desk).refusal


def test_no_more_changes_than_a_scenario_holds(monkeypatch, desk):
    what_if_draft.put(desk.run, Scenario(changes=(Points(column="flow", values=((1, 12.0),)),) * 200))
    edit_table(monkeypatch, desk, {REACH - 1: {"flow": 10.0}})
    assert len(draft(desk).scenario.changes) == 200
    assert "at most 200" in draft(desk).refusal


def test_another_run_starts_with_a_draft_of_its_own(monkeypatch, desk, kept):
    edit_table(monkeypatch, desk, {REACH - 1: {"flow": 12.0}})
    kept["what_if_draft"] = ("another", kept["what_if_draft"][1])
    assert draft(desk).scenario == Scenario()


def test_inputs_ahead_are_taken_over_replaced_and_given_back(monkeypatch, desk):
    far = replace(desk, steps=6)

    def give(cells):
        monkeypatch.setattr(state, "held", lambda key: {"edited_rows": cells})
        future_panel._take_over(far, "ahead")

    give({0: {"rain": 2.0}, 3: {"rain": -1.0}})
    assert set(draft(far).scenario.future) == {
        FutureInput(step=1, column="rain", value=2.0),
        FutureInput(step=4, column="rain", value=-1.0),
    }
    outcome = far.try_out(draft(far).scenario)
    assert outcome.future_after.shape == (4, 1)
    np.testing.assert_array_equal(outcome.change[:2], 0)
    assert outcome.change[2:].any()
    give({0: {"rain": None}, 3: {"rain": 0.5}})
    assert draft(far).scenario.future == (FutureInput(step=4, column="rain", value=0.5),)
    give({1: {"rain": 1e300}})
    assert "absurdly far" in draft(far).refusal


def test_dates_go_on_behind_the_last_row(desk):
    assert desk.labels[-1] == "2024-04-29"
    assert desk.ahead == ["2024-04-30", "2024-05-01"]
    assert np.isnan(desk.truth).all()


def test_a_stroke_that_was_cancelled_is_taken_back_unless_it_was_refused(monkeypatch, desk):
    def stroke(seq, name, height):
        change = {"kind": "points", "column": "flow", "values": [[1, height]]}
        return {"seq": seq, "do": "change", "stroke": name, "live": True, "change": change}

    send(monkeypatch, desk, stroke(1, "a", 11.0))
    send(monkeypatch, desk, stroke(2, "b", 1e300), {"seq": 3, "do": "cancel", "stroke": "b"})
    assert len(draft(desk).scenario.changes) == 1
    assert not draft(desk).live
    send(monkeypatch, desk, stroke(4, "c", 12.0), {"seq": 5, "do": "cancel", "stroke": "c"})
    assert draft(desk).scenario.changes == (Points(column="flow", values=((1, 11.0),)),)


def test_every_pencil_counts_its_own_commands_and_those_of_another_run_are_dropped(monkeypatch, desk):
    def raised(seq, height, **facts):
        change = {"kind": "points", "column": "flow", "values": [[1, height]]}
        return {"seq": seq, "do": "change", "stroke": f"{facts}{seq}", "change": change, **facts}

    send(monkeypatch, desk, raised(7, 11.0, **{"from": "old"}))
    send(monkeypatch, desk, raised(1, 12.0, **{"from": "new"}))
    assert len(draft(desk).scenario.changes) == 2
    assert (draft(desk).pencil, draft(desk).acknowledged) == ("new", 1)
    send(monkeypatch, desk, raised(1, 13.0, **{"from": "new"}))
    send(monkeypatch, desk, raised(2, 13.0, run="another", **{"from": "new"}))
    assert len(draft(desk).scenario.changes) == 2
