"""Monte-Carlo dropout against Keras with `training=True`: equal where both hide the same, alike where both draw."""

import importlib
from collections.abc import Iterator

import numpy as np
import pytest

from lstm_core.network.dropout import Dropout
from lstm_core.network.forward import forward
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.recipe.train import build_network
from lstm_core.training.plan import TrainingPlan

LENGTH, N_FEATURES, HORIZON = 7, 2, 3
BOTH = {"dropout": 0.3, "recurrent_dropout": 0.4}
NETWORKS = {
    "lstm": NetworkSpec(layers=(LayerSpec(units=5, **BOTH),)),
    "gru": NetworkSpec(layers=(LayerSpec(cell="gru", units=5, **BOTH),)),
    "rnn": NetworkSpec(layers=(LayerSpec(cell="rnn", units=5, **BOTH),)),
    "stacked, normalised, both ways": NetworkSpec(
        layers=(
            LayerSpec(units=4, normalization="layer", **BOTH),
            LayerSpec(cell="gru", units=3, bidirectional=True, **BOTH),
        ),
        dense=(DenseSpec(units=4),),
    ),
    "attention": NetworkSpec(layers=(LayerSpec(units=4, **BOTH),), attention="additive"),
    "masked": NetworkSpec(
        layers=(LayerSpec(cell="gru", units=4, **BOTH), LayerSpec(units=3, bidirectional=True, **BOTH)),
        masking=True,
    ),
}


@pytest.fixture(scope="module")
def keras():
    """Keras, opened late: importing TensorFlow takes seconds."""
    importlib.import_module("tensorflow")  # must come before keras
    import keras

    return keras


def built(spec):
    """The network exactly as a run trains it, its weights, and windows of which some are padded."""
    plan = TrainingPlan().model_dump()
    model = build_network(
        {
            "columns": ["y", "x"],
            "length": LENGTH,
            "horizon": HORIZON,
            "layers": [layer.model_dump(exclude={"return_sequences"}) for layer in spec.layers],
            "attention": spec.attention,
            "dense": [dense.model_dump() for dense in spec.dense],
            "mask_value": PAD_VALUE if spec.masking else None,
            "jit_compile": False,
            "in_halves": False,
            "steps_per_execution": 1,
            **plan,
        }
    )
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(6, LENGTH, N_FEATURES)).astype(np.float32)
    if spec.masking:
        inputs[1, :4], inputs[2, 3] = PAD_VALUE, PAD_VALUE
    model.set_weights([held + rng.normal(size=held.shape) * 0.3 for held in model.get_weights()])
    return model, Weights.from_keras(spec, model.get_weights()), inputs


class Repeated(Dropout):
    """Hides what Keras hid before, in the same order."""

    def __init__(self, masks: Iterator[np.ndarray]) -> None:
        self._masks = masks

    def mask(self, rate, shape):
        mask = np.moveaxis(next(self._masks), 0, -1)  # Keras' samples come first
        assert mask.shape == shape
        return mask


@pytest.mark.parametrize("name", NETWORKS)
def test_with_the_same_units_left_out_it_equals_keras(keras, name, monkeypatch):
    from keras.src import backend

    spec, rng, masks = NETWORKS[name], np.random.default_rng(4), []

    def hide(inputs, rate, noise_shape=None, seed=None):
        kept = (rng.random(inputs.shape) >= rate).astype(np.float32) / np.float32(1 - rate)
        masks.append(kept)
        return inputs * kept

    model, weights, inputs = built(spec)
    monkeypatch.setattr(backend.random, "dropout", hide)
    expected = np.asarray(model(inputs, training=True))
    left = iter(masks)
    ours = forward(spec, weights, inputs, Repeated(left))
    assert next(left, None) is None
    np.testing.assert_allclose(ours, expected, atol=1e-5)
    assert np.abs(forward(spec, weights, inputs) - expected).max() > 0.01


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_over_many_draws_mean_and_spread_are_those_of_keras(keras, name):
    spec, n_draws = NETWORKS[name], 3000
    model, weights, inputs = built(spec)
    many = np.repeat(inputs[:2], n_draws, axis=0)  # every copy of a window has masks of its own
    theirs = np.asarray(model(many, training=True)).reshape(2, n_draws, HORIZON)
    ours = forward(spec, weights, many, Dropout(np.random.default_rng(2))).reshape(theirs.shape)
    spread = theirs.std(axis=1)
    # The difference of two means of n draws has a standard error of sqrt(2 / n) = 0.026 spreads.
    assert (np.abs(ours.mean(axis=1) - theirs.mean(axis=1)) < 0.11 * spread).all()
    np.testing.assert_allclose(ours.std(axis=1), spread, rtol=0.1)
