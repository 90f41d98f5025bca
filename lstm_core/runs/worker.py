"""What a slot runs: one training, told to the store as it goes. The only room of `runs` that meets TensorFlow.

The training's own thread never waits for the disk: events go through an `Outbox`, whose thread writes them down in
batches, gives the sign of life and brings back the wish to stop.
"""

import logging
import threading
from functools import partial
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from lstm_core.errors import Diverged, UserError
from lstm_core.evaluation.scores import scoreboard
from lstm_core.network.forward import forward, parity
from lstm_core.runs.artifacts import arrays_to_bytes
from lstm_core.runs.bench import out_of_memory
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run, RunStore
from lstm_core.runs.warm import die_at
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.training.events import Event, Progress, RunCancelled, RunFailed, RunFinished, RunStarted
from lstm_core.training.loop import Cancelled, Trained, train

LOG = logging.getLogger(__name__)
SPACING = 0.25
"""Seconds between two batches of events, at least: the disk is asked a few times a second, not a thousand."""
BEAT = 0.5
"""Seconds between two signs of life, at most."""


class Outbox:
    """Events on their way to the store, and the wish to stop on its way back.

    Use it as a context: leaving it flushes what is left.
    """

    def __init__(self, store: RunStore, run_id: str) -> None:
        self._store, self._run_id = store, run_id
        self._lock = threading.Lock()
        self._pending: list[Event] = []
        self._wake, self._over, self._stop = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)

    def emit(self, event: Event) -> None:
        """Put an event in; returns at once. Progress that nobody has read yet gives way to newer news."""
        with self._lock:
            if self._pending and isinstance(self._pending[-1], Progress):
                self._pending.pop()
            self._pending.append(event)
        self._wake.set()
        if isinstance(event, RunStarted):
            die_at("BUILD")

    def should_stop(self) -> bool:
        """Whether somebody wants the run to stop, as of the last sign of life."""
        return self._stop.is_set()

    def __enter__(self) -> "Outbox":
        """Begin to give signs of life."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write down what is left."""
        self._over.set()
        self._wake.set()
        self._thread.join()
        self._flush()

    def _work(self) -> None:
        while not self._over.is_set():
            try:
                self._flush()
                if self._store.beat(self._run_id):
                    self._stop.set()
            except SQLAlchemyError:
                LOG.exception("events could not be stored; they stay here and the next round tries again")
            self._over.wait(SPACING)
            self._wake.wait(BEAT - SPACING)
            self._wake.clear()

    def _flush(self) -> None:
        with self._lock:
            batch, self._pending = self._pending, []
        try:
            if batch:
                self._store.append(self._run_id, *batch)
        except Exception:
            with self._lock:
                self._pending = batch + self._pending
            raise


def execute(store_url: str, run_id: str) -> None:
    """Train a run to its end, whatever that is. Ends by itself in every case that leaves Python alive."""
    store = SqlStore(store_url, check=False)
    run = store.find(run_id)
    try:
        with Outbox(store, run_id) as outbox:
            series = store.load_series(run.owner, run.spec.series_fingerprint)
            trained = train(run.spec, series, emit=outbox.emit, should_stop=outbox.should_stop)
            finished, artifacts = appraise(run, series, trained)
    except Exception as error:  # noqa: BLE001
        # Whatever went wrong, a run must end with a true state.
        store.append(run_id, ending(error))
        return
    die_at("BEFORE_COMMIT")
    store.finish(run_id, finished, artifacts)
    die_at("AFTER_COMMIT")


def appraise(run: Run, series: Series, trained: Trained) -> tuple[RunFinished, dict[str, bytes]]:
    """Score a trained network exactly as the pages do, and pack what they need to do it again.

    Returns
    -------
    finished : RunFinished
    artifacts : `weights` (see `Weights.to_arrays`) and `test_predictions` (`keras`: (sample, horizon), scaled)
    """
    predict = partial(forward, run.spec.network, trained.weights)
    board = scoreboard(trained.prepared, predict, period=series.period)
    by_hand = predict(trained.prepared.test.inputs)
    finished = RunFinished(
        best_epoch=trained.best_epoch,
        seconds=trained.seconds,
        windows_per_second=trained.windows_per_second,
        parity=parity(by_hand, trained.keras_test_predictions),
        scores={predictor: scores.to_dict() for predictor, scores in board.items()},
    )
    artifacts = {
        "weights": arrays_to_bytes(trained.weights.to_arrays()),
        "test_predictions": arrays_to_bytes({"keras": trained.keras_test_predictions}),
    }
    return finished, artifacts


def ending(error: Exception) -> RunCancelled | RunFailed:
    """Say in an event how a training ended that has no result."""
    match error:
        case Cancelled():
            return RunCancelled()
        case Diverged():
            return RunFailed(cause="diverged", message=str(error))
        case UserError():
            return RunFailed(cause="settings", message=error.message)
    # TensorFlow's own error class is not imported just to be compared with.
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return out_of_memory(Settings().memory_budget_mb)
    LOG.error("a training stopped", exc_info=error)
    return RunFailed(
        cause="error",
        message=f"The training stopped on an error that is no fault of yours ({type(error).__name__}). "
        "The server's log has the details.",
    )
