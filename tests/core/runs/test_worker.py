"""The worker's parts that need no TensorFlow: the outbox and how a run ends."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy.exc import OperationalError

from lstm_core.errors import Diverged, NetworkError
from lstm_core.runs import outbox as outbox_module
from lstm_core.runs import warm, worker
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.memory import MemoryStore
from lstm_core.runs.outbox import SPACING, Outbox
from lstm_core.settings import Settings
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.control import Cancelled
from lstm_core.training.events import EpochEnded, Progress, RunCancelled, RunPaused, RunStarted, Status, Wish
from lstm_core.training.snapshots import Snapshots
from tests.core.runs.workers import until


def epoch(number):
    return EpochEnded(epoch=number, loss=1.0, val_loss=1.0, seconds=0.0)


class SlowStore(MemoryStore):
    """A store whose disk takes 20 ms and counts how often it is asked."""

    appends = 0

    def append(self, run_id, *events):
        self.appends += 1
        time.sleep(0.02)
        return super().append(run_id, *events)


@pytest.fixture
def store():
    return SlowStore()


@pytest.fixture
def run_id(store, spec, series):
    return store.create("ann", spec, series, name="x", token="x").run_id


def test_a_thousand_quick_epochs_do_not_wait_for_the_disk(store, run_id):
    with Outbox(store, run_id) as outbox:
        before, started = store.appends, time.monotonic()
        for number in range(1, 1001):
            outbox.emit(epoch(number))
            time.sleep(0.0005)
        asked, spent = store.appends - before, time.monotonic() - started
    assert [event.epoch for _, event in store.read_events("ann", run_id)] == list(range(1, 1001))
    assert asked <= spent / SPACING + 2


def test_a_single_event_goes_on_its_way_by_itself(store, run_id):
    with Outbox(store, run_id) as outbox:
        outbox.emit(epoch(1))
        until(lambda: len(store.read_events("ann", run_id)) == 1)


def test_only_the_newest_progress_is_worth_writing(store, run_id):
    with Outbox(store, run_id) as outbox:
        for share in range(100):
            outbox.emit(Progress(epoch=1, share=share / 100, seconds=share))
        outbox.emit(epoch(1))
    kinds = [event.kind for _, event in store.read_events("ann", run_id)]
    assert kinds.count("progress") <= 2
    assert kinds[-1] == "epoch"


def test_the_wish_to_stop_comes_back(store, run_id):
    with Outbox(store, run_id) as outbox:
        assert outbox.wish() is Wish.GO
        store.ask("ann", run_id, Wish.CANCEL)
        until(lambda: outbox.wish() is Wish.CANCEL)


def test_a_silent_training_still_gives_signs_of_life(store, run_id):
    before = store.open_runs()[0].beat
    with Outbox(store, run_id):
        until(lambda: store.open_runs()[0].beat >= before + 3)


def test_events_that_cannot_be_stored_are_kept_in_order(store, run_id, monkeypatch):
    outbox = Outbox(store, run_id)
    outbox.emit(epoch(1))
    with monkeypatch.context() as patch:
        patch.setattr(store, "append", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            outbox._flush()
    outbox.emit(epoch(2))
    outbox._flush()
    assert [event.epoch for _, event in store.read_events("ann", run_id)] == [1, 2]


def checkpoint(number):
    empty = Snapshots(epochs=np.zeros(0, int), weights=())
    return Checkpoint(epoch=number, arrays={"model.0": np.ones(3)}, numbers={"wait": 1.0}, snapshots=empty)


def limits(**chosen):
    return Settings(**{"pause_hold_seconds": 1000, "checkpoint_seconds": 1000, **chosen})


class TestCheckpoints:
    def test_a_checkpoint_is_stored_with_the_epochs_before_it(self, store, run_id):
        outbox = Outbox(store, run_id, limits())
        outbox.emit(epoch(1))
        outbox.save(checkpoint(1))
        outbox._flush()
        assert store.find(run_id).checkpoint == 1
        assert [event.epoch for _, event in store.read_events("ann", run_id)] == [1]
        back = Checkpoint.from_arrays(arrays_from_bytes(store.load_checkpoint(run_id)))
        assert (back.epoch, back.numbers, back.arrays["model.0"].sum()) == (1, {"wait": 1.0}, 3.0)

    def test_the_first_one_is_wanted_at_once_the_next_one_when_it_is_time(self, store, run_id):
        outbox = Outbox(store, run_id, limits())
        assert outbox.wants_checkpoint()
        outbox.save(checkpoint(1))
        outbox._flush()
        assert not outbox.wants_checkpoint()

    def test_a_slow_disk_is_asked_less_often(self, store, run_id, monkeypatch):
        clock = SimpleNamespace(now=100.0)
        monkeypatch.setattr(outbox_module, "monotonic", lambda: clock.now)
        write = store.save_checkpoint

        def write_for_3_s(*told, **epoch):
            clock.now += 3.0
            write(*told, **epoch)

        monkeypatch.setattr(store, "save_checkpoint", write_for_3_s)
        outbox = Outbox(store, run_id, limits(checkpoint_seconds=0))
        outbox.save(checkpoint(1))
        assert not outbox.wants_checkpoint(), "one is on its way"
        outbox._flush()
        # 5% of the time is 3 s in every minute.
        clock.now = 159.9
        assert not outbox.wants_checkpoint()
        clock.now = 160.0
        assert outbox.wants_checkpoint()

    def test_one_that_cannot_be_stored_is_kept_until_a_newer_one_comes(self, store, run_id, monkeypatch):
        outbox = Outbox(store, run_id, limits())
        outbox.emit(epoch(1))
        outbox.save(checkpoint(1))
        with monkeypatch.context() as patch:
            patch.setattr(store, "append", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
            with pytest.raises(OSError, match="disk full"):
                outbox._flush()
        outbox._flush()
        assert store.find(run_id).checkpoint == 1
        assert len(store.read_events("ann", run_id)) == 1

    def test_a_disk_too_full_for_one_still_takes_the_signs_of_life(self, store, run_id, monkeypatch):
        outbox = Outbox(store, run_id, limits())
        outbox.emit(epoch(1))
        outbox.save(checkpoint(1))
        with monkeypatch.context() as patch:
            patch.setattr(store, "save_checkpoint", _full)
            outbox._flush()
        assert [event.epoch for _, event in store.read_events("ann", run_id)] == [1]
        assert store.open_runs()[0].beat > 0
        assert store.find(run_id).checkpoint is None
        outbox._flush()
        assert store.find(run_id).checkpoint == 1


def _full(*_, **__):
    raise OperationalError("INSERT", {}, Exception("database or disk is full"))


class TestPausing:
    def test_one_without_room_for_its_checkpoint_is_not_told_yet_but_it_lives(
        self, store, run_id, monkeypatch
    ):
        outbox = Outbox(store, run_id, limits())
        outbox.save(checkpoint(1))
        outbox._pending.append(RunPaused(epoch=1))
        with monkeypatch.context() as patch:
            patch.setattr(store, "save_checkpoint", _full)
            assert not outbox._exchange()
        assert store.find(run_id).status is not Status.PAUSED
        assert store.open_runs()[0].beat > 0
        assert outbox._exchange()
        run = store.find(run_id)
        assert (run.status, run.checkpoint) == (Status.PAUSED, 1)

    def test_that_it_pauses_is_stored_before_it_stands_still(self, store, run_id):
        with Outbox(store, run_id, limits()) as outbox:
            store.ask("ann", run_id, Wish.PAUSE)
            outbox.emit(epoch(1))
            outbox.save(checkpoint(1))
            outbox.emit(RunPaused(epoch=1))
            run = store.find(run_id)
            assert (run.status, run.checkpoint) == (Status.PAUSED, 1)
            assert outbox.wish() is Wish.PAUSE

    def test_a_wish_for_one_epoch_is_used_up_by_the_pause(self, store, run_id):
        with Outbox(store, run_id, limits()) as outbox:
            for number in range(1, 4):
                store.ask("ann", run_id, Wish.STEP)
                while outbox.wish() is not Wish.STEP:
                    assert outbox.wait()
                outbox.emit(RunPaused(epoch=number))
                assert outbox.wish() is Wish.PAUSE

    def test_it_holds_its_slot_for_a_while_and_shorter_when_others_wait(self, store, run_id, spec, series):
        outbox = Outbox(store, run_id, limits(pause_hold_seconds=100))
        store.append(run_id, RunPaused(epoch=1))
        assert outbox._hold() == 100
        store.create("bob", spec, series, name="y", token="y")
        assert outbox._hold() == 25

    def test_it_gives_its_slot_up_in_the_end(self, store, run_id):
        with Outbox(store, run_id, limits(pause_hold_seconds=0)) as outbox:
            store.ask("ann", run_id, Wish.PAUSE)
            outbox.emit(RunPaused(epoch=1))
            assert not outbox.wait()
        assert store.find(run_id).status is Status.PAUSED
        store.ask("ann", run_id, Wish.GO)
        assert store.find(run_id).status is Status.QUEUED

    def test_it_goes_on_when_the_click_came_first(self, store, run_id):
        with Outbox(store, run_id, limits(pause_hold_seconds=0)) as outbox:
            store.ask("ann", run_id, Wish.PAUSE)
            outbox.emit(RunPaused(epoch=1))
            store.ask("ann", run_id, Wish.GO)
            while outbox.wish() is Wish.PAUSE:
                assert outbox.wait()
        assert outbox.wish() is Wish.GO


def test_the_outbox_leaves_no_thread_behind(store, run_id):
    with Outbox(store, run_id) as outbox:
        assert outbox._thread.is_alive()
    assert not outbox._thread.is_alive()


class ResourceExhaustedError(Exception):
    """Named like TensorFlow's."""


@pytest.mark.parametrize(
    ("error", "cause", "words"),
    [
        (Diverged(3), "diverged", "diverged at epoch 3"),
        (MemoryError(), "memory", "more than 1.5 GB"),
        (ResourceExhaustedError(), "memory", "fewer units"),
        (NetworkError("No layers", advice="Add one."), "settings", "No layers. Add one."),
        (ZeroDivisionError("x"), "error", "ZeroDivisionError"),
        (OperationalError("INSERT", {}, Exception("disk I/O error")), "worker", "Make room on it"),
    ],
)
def test_every_end_has_a_cause_in_words(error, cause, words):
    event = worker.ending(error)
    assert event.kind == "failed"
    assert event.cause == cause
    assert words in event.message


def test_a_stopped_run_is_cancelled_not_failed():
    assert worker.ending(Cancelled("stopped")) == RunCancelled()


def test_fault_markers_are_off_without_their_folder(monkeypatch):
    monkeypatch.delenv(warm.DIE_AT, raising=False)
    outbox = Outbox(MemoryStore(), "x")
    outbox.emit(RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=1))
