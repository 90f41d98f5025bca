"""The real worker: TensorFlow in a slot, killed in every phase, and the next run unharmed."""

import os
import signal
import time
from itertools import count

import numpy as np
import pytest

from lstm_core.errors import RunError
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.windows import prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.warm import DIE_AT
from lstm_core.settings import Settings
from lstm_core.training.events import Status, Wish
from tests.core.runs.workers import until

pytestmark = pytest.mark.slow
WARM = 300.0
"""Seconds a cold slot may take on a busy machine."""


@pytest.fixture(scope="module")
def phases(tmp_path_factory):
    """A file put here kills the worker in the phase it is called."""
    folder = tmp_path_factory.mktemp("phases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DIE_AT, str(folder))
        # Every epoch leaves a checkpoint, and a paused run gives its slot up at once.
        patch.setenv("LSTM_EXPLORER_CHECKPOINT_SECONDS", "0")
        patch.setenv("LSTM_EXPLORER_PAUSE_HOLD_SECONDS", "0")
        yield folder


@pytest.fixture(scope="module")
def engine(tmp_path_factory, phases):
    """One store and one queue with one real slot for the whole module."""
    store = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('store') / 'runs.sqlite3'}")
    queue = RunQueue(store, Settings(store_url=store.url, slots=1))
    yield store, queue
    queue.close()


@pytest.fixture
def start(engine, spec, series):
    """Start a run; with another plan if told."""
    store, queue = engine
    numbers = count()

    def submit(network=spec.network, **plan):
        chosen = spec.model_copy(update={"network": network, "plan": spec.plan.model_copy(update=plan)})
        run = store.create("ann", chosen, series, name="x", token=f"{time.monotonic()} {next(numbers)}")
        queue.submit("ann", run.run_id)
        return run.run_id

    return submit


@pytest.fixture
def over(engine):
    """Wait until a run is over; returns it."""
    store, _ = engine

    def wait(run_id):
        until(lambda: store.find(run_id).status.is_final, WARM)
        return store.get("ann", run_id)

    return wait


def without_artifacts(store, run_id):
    for name in ("weights", "test_predictions"):
        with pytest.raises(RunError):
            store.load_artifact("ann", run_id, name)


def expect_lost(store, run):
    assert run.status is Status.FAILED
    assert "worker stopped (signal 9)" in run.state.message
    without_artifacts(store, run.run_id)


def test_fault_1_a_worker_killed_while_importing_leaves_a_failed_run(engine, phases, start, over):
    store, queue = engine
    (phases / "IMPORT").touch()
    queue.warm()
    expect_lost(store, over(start()))
    assert not list(phases.iterdir())


def test_a_run_leaves_scores_weights_and_predictions_that_agree(engine, start, over, series):
    run = over(start())
    assert run.status is Status.FINISHED, run.state.message
    assert [ended.epoch for ended in run.state.epochs] == [1, 2, 3, 4]
    assert list(run.state.finished.scores) == ["lstm", "naive", "seasonal_naive", "linear_ar"]
    store, _ = engine
    weights = Weights.from_arrays(arrays_from_bytes(store.load_artifact("ann", run.run_id, "weights")))
    keras = arrays_from_bytes(store.load_artifact("ann", run.run_id, "test_predictions"))["keras"]
    by_hand = forward(run.spec.network, weights, prepare(series, run.spec.preparation).test.inputs)
    assert by_hand.shape == keras.shape
    assert np.abs(by_hand - keras).max() == run.state.finished.parity < 1e-5


def test_two_runs_with_one_seed_give_the_same_numbers(start, over):
    first, second = over(start()), over(start())
    assert first.state.finished.scores == second.state.finished.scores
    assert [e.val_loss for e in first.state.epochs] == [e.val_loss for e in second.state.epochs]
    other = over(start(seed=7))
    assert other.state.finished.scores["lstm"] != first.state.finished.scores["lstm"]


def test_b120_a_loss_that_explodes_is_a_clean_stop(engine, start, over):
    relu = NetworkSpec(layers=(LayerSpec(units=16, activation="relu"),))
    run = over(start(network=relu, epochs=200, optimizer="sgd", learning_rate=1.0, clipnorm=None))
    assert run.status is Status.FAILED
    assert "diverged at epoch" in run.state.message
    assert "clip norm" in run.state.message
    without_artifacts(engine[0], run.run_id)


def test_cancel_stops_a_training(engine, start):
    store, queue = engine
    run_id = start(epochs=10_000)
    until(lambda: len(store.get("ann", run_id).state.epochs) >= 4, WARM)
    queue.cancel("ann", run_id)
    until(lambda: store.find(run_id).status is Status.CANCELLED)
    assert len(store.get("ann", run_id).state.epochs) >= 4


def test_acceptance_6_a_kill_in_mid_run_leaves_the_truth_and_the_next_run_works(engine, start, over):
    store, queue = engine
    before = over(start())
    run_id = start(epochs=10_000)
    until(lambda: len(store.get("ann", run_id).state.epochs) >= 5, WARM)
    os.kill(queue._benches[0].slot.pid, signal.SIGKILL)
    until(lambda: store.find(run_id).status is Status.FAILED)
    killed = store.get("ann", run_id)
    assert "worker stopped (signal 9)" in killed.state.message
    assert len(killed.state.epochs) >= 5
    without_artifacts(store, run_id)
    after = over(start())
    assert after.state.finished.scores == before.state.finished.scores


