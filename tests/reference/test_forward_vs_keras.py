"""Our forward pass, counts and gates against Keras on TensorFlow, for every kind of network the page can make."""

import importlib
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_core.network.forward import forward
from lstm_core.network.presets import PRESETS
from lstm_core.network.spec import LayerSpec, NetworkSpec, count_parameters, layer_table
from lstm_core.network.trace import trace_gates
from lstm_core.network.weights import Weights
from lstm_core.recipe.train import build_network
from lstm_core.training.plan import TrainingPlan

TOLERANCE = 1e-5

layers = st.builds(
    LayerSpec,
    units=st.integers(1, 64),
    activation=st.sampled_from(["tanh", "relu", "sigmoid"]),
    dropout=st.sampled_from([0.0, 0.1, 0.5]),
    recurrent_dropout=st.sampled_from([0.0, 0.2]),
)
networks = st.builds(NetworkSpec, layers=st.lists(layers, min_size=1, max_size=3).map(tuple))


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    """Keras, opened late: importing TensorFlow takes seconds."""
    importlib.import_module("tensorflow")  # must come before keras and pandas
    import keras

    return keras


def build(keras: ModuleType, spec: NetworkSpec, *, n_features: int, horizon: int, dtype: str = "float32"):
    """The same network written down a second time, for any length and precision."""
    parts = [keras.Input((None, n_features), dtype=dtype)]
    for number, layer in enumerate(spec.layers, start=1):
        parts.append(
            keras.layers.LSTM(
                layer.units,
                activation=layer.activation,
                recurrent_dropout=layer.recurrent_dropout,
                return_sequences=number < len(spec.layers),
                dtype=dtype,
            )
        )
        if layer.dropout:
            parts.append(keras.layers.Dropout(layer.dropout, dtype=dtype))
    return keras.Sequential([*parts, keras.layers.Dense(horizon, dtype=dtype)])


def trainable(spec: NetworkSpec, *, n_features: int, horizon: int, length: int):
    """The network exactly as a run trains it."""
    settings = {
        "columns": [f"column {at}" for at in range(n_features)],
        "length": length,
        "horizon": horizon,
        "layers": [layer.model_dump(exclude={"cell", "return_sequences"}) for layer in spec.layers],
        "jit_compile": False,
        "steps_per_execution": 1,
        **TrainingPlan().model_dump(),
    }
    return build_network(settings)


def give_weights(model, *, scale: float, seed: int) -> None:
    """Weights of realistic size: uniform within `scale` x Glorot's limit, biases shifted like trained ones."""
    random = np.random.default_rng(seed)
    fresh = []
    for held in model.get_weights():
        limit = np.sqrt(6 / sum(held.shape)) if held.ndim == 2 else 0.5
        fresh.append((held if held.ndim == 1 else 0) + random.uniform(-limit, limit, held.shape) * scale)
    model.set_weights(fresh)


