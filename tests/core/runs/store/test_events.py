"""Events of a run, up to its last."""

import pytest

from lstm_core.errors import RunError
from lstm_core.training.events import (
    Progress,
    RunCancelled,
    RunFailed,
    Status,
    Wish,
)
from tests.core.runs.store.story import FINISHED, STARTED, epoch


class TestEvents:
    def test_events_are_numbered_and_read_from_anywhere(self, place, new):
        run_id = new().run_id
        place.append(run_id, STARTED)
        place.append(run_id, epoch(1), epoch(2))
        assert place.read_events("ann", run_id) == [(1, STARTED), (2, epoch(1)), (3, epoch(2))]
        assert place.read_events("ann", run_id, after=2) == [(3, epoch(2))]
        assert place.read_events("ann", run_id, after=3) == []

    def test_the_state_is_the_fold_of_the_events(self, place, new):
        run_id = new().run_id
        place.append(run_id, STARTED, epoch(1, 0.9), epoch(2, 0.3), epoch(3, 0.6))
        run = place.get("ann", run_id)
        assert (run.status, run.state.status) == (Status.RUNNING, Status.RUNNING)
        assert (run.state.best_epoch, len(run.state.epochs)) == (2, 3)

    def test_a_number_is_never_used_twice(self, place, new):
        run_id = new().run_id
        place.append(run_id, STARTED)
        for step in range(5):
            place.append(run_id, Progress(epoch=1, share=step / 5, seconds=step))
        before = place.read_events("ann", run_id)
        place.append(run_id, epoch(1))
        after = place.read_events("ann", run_id, after=before[-1][0])
        assert [event for _, event in after] == [epoch(1)]
        assert before[-1][1].share == 0.8

    def test_a_loss_that_is_no_number_survives(self, place, new):
        run_id = new().run_id
        place.append(run_id, epoch(1), epoch(2, float("nan")))
        (_, first), (_, second) = place.read_events("ann", run_id)
        assert first.val_loss == 0.5
        assert second.val_loss != second.val_loss
        assert place.get("ann", run_id).state.best_epoch == 1

    def test_nothing_happens_after_the_end(self, place, new):
        run_id = new().run_id
        assert place.append(run_id, RunFailed(cause="silent", message="no sign of life"))
        assert not place.append(run_id, epoch(9))
        assert not place.append(run_id, RunCancelled())
        assert not place.finish(run_id, FINISHED, {"weights": b"late"})
        run = place.get("ann", run_id)
        assert (run.status, run.state.message, run.state.epochs) == (Status.FAILED, "no sign of life", ())
        with pytest.raises(RunError):
            place.load_artifact("ann", run_id, "weights")

    def test_an_unknown_run_takes_no_events(self, place):
        assert not place.append("a" * 26, epoch(1))
        assert not place.save_checkpoint("a" * 26, b"c", epoch(1), epoch=1)
        assert place.load_checkpoint("a" * 26) is None
        assert not place.release("a" * 26)
        assert place.beat("a" * 26) is Wish.CANCEL


class TestFinishing:
    def test_weights_and_status_arrive_together(self, place, new):
        run_id = new().run_id
        place.append(run_id, STARTED, epoch(1))
        assert place.finish(run_id, FINISHED, {"weights": b"w", "test_predictions": b"p"})
        run = place.get("ann", run_id)
        assert (run.status, run.state.finished) == (Status.FINISHED, FINISHED)
        assert place.load_artifact("ann", run_id, "weights") == b"w"
        assert place.load_artifact("ann", run_id, "test_predictions") == b"p"

    def test_a_list_tells_scores_without_curves(self, place, new):
        run_id = new().run_id
        place.append(run_id, STARTED, epoch(1))
        place.finish(run_id, FINISHED, {})
        (run,) = place.list_runs("ann")
        assert run.state.finished.scores["lstm"]["mae"] == 0.5
        assert (run.state.best_epoch, run.state.epochs) == (2, ())

    def test_a_missing_artifact_says_what_to_do(self, place, new):
        with pytest.raises(RunError, match="Train the network again"):
            place.load_artifact("ann", new().run_id, "weights")
