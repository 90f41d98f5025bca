"""A finished run without Keras: random LSTM layers whose dense head is fitted by least squares."""

import numpy as np

from lstm_core.evaluation.scores import scoreboard
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.windows import PreparationSpec, Prepared, prepare
from lstm_core.runs.artifacts import arrays_to_bytes
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.record import Series
from lstm_core.training.events import EpochEnded, RunFinished, RunStarted
from lstm_core.training.plan import RunSpec

UNITS = 12


def fit_head(prepared: Prepared, *, seed: int = 0) -> tuple[NetworkSpec, Weights]:
    """One layer of random weights; its head is the best linear one on the train windows, so it has real skill."""
    rng = np.random.default_rng(seed)
    n_features, horizon = prepared.train.inputs.shape[2], prepared.train.targets.shape[1]
    layer = LayerWeights(
        forward=CellWeights(
            kernel=rng.normal(size=(n_features, 4 * UNITS)),
            recurrent=0.3 * rng.normal(size=(UNITS, 4 * UNITS)),
            bias=rng.normal(size=4 * UNITS),
        )
    )
    spec = NetworkSpec(layers=(LayerSpec(units=UNITS),))
    hidden = forward(
        spec,
        Weights(layers=(layer,), head=DenseWeights(kernel=np.eye(UNITS), bias=np.zeros(UNITS))),
        prepared.train.inputs,
    )
    design = np.column_stack([hidden, np.ones(len(hidden))])
    head = np.linalg.lstsq(design, prepared.train.targets, rcond=1e-3)[0]
    return spec, Weights(
        layers=(layer,), head=DenseWeights(kernel=head[:-1].reshape(UNITS, horizon), bias=head[-1])
    )


def finish_run(
    store: RunStore, series: Series, preparation: PreparationSpec, *, weights: Weights | None = None
) -> Run:
    """Store a finished run of the local person, with weights, curve and scores."""
    prepared = prepare(series, preparation)
    network, fitted = fit_head(prepared)
    weights = weights or fitted

    def predict(inputs):
        return forward(network, weights, inputs)

    spec = RunSpec(series_fingerprint=series.fingerprint, preparation=preparation, network=network)
    run = store.create("local", spec, series, name="made", token=f"{series.fingerprint}{preparation}")
    counts = {f"n_{part}": len(prepared.part(part)) for part in ("train", "validation", "test")}
    store.append(
        run.run_id,
        RunStarted(n_parameters=1, epochs=2, **counts),
        EpochEnded(epoch=1, loss=1.0, val_loss=1.1, seconds=0.5),
        EpochEnded(epoch=2, loss=0.5, val_loss=0.6, seconds=1.0),
    )
    board = scoreboard(prepared, predict, period=series.period)
    finished = RunFinished(
        best_epoch=2,
        seconds=1.0,
        windows_per_second=1000.0,
        parity=0.0,
        scores={key: one.to_dict() for key, one in board.items()},
    )
    artifacts = {
        "weights": arrays_to_bytes(weights.to_arrays()),
        "test_predictions": arrays_to_bytes({"keras": predict(prepared.test.inputs)}),
    }
    assert store.finish(run.run_id, finished, artifacts)
    return store.get("local", run.run_id)
