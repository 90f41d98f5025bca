"""What a slot runs: one training, told to the store as it goes. The only room of `runs` that meets TensorFlow."""

import logging
from collections.abc import Mapping
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from lstm_core.errors import Diverged, UserError
from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.forecast import Forecast, forecast
from lstm_core.evaluation.quantile import pinball_scores
from lstm_core.evaluation.scores import forecasts, score_all
from lstm_core.network.forward import forward, parity
from lstm_core.preparation.windows import Prepared
from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes
from lstm_core.runs.bench import out_of_memory
from lstm_core.runs.outbox import Outbox
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import CHECKPOINT, Run, RunStore
from lstm_core.runs.warm import die_at
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.control import Cancelled, Paused
from lstm_core.training.events import RunCancelled, RunFailed, RunFinished
from lstm_core.training.loop import Trained, train

LOG = logging.getLogger(__name__)


def execute(store_url: str, run_id: str) -> None:
    """Train a run to its end, whatever that is, or until it is paused and gives up its slot.

    Ends by itself in every case that leaves Python alive. A run that has a checkpoint goes on from there.
    """
    store = SqlStore(store_url, check=False)
    run = store.find(run_id)
    try:
        with Outbox(store, run_id) as outbox:
            series = store.load_series(run.owner, run.spec.series_fingerprint)
            checkpoint = last_checkpoint(store, run_id)
            trained = train(run.spec, series, emit=outbox.emit, control=outbox, checkpoint=checkpoint)
            finished, artifacts = appraise(run, series, trained)
        die_at("BEFORE_COMMIT")
        store.finish(run_id, finished, artifacts, epoch=trained.checkpoint.epoch)
    except Paused:
        return
    except Exception as error:  # noqa: BLE001
        # Whatever went wrong, a run must end with a true state.
        store.append(run_id, ending(error))
        return
    die_at("AFTER_COMMIT")


def last_checkpoint(store: RunStore, run_id: str) -> Checkpoint | None:
    """Checkpoint a run goes on from; None for a run that begins."""
    content = store.load_checkpoint(run_id)
    return None if content is None else Checkpoint.from_arrays(arrays_from_bytes(content))


def appraise(run: Run, series: Series, trained: Trained) -> tuple[RunFinished, dict[str, bytes]]:
    """Score a trained network exactly as the pages do, and pack what they need to do it again.

    Returns
    -------
    finished : RunFinished
    artifacts : `weights` (see `Weights.to_arrays`), `test_predictions` (`keras`: (sample, horizon), scaled),
        `snapshots` (see `Snapshots.to_arrays`) and `checkpoint` (see `Checkpoint.to_arrays`) of the last epoch
    """
    predict = partial(forward, run.spec.network, trained.weights)
    prepared, told = trained.prepared, partial(_told, trained.prepared, run.spec.plan.edge, series.period)
    validation = {
        "lstm": forecast(predict, prepared, part="validation", label="LSTM"),
        "naive": naive(prepared, "validation"),
    }
    by_hand = predict(trained.prepared.test.inputs)
    finished = RunFinished(
        best_epoch=trained.best_epoch,
        seconds=trained.seconds,
        windows_per_second=trained.windows_per_second,
        parity=parity(by_hand, trained.keras_test_predictions),
        scores=told(forecasts(prepared, predict, period=series.period)),
        validation=told(validation),
    )
    artifacts = {
        "weights": arrays_to_bytes(trained.weights.to_arrays()),
        "test_predictions": arrays_to_bytes({"keras": trained.keras_test_predictions}),
        "snapshots": arrays_to_bytes(trained.snapshots.to_arrays()),
        CHECKPOINT: arrays_to_bytes(trained.checkpoint.to_arrays()),
    }
    return finished, artifacts


def _told(
    prepared: Prepared, edge: float | None, period: int, made: Mapping[str, Forecast]
) -> dict[str, dict[str, float | None]]:
    """Scores by predictor, with the pinball loss where a quantile was learned that is not the middle."""
    losses = pinball_scores(prepared, made, edge)
    board = score_all(prepared, made, period=period)
    return {predictor: one.to_dict() | losses.get(predictor, {}) for predictor, one in board.items()}


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
    if isinstance(error, SQLAlchemyError):
        return RunFailed(
            cause="worker",
            message="The training could not be written down: the disk that keeps the runs is full, or cannot be "
            "written to. Make room on it.",
        )
    return RunFailed(
        cause="error",
        message=f"The training stopped on an error that is no fault of yours ({type(error).__name__}). "
        "The server's log has the details.",
    )
