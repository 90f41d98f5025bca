"""Every kind of network trains through the loop, compiled or not, and its NumPy twin says what Keras says."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.forward import attention_weights, forward, parity
from lstm_core.network.layers import read_sequence, skipped_steps
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.recipe.train import build_network
from lstm_core.series.record import Series
from lstm_core.training import plan
from lstm_core.training.control import Unsteered
from lstm_core.training.events import RunStarted
from lstm_core.training.loop import train
from lstm_core.training.plan import RunSpec, TrainingPlan, settings

TOLERANCE = 1e-5
ALL_STEPS = NetworkSpec(
    layers=(
        LayerSpec(
            cell="gru", units=3, bidirectional=True, normalization="batch", recurrent_dropout=0.2, l2=0.01
        ),
    ),
    attention="dot",
    dense=(DenseSpec(units=4),),
)
LAST_STEP = NetworkSpec(
    layers=(
        LayerSpec(cell="rnn", units=4, normalization="layer", recurrent_dropout=0.2),
        LayerSpec(units=3, normalization="batch", dropout=0.2, recurrent_dropout=0.2, recurrent_l1=0.01),
    )
)
MASKED = NetworkSpec(
    layers=(
        LayerSpec(cell="rnn", units=1, normalization="batch", recurrent_dropout=0.2),
        LayerSpec(cell="gru", units=2, bidirectional=True, normalization="batch", dropout=0.2),
    ),
    attention="additive",
    masking=True,
)
"""One unit too: Keras takes a mask into the moments of a batch normalisation in a way of its own."""


def wave() -> Series:
    values = np.sin(np.arange(120) / 3)[:, None]
    return Series(values=values, index=pd.RangeIndex(120), columns=("y",), name="wave")


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize(
    "network",
    [ALL_STEPS, LAST_STEP, MASKED],
    ids=["all steps", "last step", "masked"],
)
def test_a_training_of_any_network_equals_its_numpy_twin(monkeypatch, network, compiled):
    limit = 0 if compiled else math.inf
    monkeypatch.setattr(plan, "WORTH_COMPILING", limit)
    monkeypatch.setattr(plan, "WORTH_COMPILING_EPOCH", limit)
    series, events = wave(), []
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(
            target="y", window=WindowSpec(length=4, horizon=2, padding=network.masking)
        ),
        network=network,
        plan=TrainingPlan(epochs=2, batch_size=32, learning_rate=0.01),
    )
    assert settings(spec, series)["jit_compile"] is compiled
    trained = train(spec, series, emit=events.append, control=Unsteered())
    (started,) = (event for event in events if isinstance(event, RunStarted))
    weights, inputs = trained.weights, trained.prepared.test.inputs
    assert started.n_parameters == sum(array.size for array in weights.to_arrays().values())
    assert len(trained.prepared.train) == started.n_train == (83 if network.masking else 80) - 1
    assert parity(forward(network, weights, inputs), trained.keras_test_predictions) < TOLERANCE
    assert all(math.isfinite(ended.val_loss) for ended in trained.history)
    norms = [layer.norm for layer in weights.layers if layer.norm and layer.norm.mean is not None]
    for norm in norms:
        assert np.abs(norm.mean).max() > 0  # the averages of the training, not those it began with
    if network.attention != "none":
        assert attention_weights(network, weights, inputs).sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_batch_normalisation_averages_only_the_steps_that_are_read():
    """What stands in padded steps must not move the averages that forecasts are made with."""
    series = wave()
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=4, padding=True)),
        network=NetworkSpec(
            layers=(LayerSpec(cell="rnn", units=2, normalization="batch"), LayerSpec(units=2)), masking=True
        ),
        plan=TrainingPlan(epochs=1, batch_size=4096, learning_rate=1e-6),
    )
    prepared, chosen = prepare(series, spec.preparation), settings(spec, series)
    model = build_network(chosen | {"jit_compile": False, "in_halves": False, "steps_per_execution": 1})
    weights = Weights.from_keras(spec.network, model.get_weights())
    inputs = prepared.train.inputs
    said = read_sequence(
        spec.network.layers[0].model_copy(update={"normalization": "none"}),
        replace(weights.layers[0], norm=None),
        inputs.transpose(1, 2, 0),
        skipped_steps(inputs.transpose(1, 2, 0)),
    )
    read = said.transpose(0, 2, 1)[(inputs != PAD_VALUE).all(axis=2).T]
    assert len(read) == inputs.shape[0] * 4 - 6
    model.fit(inputs, prepared.train.targets, batch_size=4096, epochs=1, shuffle=False, verbose=0)
    norm = Weights.from_keras(spec.network, model.get_weights()).layers[0].norm
    # Keras keeps 99% of the averages it begins with, 0 and 1.
    np.testing.assert_allclose(norm.mean, 0.01 * read.mean(axis=0), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(norm.variance, 0.99 + 0.01 * read.var(axis=0), rtol=1e-4)
