"""Small programs for slots that train any run without TensorFlow; they import little, so that a worker starts fast."""

from lstm_core.runs.sql import SqlStore
from lstm_core.training.events import EpochEnded, RunFinished, RunStarted
from tests.core.runs.executables import obey

STARTED = RunStarted(n_parameters=1, n_train=80, n_validation=10, n_test=20, epochs=10)


def train(store_url: str, run_id: str) -> None:
    """Two epochs, and a score that the seed decides."""
    store = SqlStore(store_url, check=False)
    mae = 10.0 + store.find(run_id).spec.plan.seed % 10
    store.append(
        run_id,
        STARTED,
        *(
            EpochEnded(epoch=epoch, loss=1 / epoch, val_loss=1 / epoch, seconds=0.1 * epoch)
            for epoch in (1, 2)
        ),
    )
    lstm = {"mae": mae, "rmse": mae, "mse": mae**2, "r2": 0.5, "smape": 10.0, "mase": 1.0}
    finished = RunFinished(
        best_epoch=2, seconds=0.2, windows_per_second=1.0, parity=0.0, scores={"lstm": lstm, "naive": lstm}
    )
    store.finish(run_id, finished, {"weights": b"w"})


def wait(store_url: str, run_id: str) -> None:
    """Begin, then live until asked to stop."""
    store = SqlStore(store_url, check=False)
    store.append(run_id, STARTED)
    obey(store, run_id)