@pytest.mark.parametrize("phase", ["BUILD", "BEFORE_COMMIT"])
def test_faults_2_and_5_a_worker_killed_before_the_commit_leaves_a_failed_run(
    engine, phases, start, over, phase
):
    (phases / phase).touch()
    expect_lost(engine[0], over(start()))
    assert not list(phases.iterdir())


def test_fault_5_a_worker_killed_after_the_commit_leaves_a_finished_run(engine, phases, start, over):
    store, _ = engine
    (phases / "AFTER_COMMIT").touch()
    run = over(start())
    assert run.status is Status.FINISHED
    assert len(store.load_artifact("ann", run.run_id, "weights")) > 100
    until(lambda: not list(phases.iterdir()))


LONG = {"epochs": 400, "patience": 390, "learning_rate": 0.01}
"""Some seconds even on a quick machine, so that a wish reaches it; its best epoch is not the last one."""
NETWORK = NetworkSpec(layers=(LayerSpec(units=4, dropout=0.2),))
"""Its dropout draws random numbers: they too must go on where they were."""


@pytest.fixture(scope="module")
def undisturbed():
    """Remember the run that nobody disturbs, so that it is trained once."""
    return {}


@pytest.fixture
def expect_same(engine, start, over, undisturbed):
    """Compare a run with the one that nobody disturbed: the same curve, scores and weights."""
    store, _ = engine

    def told(run):
        return [(ended.epoch, ended.loss, ended.val_loss) for ended in run.state.epochs]

    def weights(run):
        return arrays_from_bytes(store.load_artifact("ann", run.run_id, "weights"))

    def compare(run):
        if not undisturbed:
            undisturbed["run"] = over(start(network=NETWORK, **LONG))
        other = undisturbed["run"]
        assert run.status is other.status is Status.FINISHED, run.state.message
        np.testing.assert_allclose(told(run), told(other), rtol=1e-5)
        assert run.state.finished.best_epoch == other.state.finished.best_epoch
        for name, expected in weights(other).items():
            np.testing.assert_allclose(weights(run)[name], expected, rtol=0, atol=1e-6)

    return compare


def test_fault_3_a_killed_training_goes_on_as_a_child_as_if_nothing_had_happened(
    engine, start, over, expect_same
):
    store, queue = engine
    lost = start(network=NETWORK, **LONG)
    until(lambda: (store.find(lost).checkpoint or 0) >= 5, WARM)
    os.kill(queue._benches[0].slot.pid, signal.SIGKILL)
    until(lambda: store.find(lost).status is Status.FAILED)
    child = store.resume("ann", lost, token="go on")
    assert 5 <= child.checkpoint < LONG["epochs"]
    queue.submit("ann", child.run_id)
    expect_same(over(child.run_id))


def test_a_paused_training_gives_its_slot_up_and_goes_on_as_if_nothing_had_happened(
    engine, start, over, expect_same
):
    store, queue = engine
    paused = start(network=NETWORK, **LONG)
    until(lambda: (store.find(paused).checkpoint or 0) >= 3, WARM)
    queue.ask("ann", paused, Wish.PAUSE)
    until(lambda: [run.queue for run in store.open_runs()] == [None])
    run = store.get("ann", paused)
    assert (run.status, run.checkpoint) == (Status.PAUSED, len(run.state.epochs))
    other = over(start())
    assert other.status is Status.FINISHED
    queue.ask("ann", paused, Wish.STEP)
    until(lambda: store.find(paused).checkpoint > run.checkpoint)
    until(lambda: [run.queue for run in store.open_runs()] == [None])
    assert len(store.get("ann", paused).state.epochs) == len(run.state.epochs) + 1
    queue.ask("ann", paused, Wish.GO)
    expect_same(over(paused))


def test_a_finished_training_is_trained_longer_with_its_optimiser(engine, start, over, expect_same):
    store, queue = engine
    short = over(start(network=NETWORK, **{**LONG, "epochs": 10}))
    child = store.resume("ann", short.run_id, token="longer", epochs=LONG["epochs"])
    queue.submit("ann", child.run_id)
    expect_same(over(child.run_id))


def test_to_stop_and_keep_leaves_the_best_epoch_so_far(engine, start, over):
    store, queue = engine
    run_id = start(epochs=10_000)
    until(lambda: len(store.get("ann", run_id).state.epochs) >= 5, WARM)
    queue.ask("ann", run_id, Wish.FINISH)
    run = over(run_id)
    assert run.status is Status.FINISHED
    best = min(run.state.epochs, key=lambda ended: ended.val_loss)
    assert run.state.finished.best_epoch == best.epoch
    assert run.checkpoint == len(run.state.epochs)
    kept = arrays_from_bytes(store.load_artifact("ann", run_id, "snapshots"))["epochs"]
    assert {1, best.epoch, len(run.state.epochs)} <= set(kept.tolist())


def test_a_training_that_lost_its_patience_can_be_trained_longer(engine, start, over):
    store, queue = engine
    # A rate far too high: nothing improves after the first epochs.
    stopped = over(start(epochs=100, patience=2, learning_rate=0.5, schedule="constant"))
    assert stopped.status is Status.FINISHED
    assert stopped.checkpoint == len(stopped.state.epochs) < 100
    child = store.resume("ann", stopped.run_id, token="longer, please", epochs=100)
    queue.submit("ann", child.run_id)
    longer = over(child.run_id)
    assert longer.status is Status.FINISHED
    assert len(longer.state.epochs) >= len(stopped.state.epochs) + 2
