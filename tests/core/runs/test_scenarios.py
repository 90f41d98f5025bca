"""Scenarios kept with a run, in every kind of store."""

import json

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import RunError
from lstm_core.evaluation.what_if.scenario import Points, Scenario, Shape
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs import scenarios
from lstm_core.runs.memory import MemoryStore
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec

DROUGHT = Scenario(
    name="Drought", changes=(Shape(kind="step", column="y", start=3, end=1, size=-5.0),), drawn_at=80
)
FLOOD = Scenario(name="Flood", changes=(Points(column="y", values=((1, 9.5), (2, 0.1))),))


@pytest.fixture(params=["memory", "sql"])
def store(request, tmp_path):
    return MemoryStore() if request.param == "memory" else SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")


@pytest.fixture
def run_id(store):
    series = Series(values=np.arange(90.0)[:, None] % 7, index=pd.RangeIndex(90), columns=("y",), name="made")
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=5)),
    )
    made = store.create("me", spec, series, name="made", token="once")
    store.save_artifact("me", made.run_id, "weights", b"weights")
    return made.run_id


def test_they_are_there_when_the_run_is_opened_again(store, run_id):
    assert scenarios.load(store, "me", run_id) == ()
    scenarios.keep(store, "me", run_id, DROUGHT)
    scenarios.keep(store, "me", run_id, FLOOD)
    assert scenarios.load(store, "me", run_id) == (DROUGHT, FLOOD)


def test_the_same_name_is_replaced_where_it_stands(store, run_id):
    scenarios.add(store, "me", run_id, (DROUGHT, FLOOD))
    milder = DROUGHT.model_copy(update={"changes": ()})
    assert scenarios.keep(store, "me", run_id, milder) == (milder, FLOOD)


def test_a_copy_gets_a_number(store, run_id):
    names = [one.name for one in scenarios.add(store, "me", run_id, (DROUGHT, DROUGHT, DROUGHT))]
    assert names == ["Drought", "Drought (2)", "Drought (3)"]


def test_they_are_renamed_taken_out_and_put_back(store, run_id):
    scenarios.add(store, "me", run_id, (DROUGHT, FLOOD))
    assert [one.name for one in scenarios.rename(store, "me", run_id, "Flood", " Big\nflood ")] == [
        "Drought",
        "Big flood",
    ]
    assert [one.name for one in scenarios.remove(store, "me", run_id, "Drought")] == ["Big flood"]
    assert scenarios.add(store, "me", run_id, (DROUGHT,))[-1] == DROUGHT


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "Drought"])
def test_names_that_nobody_could_find_again_are_refused(store, run_id, name):
    scenarios.add(store, "me", run_id, (DROUGHT, FLOOD))
    with pytest.raises(RunError, match=r"needs a name|has this name"):
        scenarios.rename(store, "me", run_id, "Flood", name)
    assert scenarios.load(store, "me", run_id) == (DROUGHT, FLOOD)


def test_somebody_elses_run_says_nothing(store, run_id):
    scenarios.keep(store, "me", run_id, DROUGHT)
    for verb in (
        lambda: scenarios.load(store, "you", run_id),
        lambda: scenarios.keep(store, "you", run_id, FLOOD),
        lambda: scenarios.remove(store, "you", run_id, "Drought"),
    ):
        with pytest.raises(RunError, match="does not exist, was deleted, or belongs to somebody else"):
            verb()
    assert scenarios.load(store, "me", run_id) == (DROUGHT,)


def test_there_is_a_limit(store, run_id):
    scenarios.add(store, "me", run_id, (DROUGHT,) * scenarios.MAX_SCENARIOS)
    with pytest.raises(RunError, match="no room"):
        scenarios.keep(store, "me", run_id, FLOOD)
    large = Scenario(
        name="Flood",
        changes=(Points(column="y" * 100, values=tuple((n + 1, n / 7) for n in range(9000))),) * 5,
    )
    scenarios.remove(store, "me", run_id, "Drought")
    with pytest.raises(RunError, match="no room"):
        scenarios.keep(store, "me", run_id, large)


