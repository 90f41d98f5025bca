"""One conformance suite for every place that remembers runs."""

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest

from lstm_core.errors import RunError
from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes
from lstm_core.runs.memory import MemoryStore
from lstm_core.runs.names import RUN_ID, free_name
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import RunStore
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import (
    EpochEnded,
    Progress,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunPaused,
    RunResumed,
    RunStarted,
    Status,
    Wish,
)
from lstm_core.training.snapshots import Snapshots

STARTED = RunStarted(n_parameters=97, n_train=70, n_validation=12, n_test=24, epochs=4)
FINISHED = RunFinished(
    best_epoch=2,
    seconds=1.5,
    windows_per_second=900.0,
    parity=1e-7,
    scores={"lstm": {"mae": 0.5, "r2": None}},
)
QUOTA_MB = 0.001


def epoch(number, val_loss=0.5):
    return EpochEnded(epoch=number, loss=0.4, val_loss=val_loss, seconds=float(number))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def place(request, tmp_path) -> RunStore:
    """Every implementation, with a quota of 1000 bytes for uploads."""
    if request.param == "memory":
        return MemoryStore(upload_quota_mb=QUOTA_MB)
    if request.param == "sqlite":
        return SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}", upload_quota_mb=QUOTA_MB)
    store = SqlStore(request.getfixturevalue("postgres"), upload_quota_mb=QUOTA_MB)
    from lstm_core.runs import tables

    tables.METADATA.drop_all(store._engine)
    tables.METADATA.create_all(store._engine)
    return store


@pytest.fixture
def new(place, spec, series):
    """Make a run; each with a token of its own unless told."""
    count = iter(range(1000))

    def create(owner="ann", name="sine", token=None):
        return place.create(owner, spec, series, name=name, token=token or f"click {next(count)}")

    return create


