"""A finished run without Keras: random LSTM layers whose dense head is fitted by least squares."""

from dataclasses import replace

import numpy as np

from lstm_core.evaluation.scores import scoreboard
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.windows import PreparationSpec, Prepared, prepare
from lstm_core.runs.artifacts import arrays_to_bytes
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.record import Series
from lstm_core.training.events import EpochEnded, RunFinished, RunStarted
from lstm_core.training.plan import RunSpec, TrainingPlan
from lstm_core.training.snapshots import Snapshots

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
    store: RunStore,
    series: Series,
    preparation: PreparationSpec,
    *,
    weights: Weights | None = None,
    network: NetworkSpec | None = None,
    n_epochs: int = 0,
    cleaning: CleaningRecord | None = None,
    plan: TrainingPlan | None = None,
) -> Run:
    """Store a finished run of the local person, with weights, curve and scores.

    Parameters
    ----------
    network : with `weights` of its own; None: what `fit_head` makes
    n_epochs : epochs whose weights are kept, see `training_of`; 0: a run of two epochs that kept none, as runs of the
        first version did
    cleaning : how the series came about
    plan : what it was told to learn, which `fit_head` does not look at
    """
    prepared = prepare(series, preparation)
    made, fitted = fit_head(prepared)
    network, weights = network or made, weights or fitted

    def predict(inputs):
        return forward(network, weights, inputs)

    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=preparation,
        network=network,
        plan=plan or TrainingPlan(),
        cleaning=cleaning,
    )
    run = store.create(
        "local", spec, series, name="made", token=f"{series.fingerprint}{preparation}{n_epochs}"
    )
    counts = {f"n_{part}": len(prepared.part(part)) for part in ("train", "validation", "test")}
    snapshots, ended = training_of(prepared, network, weights, n_epochs) if n_epochs else (None, TWO_EPOCHS)
    store.append(run.run_id, RunStarted(n_parameters=1, epochs=len(ended), **counts), *ended)
    board = scoreboard(prepared, predict, period=series.period)
    checked = scoreboard(prepared, predict, period=series.period, part="validation")
    finished = RunFinished(
        best_epoch=min(ended, key=lambda one: one.val_loss).epoch,
        seconds=ended[-1].seconds,
        windows_per_second=1000.0,
        parity=0.0,
        scores={key: one.to_dict() for key, one in board.items()},
        validation={key: one.to_dict() for key, one in checked.items()},
    )
    artifacts = {
        "weights": arrays_to_bytes(weights.to_arrays()),
        "test_predictions": arrays_to_bytes({"keras": predict(prepared.test.inputs)}),
    }
    if snapshots is not None:
        artifacts["snapshots"] = arrays_to_bytes(snapshots.to_arrays())
    assert store.finish(run.run_id, finished, artifacts)
    return store.get("local", run.run_id)


TWO_EPOCHS = (
    EpochEnded(epoch=1, loss=1.0, val_loss=1.1, seconds=0.5),
    EpochEnded(epoch=2, loss=0.5, val_loss=0.6, seconds=1.0),
)


def training_of(
    prepared: Prepared, network: NetworkSpec, weights: Weights, n_epochs: int
) -> tuple[Snapshots, tuple[EpochEnded, ...]]:
    """Every epoch of a training that grows to `weights`, three epochs before the end, and then beyond them.

    The validation losses are those of the weights; the train losses are made up and fall to the end, so that the last
    three epochs overfit.
    """
    best = n_epochs - 3
    kept = tuple(
        _grown(weights, epoch / best if epoch <= best else 1 + 0.5 * (epoch - best))
        for epoch in range(1, n_epochs + 1)
    )
    losses = [
        float(np.mean((forward(network, one, prepared.validation.inputs) - prepared.validation.targets) ** 2))
        for one in kept
    ]
    ended = tuple(
        EpochEnded(epoch=epoch, loss=1 / epoch, val_loss=loss, seconds=float(epoch))
        for epoch, loss in enumerate(losses, start=1)
    )
    return Snapshots(epochs=np.arange(1, n_epochs + 1), weights=kept), ended


def _grown(weights: Weights, share: float) -> Weights:
    first, *others = weights.layers
    cell = replace(first.forward, recurrent=share * first.forward.recurrent)
    head = DenseWeights(kernel=share * weights.head.kernel, bias=share * weights.head.bias)
    return replace(weights, layers=(replace(first, forward=cell), *others), head=head)