def test_the_file_is_read_back_to_the_last_digit():
    third = FLOOD.model_copy(update={"changes": (Points(column="y", values=((1, 1 / 3),)),)})
    assert scenarios.read_json(scenarios.to_json((DROUGHT, third))) == (DROUGHT, third)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b"time,value\n1,2", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[1, 2]", "usable value"),
        (b'{"scenarios": 3}', "scenarios does not have a usable value"),
        (b'{"version": 2, "scenarios": []}', "version does not have a usable value"),
        (b'{"scenarios": [{"name": "a", "changes": [{"kind": "wave"}]}]}', "usable value"),
        (json.dumps({"scenarios": [{"name": "x" * 61}]}).encode(), "scenarios.0.name"),
        (
            b'{"scenarios": [{"changes": [{"kind": "step", "column": "y", "start": 1, "end": 2}]}]}',
            "older step",
        ),
        (
            b'{"scenarios": [{"changes": [{"kind": "points", "column": "y", "values": [[1, 1e999]]}]}]}',
            "finite",
        ),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_other_files_are_refused_in_words(content, words):
    with pytest.raises(RunError, match=words):
        scenarios.read_json(content)


def drawn(store, run_id):
    return scenarios.load_draft(store, "me", run_id).scenario


def test_the_draft_is_one_of_its_own_and_the_newest_counts(store, run_id):
    assert scenarios.load_draft(store, "me", run_id) == scenarios.KeptDraft(scenario=Scenario())
    scenarios.keep(store, "me", run_id, FLOOD)
    for one in (FLOOD, DROUGHT):
        scenarios.save_draft(store, "me", run_id, one)
    assert drawn(store, run_id) == DROUGHT
    assert scenarios.load(store, "me", run_id) == (FLOOD,)
    scenarios.save_draft(store, "me", run_id, Scenario())
    assert drawn(store, run_id) == Scenario()


def test_a_draft_keeps_what_undo_leads_to_as_far_as_there_is_room(store, run_id):
    past = tuple(Scenario(name=str(number)) for number in range(30))
    mark = scenarios.save_draft(store, "me", run_id, DROUGHT, past)
    kept = scenarios.load_draft(store, "me", run_id)
    assert kept == scenarios.KeptDraft(scenario=DROUGHT, past=past[-19:], mark=mark)

    values = tuple((lag, 0.123456789012345) for lag in range(1, 3_001))
    large = Scenario(name="large", changes=(Points(column="y", values=values),))
    scenarios.save_draft(store, "me", run_id, DROUGHT, (large,) * 19)
    kept = scenarios.load_draft(store, "me", run_id)
    assert kept.scenario == DROUGHT
    assert set(kept.past) == {large}
    assert len(kept.past) < 19


def test_the_mark_tells_that_somebody_kept_another_draft(store, run_id):
    assert scenarios.draft_mark(store, "me", run_id) == ""
    first = scenarios.save_draft(store, "me", run_id, DROUGHT)
    assert scenarios.draft_mark(store, "me", run_id) == first
    assert scenarios.save_draft(store, "me", run_id, FLOOD) != first
    assert scenarios.save_draft(store, "me", run_id, DROUGHT) == first


def test_a_draft_is_nobody_elses(store, run_id):
    scenarios.save_draft(store, "me", run_id, DROUGHT)
    with pytest.raises(RunError):
        scenarios.load_draft(store, "you", run_id)
    with pytest.raises(RunError):
        scenarios.save_draft(store, "you", run_id, FLOOD)
    assert drawn(store, run_id) == DROUGHT


def test_a_draft_larger_than_a_file_may_be_is_refused_and_the_older_one_stays(store, run_id):
    scenarios.save_draft(store, "me", run_id, DROUGHT)
    values = tuple((lag, 0.123456789012345) for lag in range(1, 10_001))
    huge = Scenario(changes=(Points(column="y", values=values),) * 5)
    with pytest.raises(RunError, match="too large"):
        scenarios.save_draft(store, "me", run_id, huge)
    assert drawn(store, run_id) == DROUGHT