class TestCreating:
    def test_a_new_run_waits_under_a_random_id(self, place, new, spec):
        run = new()
        assert RUN_ID.fullmatch(run.run_id)
        assert (run.status, run.spec, run.series_name, run.owner) == (Status.QUEUED, spec, "sine", "ann")
        assert place.get("ann", run.run_id) == run

    def test_fault_21_the_same_token_starts_one_run(self, place, new):
        first, second = new(token="one click"), new(token="one click")
        assert first.run_id == second.run_id
        assert len(place.list_runs("ann")) == 1

    def test_fault_21_two_tabs_at_the_same_moment_start_one_run(self, place, new):
        found = []
        tabs = [Thread(target=lambda: found.append(new(token="same"))) for _ in range(8)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        assert len({run.run_id for run in found}) == 1
        assert len(found) == 8

    def test_tokens_belong_to_their_owner(self, new):
        assert new("ann", token="x").run_id != new("bob", token="x").run_id

    def test_b136_names_are_unique_per_owner(self, place, new):
        assert [new(name="walk").name for _ in range(3)] == ["walk", "walk (2)", "walk (3)"]
        assert new("bob", name="walk").name == "walk"

    def test_labels_name_the_listed_runs(self, place, new):
        runs = [new() for _ in range(3)]
        place.append(runs[0].run_id, STARTED)
        place.delete("ann", runs[1].run_id)
        new("bob")
        assert [(label.run_id, label.name, label.status) for label in place.labels("ann")] == [
            (runs[2].run_id, runs[2].name, Status.QUEUED),
            (runs[0].run_id, runs[0].name, Status.RUNNING),
        ]

    def test_runs_of_a_study_name_it(self, place, spec, series, new):
        made = place.create("ann", spec, series, name="seed 1", token="seed 1", study="repeat")
        assert made.study == place.get("ann", made.run_id).study == place.find(made.run_id).study == "repeat"
        alone = new()
        assert (alone.study, alone.parent) == (None, None)
        assert [run.study for run in place.list_runs("ann")] == [None, "repeat"]

    def test_the_newest_run_is_listed_first(self, place, new):
        runs = [new() for _ in range(3)]
        assert [run.run_id for run in place.list_runs("ann")] == [run.run_id for run in reversed(runs)]


class TestOwners:
    """P6: foreign, deleted, unknown and malformed ids look the same."""

    @pytest.mark.parametrize("run_id", ["", "x" * 10_000, "<b>", "a" * 26, "../../etc"])
    def test_b136_unknown_ids_are_not_found(self, place, run_id):
        with pytest.raises(RunError, match="does not exist"):
            place.get("ann", run_id)

    @pytest.mark.parametrize(
        "act",
        [
            lambda place, run_id: place.get("bob", run_id),
            lambda place, run_id: place.rename("bob", run_id, "mine now"),
            lambda place, run_id: place.delete("bob", run_id),
            lambda place, run_id: place.restore("bob", run_id),
            lambda place, run_id: place.ask("bob", run_id, Wish.CANCEL),
            lambda place, run_id: place.resume("bob", run_id, token="t", epochs=9),
            lambda place, run_id: place.read_events("bob", run_id),
            lambda place, run_id: place.load_artifact("bob", run_id, "weights"),
            lambda place, run_id: place.save_artifact("bob", run_id, "weights", b"bad"),
        ],
    )
    def test_another_owner_can_do_nothing(self, place, new, act):
        run = new()
        place.finish(run.run_id, FINISHED, {"weights": b"good"})
        with pytest.raises(RunError, match="does not exist"):
            act(place, run.run_id)
        assert place.load_artifact("ann", run.run_id, "weights") == b"good"
        assert place.list_runs("bob") == []

    def test_series_and_uploads_are_private(self, place, series):
        place.save_series("ann", series)
        sha256 = place.save_upload("ann", b"1,2,3", "x.csv")
        with pytest.raises(RunError, match="not in the store"):
            place.load_series("bob", series.fingerprint)
        with pytest.raises(RunError, match="not in the store"):
            place.load_upload("bob", sha256)


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


class TestChanging:
    def test_rename(self, place, new):
        run = new()
        place.rename("ann", run.run_id, "  short \n window ")
        assert place.get("ann", run.run_id).name == "short window"

    def test_b136_rename_to_an_existing_name_is_refused(self, place, new):
        new(name="first")
        second = new(name="second")
        with pytest.raises(RunError, match="has this name"):
            place.rename("ann", second.run_id, "first")
        place.rename("ann", second.run_id, "second")

    @pytest.mark.parametrize("name", ["", "   ", "\x00\n", "x" * 81])
    def test_a_name_is_needed(self, place, new, name):
        with pytest.raises(RunError, match="needs a name"):
            place.rename("ann", new().run_id, name)

    def test_delete_hides_and_restore_brings_back(self, place, new):
        run = new(name="walk")
        place.delete("ann", run.run_id)
        assert place.list_runs("ann") == []
        with pytest.raises(RunError, match="does not exist"):
            place.get("ann", run.run_id)
        assert new(name="walk").name == "walk"
        place.restore("ann", run.run_id)
        assert place.get("ann", run.run_id).name == "walk (2)"

    def test_sweep_removes_what_is_over_and_deleted(self, place, new):
        over, live, kept = new(), new(), new()
        place.finish(over.run_id, FINISHED, {"weights": b"w"})
        place.append(live.run_id, STARTED)
        for run in (over, live):
            place.delete("ann", run.run_id)
        assert place.sweep(older_than_seconds=1000) == 0
        assert place.sweep(older_than_seconds=0) == 1
        with pytest.raises(RunError):
            place.restore("ann", over.run_id)
        place.restore("ann", live.run_id)
        assert place.load_series("ann", kept.spec.series_fingerprint).name == "sine"


class TestContents:
    def test_a_series_comes_back_whole(self, place, series):
        place.save_series("ann", series)
        place.save_series("ann", series)
        back = place.load_series("ann", series.fingerprint)
        assert back.fingerprint == series.fingerprint
        assert back.index.equals(series.index)
        assert (back.columns, back.name, back.unit, back.step, back.period, back.steps) == (
            series.columns,
            series.name,
            series.unit,
            series.step,
            series.period,
            series.steps,
        )

    def test_the_newest_words_about_the_same_numbers_hold(self, place, series):
        """A unit that was typed, or a season that was chosen, after a first run."""
        place.save_series("ann", replace(series, unit="sunspots", period=11))
        place.save_series("ann", replace(series, unit="spots", period=12))
        back = place.load_series("ann", series.fingerprint)
        assert (back.unit, back.period) == ("spots", 12)

    def test_b86_the_same_file_twice_is_one_upload(self, place):
        assert place.save_upload("ann", b"1,2", "a.csv") == place.save_upload("ann", b"1,2", "b.csv")
        assert place.load_upload("ann", place.save_upload("bob", b"1,2", "c.csv")) == b"1,2"

    def test_b84_old_uploads_give_way_to_new_ones(self, place):
        names = [place.save_upload("ann", bytes([number]) * 400, "x.csv") for number in range(20)]
        other = place.save_upload("bob", b"b" * 900, "y.csv")
        for gone in names[:18]:
            with pytest.raises(RunError, match="Upload the file again"):
                place.load_upload("ann", gone)
        assert [place.load_upload("ann", kept)[0] for kept in names[18:]] == [18, 19]
        assert place.load_upload("bob", other) == b"b" * 900

    def test_b84_the_last_upload_stays_whatever_its_size(self, place):
        sha256 = place.save_upload("ann", b"x" * 5000, "big.csv")
        assert len(place.load_upload("ann", sha256)) == 5000


class TestQueueing:
    def test_open_runs_are_those_not_over(self, place, new):
        waiting, running, over = new(), new("bob"), new()
        place.append(running.run_id, STARTED)
        place.append(over.run_id, RunCancelled())
        found = place.open_runs()
        assert [(run.run_id, run.owner, run.status) for run in found] == [
            (waiting.run_id, "ann", Status.QUEUED),
            (running.run_id, "bob", Status.RUNNING),
        ]

    def test_a_run_is_held_by_one_queue_and_started_once(self, place, new):
        run_id = new().run_id
        assert place.hand_over(run_id, "q1", held_by=None)
        assert not place.hand_over(run_id, "q2", held_by=None)
        assert not place.claim(run_id, "q2")
        assert place.claim(run_id, "q1")
        assert not place.claim(run_id, "q1")
        assert not place.hand_over(run_id, "q2", held_by="q1")
        assert place.open_runs()[0].status is Status.STARTING

    def test_a_waiting_run_of_a_dead_queue_can_be_taken_over(self, place, new):
        run_id = new().run_id
        place.hand_over(run_id, "dead", held_by=None)
        assert place.hand_over(run_id, "alive", held_by="dead")
        assert place.open_runs()[0].queue == "alive"

    def test_beats_count_and_tell_when_to_stop(self, place, new):
        run_id = new().run_id
        assert place.beat(run_id) is Wish.GO
        first = place.open_runs()[0].beat
        place.append(run_id, STARTED)
        assert place.open_runs()[0].beat > first
        place.ask("ann", run_id, Wish.CANCEL)
        assert place.beat(run_id) is Wish.CANCEL
        assert place.open_runs()[0].stop

    def test_a_beat_brings_events_along_until_the_run_is_over(self, place, new):
        run_id = new().run_id
        assert place.beat(run_id, STARTED) is Wish.GO
        assert [event for _, event in place.read_events("ann", run_id)] == [STARTED]
        place.append(run_id, RunCancelled())
        assert place.beat(run_id, STARTED) is Wish.CANCEL
        assert [event for _, event in place.read_events("ann", run_id)] == [STARTED, RunCancelled()]

    def test_deleting_a_live_run_stops_it(self, place, new):
        run_id = new().run_id
        place.delete("ann", run_id)
        assert place.beat(run_id) is Wish.CANCEL
        assert place.open_runs()[0].stop


@pytest.fixture
def work(place, new):
    """Make a run at work: held by queue `q1`, two epochs done, a checkpoint after the second."""

    def begin(**chosen):
        run_id = new(**chosen).run_id
        place.hand_over(run_id, "q1", held_by=None)
        place.claim(run_id, "q1")
        place.append(run_id, STARTED, epoch(1))
        place.save_checkpoint(run_id, b"after 2", epoch(2), epoch=2)
        return run_id

    return begin


@pytest.fixture
def status(place):
    return lambda run_id: place.find(run_id).status


class TestWishes:
    def test_the_newest_wish_counts(self, place, work):
        run_id = work()
        for wish in (Wish.PAUSE, Wish.STEP, Wish.GO, Wish.PAUSE, Wish.GO, Wish.FINISH, Wish.CANCEL):
            place.ask("ann", run_id, wish)
            assert place.beat(run_id) is wish

    def test_a_glance_tells_what_is_wished_and_who_stands_alone(self, place, work):
        run_id = work()
        place.ask("ann", run_id, Wish.PAUSE)
        seen = []
        for let in (
            lambda: None,
            lambda: place.append(run_id, RunPaused(epoch=2)),
            lambda: place.release(run_id),
        ):
            let()
            (label,), run = place.labels("ann"), place.get("ann", run_id)
            assert (label.status, label.wish, label.alone) == (run.status, run.wish, run.alone)
            seen.append((label.status, label.wish, label.alone))
        assert seen == [
            (Status.RUNNING, Wish.PAUSE, False),
            (Status.PAUSED, Wish.PAUSE, False),
            (Status.PAUSED, Wish.PAUSE, True),
        ]

    @pytest.mark.parametrize(
        ("first", "late"),
        [
            (Wish.CANCEL, Wish.GO),
            (Wish.CANCEL, Wish.FINISH),
            (Wish.FINISH, Wish.PAUSE),
            (Wish.FINISH, Wish.GO),
        ],
    )
    def test_a_late_click_does_not_take_back_the_end(self, place, work, first, late):
        run_id = work()
        place.ask("ann", run_id, first)
        place.ask("ann", run_id, late)
        assert place.beat(run_id) is first

    def test_a_run_that_is_over_hears_no_wish(self, place, work, status):
        run_id = work()
        place.finish(run_id, FINISHED, {})
        for wish in Wish:
            place.ask("ann", run_id, wish)
        assert status(run_id) is Status.FINISHED
        assert place.beat(run_id) is Wish.CANCEL

    def test_one_epoch_is_one_epoch(self, place, work):
        run_id = work()
        place.ask("ann", run_id, Wish.STEP)
        place.append(run_id, epoch(3), RunPaused(epoch=3))
        assert place.beat(run_id) is Wish.PAUSE

    def test_a_click_on_resume_during_the_one_epoch_is_not_lost(self, place, work):
        run_id = work()
        place.ask("ann", run_id, Wish.STEP)
        place.ask("ann", run_id, Wish.GO)
        place.append(run_id, RunPaused(epoch=3))
        assert place.beat(run_id) is Wish.GO


class TestPausing:
    @pytest.fixture
    def paused(self, place, work):
        """A run that stands still; its worker holds on to it."""
        run_id = work()
        place.ask("ann", run_id, Wish.PAUSE)
        place.append(run_id, RunPaused(epoch=2))
        return run_id

    @pytest.fixture
    def alone(self, place, paused):
        """A run that stands still without a worker."""
        assert place.release(paused)
        return paused

    def test_a_pause_and_its_end_are_told(self, place, paused, status):
        assert status(paused) is Status.PAUSED
        place.append(paused, RunResumed())
        assert status(paused) is Status.RUNNING

    def test_a_paused_run_gives_its_slot_up(self, place, alone, status):
        assert status(alone) is Status.PAUSED
        (run,) = place.open_runs()
        assert (run.queue, run.status, run.stop) == (None, Status.PAUSED, False)
        assert not place.hand_over(alone, "q2", held_by=None)

    @pytest.mark.parametrize("wish", [Wish.GO, Wish.STEP, Wish.FINISH, Wish.CANCEL])
    def test_who_comes_before_the_worker_lets_go_keeps_the_worker(self, place, paused, status, wish):
        place.ask("ann", paused, wish)
        assert not place.release(paused)
        assert (status(paused), place.open_runs()[0].queue) == (Status.PAUSED, "q1")
        assert place.beat(paused) is wish

    @pytest.mark.parametrize("wish", [Wish.GO, Wish.STEP, Wish.FINISH])
    def test_who_comes_after_it_let_go_waits_for_another(self, place, alone, status, wish):
        place.ask("ann", alone, wish)
        assert status(alone) is Status.QUEUED
        assert place.hand_over(alone, "q2", held_by=None)
        assert place.claim(alone, "q2")
        assert place.beat(alone) is wish

    def test_two_wishes_at_the_same_moment_as_the_letting_go_lose_nothing(self, place, work):
        for _ in range(5):
            run_id = work()
            place.ask("ann", run_id, Wish.PAUSE)
            place.append(run_id, RunPaused(epoch=2))
            let_go = []
            hands = [
                Thread(target=lambda run_id=run_id, let_go=let_go: let_go.append(place.release(run_id))),
                Thread(target=place.ask, args=("ann", run_id, Wish.GO)),
            ]
            for hand in hands:
                hand.start()
            for hand in hands:
                hand.join()
            (run,) = [run for run in place.open_runs() if run.run_id == run_id]
            expected = (Status.QUEUED, None) if let_go == [True] else (Status.PAUSED, "q1")
            assert (run.status, run.queue) == expected
            assert place.beat(run_id) is Wish.GO

    def test_to_pause_again_changes_nothing(self, place, alone, status):
        place.ask("ann", alone, Wish.PAUSE)
        assert status(alone) is Status.PAUSED

    def test_a_run_without_a_worker_is_cancelled_at_once(self, place, alone, status):
        place.ask("ann", alone, Wish.CANCEL)
        assert status(alone) is Status.CANCELLED

    def test_a_run_with_a_worker_is_cancelled_by_it(self, place, paused, status):
        place.ask("ann", paused, Wish.CANCEL)
        assert status(paused) is Status.PAUSED
        assert place.open_runs()[0].stop

    def test_a_run_at_work_is_not_let_go(self, place, work, status):
        run_id = work()
        assert not place.release(run_id)
        place.ask("ann", run_id, Wish.PAUSE)
        assert not place.release(run_id)
        assert status(run_id) is Status.RUNNING

    def test_a_deleted_run_is_not_let_go(self, place, paused):
        place.delete("ann", paused)
        assert not place.release(paused)

    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            (None, Status.PAUSED),
            (Wish.GO, Status.QUEUED),
            (Wish.STEP, Status.QUEUED),
            (Wish.FINISH, Status.QUEUED),
            (Wish.CANCEL, Status.CANCELLED),
        ],
    )
    def test_a_paused_run_outlives_its_worker(self, place, paused, status, wish, expected):
        if wish is not None:
            place.ask("ann", paused, wish)
        assert not place.set_down(paused, "q2")
        assert place.set_down(paused, "q1")
        assert status(paused) is expected
        assert [run.queue for run in place.open_runs()] == ([] if expected is Status.CANCELLED else [None])
        assert not place.set_down(paused, "q1")

    def test_only_a_paused_run_is_set_down(self, place, work, status):
        run_id = work()
        assert not place.set_down(run_id, "q1")
        assert status(run_id) is Status.RUNNING


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


def test_checkpoints_do_not_pile_up(tmp_path, spec, series):
    """Forty checkpoints of 200 kB in a file that holds two of them at a time."""
    store = SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    run_id = store.create("ann", spec, series, name="x", token="x").run_id
    for number in range(1, 41):
        store.save_checkpoint(run_id, bytes([number]) * 200_000, epoch(number), epoch=number)
    assert (tmp_path / "runs.sqlite3").stat().st_size < 600_000
    assert store.load_checkpoint(run_id) == bytes([40]) * 200_000


def test_free_names_stay_within_the_limit():
    long = "x" * 100
    assert len(free_name(long, [long[:80]])) <= 80


def test_the_continuation_of_a_numbered_run_gets_the_next_number():
    assert free_name("a (2)", ["a", "a (2)"]) == "a (3)"
    assert free_name("a (2)", ["a"]) == "a (2)"
    assert free_name("a (2)", ["a (2)", "a (3)"]) == "a (4)"
