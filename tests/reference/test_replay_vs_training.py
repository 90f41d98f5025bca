"""The time machine replays what happened: kept weights give back the validation loss that Keras recorded."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.forecast import forecast
from lstm_core.evaluation.replay import look_at
from lstm_core.evaluation.scores import score
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.worker import execute
from lstm_core.series.record import Series
from lstm_core.training.events import Status
from lstm_core.training.plan import RunSpec, TrainingPlan
from lstm_core.training.snapshots import Snapshots

PLAIN = NetworkSpec(layers=(LayerSpec(units=6, dropout=0.2), LayerSpec(units=4)))
RICH = NetworkSpec(
    layers=(LayerSpec(cell="gru", units=4, bidirectional=True, normalization="batch"),), attention="additive"
)
EPOCHS = 6


@pytest.fixture
def series() -> Series:
    noise = np.random.default_rng(3).normal(0, 0.3, 160)
    values = (100 + 20 * (np.sin(np.arange(160) / 4) + noise))[:, None]
    return Series(values=values, index=pd.RangeIndex(160), columns=("y",), name="wave", unit="m")


@pytest.mark.parametrize("network", [PLAIN, RICH], ids=["two LSTM layers", "GRU both ways"])
def test_every_kept_epoch_gives_back_its_validation_loss(
    series: Series, network: NetworkSpec, tmp_path: Path
):
    store = SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=8, horizon=2)),
        network=network,
        plan=TrainingPlan(epochs=EPOCHS, batch_size=16, learning_rate=0.01, loss="mse"),
    )
    run_id = store.create("ann", spec, series, name="wave", token="wave").run_id
    assert store.hand_over(run_id, "here", held_by=None)
    assert store.claim(run_id, "here")
    execute(store.url, run_id)
    run = store.get("ann", run_id)
    assert run.status is Status.FINISHED, run.state.message
    told = run.state

    prepared = prepare(series, spec.preparation)
    kept = Snapshots.from_arrays(arrays_from_bytes(store.load_artifact("ann", run_id, "snapshots")))
    assert kept.epochs.tolist() == list(range(1, EPOCHS + 1))
    for ended in told.epochs:
        predict = partial(forward, network, kept.at(ended.epoch))
        replayed = np.mean((predict(prepared.validation.inputs) - prepared.validation.targets) ** 2)
        assert replayed == pytest.approx(ended.val_loss, rel=1e-4)

    predict = partial(forward, network, kept.at(told.best_epoch or 0))
    mae = score(forecast(predict, prepared, part="test", label="LSTM"), naive_error=0.0).mae
    assert told.finished is not None
    assert mae == told.finished.scores["lstm"]["mae"]
    assert look_at(predict, prepared, "test").mae == pytest.approx(mae, rel=1e-12)
