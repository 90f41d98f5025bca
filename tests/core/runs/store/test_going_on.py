"""A run that is over goes on as another."""

import numpy as np
import pytest

from lstm_core.errors import RunError
from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import (
    RunCancelled,
    RunFailed,
    RunInterrupted,
    Status,
)
from lstm_core.training.snapshots import Snapshots
from tests.core.runs.store.story import FINISHED, STARTED, epoch


class TestGoingOn:
    ENDS = (
        RunInterrupted(message="gone"),
        RunCancelled(),
        *(RunFailed(cause=cause, message="lost") for cause in ("worker", "silent", "time", "memory")),
    )

    @pytest.mark.parametrize("end", ENDS, ids=lambda end: getattr(end, "cause", end.kind))
    def test_a_lost_run_goes_on_as_a_child(self, place, work, spec, end):
        parent = work()
        place.append(parent, epoch(3), end)
        child = place.resume("ann", parent, token="again")
        assert (child.parent, child.status, child.checkpoint) == (parent, Status.QUEUED, 2)
        assert (child.spec, child.series_name) == (spec, "sine")
        assert place.load_checkpoint(child.run_id) == b"after 2"
        told = place.read_events("ann", child.run_id)
        assert told == [(1, epoch(1)), (2, epoch(2))]
        place.append(child.run_id, STARTED, epoch(3, 0.1))
        assert [ended.epoch for ended in place.get("ann", child.run_id).state.epochs] == [1, 2, 3]
        assert place.get("ann", parent).status.is_final

    def test_a_child_is_a_run_of_its_own(self, place, work):
        parent = work(name="walk")
        place.append(parent, RunCancelled())
        child = place.resume("ann", parent, token="again")
        assert child.name == "walk (2)"
        place.save_checkpoint(child.run_id, b"after 3", epoch(3), epoch=3)
        assert place.load_checkpoint(parent) == b"after 2"
        place.delete("ann", parent)
        place.sweep(older_than_seconds=0)
        assert place.load_checkpoint(child.run_id) == b"after 3"
        assert place.get("ann", child.run_id).parent == parent

    def test_two_clicks_make_one_child(self, place, work):
        parent = work()
        place.append(parent, RunCancelled())
        assert place.resume("ann", parent, token="x") == place.resume("ann", parent, token="x")
        assert len(place.list_runs("ann")) == 2

    def test_a_child_can_be_lost_and_go_on_too(self, place, work):
        parent = work()
        place.append(parent, RunInterrupted(message="gone"))
        child = place.resume("ann", parent, token="1")
        place.append(child.run_id, RunCancelled())
        grandchild = place.resume("ann", child.run_id, token="2")
        assert (grandchild.parent, grandchild.checkpoint) == (child.run_id, 2)
        assert len(place.read_events("ann", grandchild.run_id)) == 2

    def test_the_place_of_a_lost_run_in_its_study_is_taken(self, place, spec, series):
        run_id = place.create("ann", spec, series, name="s", token="s", study="seeds").run_id
        place.save_checkpoint(run_id, b"c", epoch(1), epoch=1)
        place.append(run_id, RunCancelled())
        assert place.resume("ann", run_id, token="t").study == "seeds"

    def test_a_finished_run_is_trained_longer(self, place, work):
        parent = work()
        place.finish(parent, FINISHED, {"checkpoint": b"after 2"}, epoch=2)
        child = place.resume("ann", parent, token="more", epochs=50)
        assert (child.spec.plan.epochs, child.parent, child.checkpoint) == (50, parent, 2)
        assert len(place.read_events("ann", child.run_id)) == 2

    def test_a_run_that_is_trained_longer_leaves_its_study(self, place, spec, series):
        parent = place.create("ann", spec, series, name="s", token="s", study="seeds").run_id
        place.finish(parent, FINISHED, {"checkpoint": b"after 2"}, epoch=2)
        assert place.resume("ann", parent, token="more", epochs=50).study is None

    @pytest.mark.parametrize(("waited", "expected"), [(1, 1), (2, 0), (3, 0)])
    def test_a_run_that_lost_its_patience_gets_it_anew(self, place, spec, series, waited, expected):
        impatient = spec.model_copy(update={"plan": spec.plan.model_copy(update={"patience": 2})})
        empty = Snapshots(epochs=np.zeros(0, int), weights=())
        numbers = {"EarlyStopping.wait": float(waited), "EarlyStopping.best": 0.5}
        stopped = Checkpoint(epoch=3, arrays={"model.0": np.ones(2)}, numbers=numbers, snapshots=empty)
        content = arrays_to_bytes(stopped.to_arrays())
        parent = place.create("ann", impatient, series, name="x", token="x").run_id
        place.finish(parent, FINISHED, {"checkpoint": content}, epoch=3)
        child = place.resume("ann", parent, token="more", epochs=50)
        kept = Checkpoint.from_arrays(arrays_from_bytes(place.load_checkpoint(child.run_id)))
        assert kept.numbers == numbers | {"EarlyStopping.wait": expected}
        assert (kept.epoch, kept.arrays["model.0"].tolist()) == (3, [1, 1])
        assert place.load_checkpoint(parent) == content

    @pytest.mark.parametrize(
        ("end", "epochs", "words"),
        [
            (None, None, "not over"),
            (RunFailed(cause="diverged", message="NaN"), None, "fail again"),
            (RunFailed(cause="settings", message="no"), None, "fail again"),
            (RunCancelled(), 50, "only a finished one"),
            (FINISHED, None, "is finished"),
            (FINISHED, 2, "Ask for more"),
            (FINISHED, 10**9, "Ask for fewer"),
        ],
    )
    def test_what_cannot_go_on_says_why(self, place, work, end, epochs, words):
        run_id = work()
        if end is FINISHED:
            place.finish(run_id, FINISHED, {"checkpoint": b"after 2"}, epoch=2)
        elif end is not None:
            place.append(run_id, end)
        with pytest.raises(RunError, match=words):
            place.resume("ann", run_id, token="x", epochs=epochs)
        assert len(place.list_runs("ann")) == 1

    def test_without_a_checkpoint_there_is_nothing_to_go_on_from(self, place, new):
        run_id = new().run_id
        place.append(run_id, STARTED, epoch(1), RunInterrupted(message="gone"))
        with pytest.raises(RunError, match=r"left no checkpoint\. Train it again"):
            place.resume("ann", run_id, token="x")