@settings(deadline=None, max_examples=25)
@given(
    spec=networks,
    n_features=st.integers(1, 6),
    horizon=st.integers(1, 8),
    length=st.integers(1, 40),
    scale=st.sampled_from([0.5, 1.0, 2.0]),
    seed=st.integers(0, 2**32 - 1),
)
@example(NetworkSpec(layers=(LayerSpec(units=512),)), 1, 1, 30, 1.0, 1)
@example(NetworkSpec(layers=(LayerSpec(units=40, activation="relu"),) * 3), 4, 3, 40, 2.0, 2)
@example(NetworkSpec(layers=(LayerSpec(units=40, activation="sigmoid"),) * 3), 4, 3, 40, 2.0, 3)
def test_forward_equals_keras(keras, spec, n_features, horizon, length, scale, seed):
    model = trainable(spec, n_features=n_features, horizon=horizon, length=length)
    give_weights(model, scale=scale, seed=seed)
    inputs = np.random.default_rng(seed).normal(0, 1, (5, length, n_features)).astype(np.float32)
    expected = np.asarray(model(inputs, training=False))
    weights = Weights.from_keras(spec, model.get_weights())
    ours = forward(spec, weights, inputs)
    assert count_parameters(spec, n_features=n_features, horizon=horizon) == model.count_params()
    if all(layer.activation != "relu" for layer in spec.layers):
        assert np.abs(ours - expected).max() < TOLERANCE
        return
    # relu has no limit: states grow from step to step, and so does every rounding error. Three such layers at Glorot's
    # size reach 300 and lose three of float32's seven digits; at twice that size Keras disagrees with itself. So the
    # function is compared in float64, and float32 may be off by what Keras' own float32 is off.
    exact = build(keras, spec, n_features=n_features, horizon=horizon, dtype="float64")
    exact.set_weights(model.get_weights())
    true = np.asarray(exact(inputs.astype(np.float64), training=False))
    size = max(1.0, float(np.abs(true).max()))
    last = [
        trace_gates(spec, weights, window, layer=len(spec.layers) - 1).parts["hidden"][-1]
        for window in inputs
    ]
    precise = np.stack(last) @ weights.head.kernel.astype(np.float64) + weights.head.bias
    assert np.abs(precise - true).max() / size < 1e-7
    rounding = np.abs(expected - true).max()
    assert np.abs(ours - true).max() < TOLERANCE * size + 10 * rounding


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_keras_shapes_and_counts(keras, name):
    preset = PRESETS[name]
    model = build(keras, preset.network, n_features=preset.n_features, horizon=preset.horizon)
    assert preset.n_parameters == model.count_params()
    probe = keras.Input((preset.window_length, preset.n_features))
    ours = layer_table(
        preset.network,
        n_features=preset.n_features,
        window_length=preset.window_length,
        horizon=preset.horizon,
    )
    x = probe
    for row, layer in zip(ours[1:], model.layers, strict=True):
        x = layer(x)
        assert row.shape == x.shape
        assert row.parameters == layer.count_params()


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_traced_states_equal_keras_at_every_step(keras, activation):
    spec = NetworkSpec(layers=(LayerSpec(units=6, activation=activation), LayerSpec(units=4)))
    model = build(keras, spec, n_features=2, horizon=1)
    give_weights(model, scale=1.0, seed=11)
    weights = Weights.from_keras(spec, model.get_weights())
    window = np.random.default_rng(4).normal(size=(12, 2)).astype(np.float32)
    held = model.layers[0].get_weights()
    told = keras.layers.LSTM(6, activation=activation, return_sequences=True, return_state=True)
    told.build((1, 12, 2))
    told.set_weights(held)
    sequence, last_h, last_c = told(window[None])
    trace = trace_gates(spec, weights, window, layer=0)
    np.testing.assert_allclose(trace.parts["hidden"], sequence[0], atol=TOLERANCE)
    np.testing.assert_allclose(trace.parts["hidden"][-1], last_h[0], atol=TOLERANCE)
    np.testing.assert_allclose(trace.parts["cell"][-1], last_c[0], atol=TOLERANCE)


def test_a_young_network_has_its_forget_bias_at_one_in_the_second_block(keras):
    spec = NetworkSpec(layers=(LayerSpec(units=5),))
    model = build(keras, spec, n_features=1, horizon=1)
    bias = Weights.from_keras(spec, model.get_weights()).layers[0].forward.bias.reshape(4, 5)
    np.testing.assert_array_equal(bias[1], 1)
    np.testing.assert_array_equal(bias[[0, 2, 3]], 0)


def test_dropout_layers_hold_no_weights(keras):
    spec = NetworkSpec(layers=(LayerSpec(units=3, dropout=0.5, recurrent_dropout=0.2), LayerSpec(units=2)))
    model = build(keras, spec, n_features=1, horizon=1)
    assert len(model.get_weights()) == 8
    assert [layer.units for layer in Weights.from_keras(spec, model.get_weights()).layers] == [3, 2]
