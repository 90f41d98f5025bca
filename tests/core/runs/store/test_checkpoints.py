"""Checkpoints of a run."""

from lstm_core.runs.sql import SqlStore
from lstm_core.training.events import (
    RunInterrupted,
)
from tests.core.runs.store.story import FINISHED, epoch


class TestCheckpoints:
    def test_a_checkpoint_takes_the_place_of_the_one_before(self, place, work):
        run_id = work()
        assert place.load_checkpoint(run_id) == place.load_artifact("ann", run_id, "checkpoint") == b"after 2"
        assert place.save_checkpoint(run_id, b"after 3", epoch(3), epoch=3)
        assert place.load_checkpoint(run_id) == b"after 3"
        assert place.find(run_id).checkpoint == place.list_runs("ann")[0].checkpoint == 3
        assert [event.epoch for _, event in place.read_events("ann", run_id)[1:]] == [1, 2, 3]

    def test_a_run_begins_without_one(self, place, new):
        run = new()
        assert (run.checkpoint, place.load_checkpoint(run.run_id)) == (None, None)

    def test_a_run_that_is_over_keeps_the_last_one(self, place, work):
        run_id = work()
        place.append(run_id, RunInterrupted(message="gone"))
        assert not place.save_checkpoint(run_id, b"late", epoch(3), epoch=3)
        run = place.get("ann", run_id)
        assert (run.checkpoint, len(run.state.epochs)) == (2, 2)
        assert place.load_checkpoint(run_id) == b"after 2"

    def test_a_finished_run_has_the_one_of_its_last_epoch(self, place, work):
        run_id = work()
        place.finish(run_id, FINISHED, {"weights": b"w", "checkpoint": b"after 4"}, epoch=4)
        assert (place.find(run_id).checkpoint, place.load_checkpoint(run_id)) == (4, b"after 4")


def test_checkpoints_do_not_pile_up(tmp_path, spec, series):
    """Forty checkpoints of 200 kB in a file that holds two of them at a time."""
    store = SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    run_id = store.create("ann", spec, series, name="x", token="x").run_id
    for number in range(1, 41):
        store.save_checkpoint(run_id, bytes([number]) * 200_000, epoch(number), epoch=number)
    assert (tmp_path / "runs.sqlite3").stat().st_size < 600_000
    assert store.load_checkpoint(run_id) == bytes([40]) * 200_000
