"""Our forward pass, counts and gates against Keras on TensorFlow, for every kind of network the page can make."""

import importlib
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_core.network.counts import count_parameters, layer_table
from lstm_core.network.forward import attention_weights, forward
from lstm_core.network.presets import PRESETS
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trace import trace_gates
from lstm_core.network.weights import Weights
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.recipe.train import build_network
from lstm_core.training.plan import TrainingPlan
from tests.core.network.drawn import EVERYTHING, REVERSED, networks

TOLERANCE = 1e-5
plain_layers = st.builds(
    LayerSpec,
    units=st.integers(1, 64),
    activation=st.sampled_from(["tanh", "relu", "sigmoid"]),
    dropout=st.sampled_from([0.0, 0.1, 0.5]),
    recurrent_dropout=st.sampled_from([0.0, 0.2]),
)
plain_networks = st.builds(NetworkSpec, layers=st.lists(plain_layers, min_size=1, max_size=3).map(tuple))


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
        "layers": [layer.model_dump(exclude={"return_sequences"}) for layer in spec.layers],
        "attention": spec.attention,
        "dense": [held.model_dump() for held in spec.dense],
        "mask_value": PAD_VALUE if spec.masking else None,
        "jit_compile": False,
        "in_halves": False,
        "steps_per_execution": 1,
        **TrainingPlan().model_dump(),
    }
    return build_network(settings)


def give_weights(model, *, scale: float, seed: int) -> None:
    """Weights of realistic size: uniform within `scale` x Glorot's limit, biases and scales shifted like trained ones.

    Averages of a batch normalisation become those of values that are neither centred nor of size 1.
    """
    random = np.random.default_rng(seed)
    fresh = []
    for variable in model.weights:
        held = variable.numpy()
        if variable.path.endswith("moving_variance"):
            fresh.append(random.uniform(0.2, 2.0, held.shape))
            continue
        is_bias = held.ndim < 2 or variable.path.endswith("bias")
        limit = 0.5 if is_bias else np.sqrt(6 / sum(held.shape))
        fresh.append((held if is_bias else 0) + random.uniform(-limit, limit, held.shape) * scale)
    model.set_weights(fresh)


@settings(deadline=None, max_examples=25)
@given(
    spec=plain_networks,
    n_features=st.integers(1, 6),
    horizon=st.integers(1, 8),
    length=st.integers(1, 40),
    scale=st.sampled_from([0.5, 1.0, 2.0]),
    seed=st.integers(0, 2**32 - 1),
)
@example(NetworkSpec(layers=(LayerSpec(units=512),)), 1, 1, 30, 1.0, 1)
@example(NetworkSpec(layers=(LayerSpec(units=40, activation="relu"),) * 3), 4, 3, 40, 2.0, 2)
@example(NetworkSpec(layers=(LayerSpec(units=40, activation="sigmoid"),) * 3), 4, 3, 40, 2.0, 3)
def test_plain_networks_of_any_size_equal_keras(keras, spec, n_features, horizon, length, scale, seed):
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


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")  # attention on a window of one step
@settings(deadline=None)
@given(
    spec=networks,
    n_features=st.integers(1, 4),
    horizon=st.integers(1, 3),
    length=st.integers(1, 8),
    seed=st.integers(0, 2**32 - 1),
)
@example(EVERYTHING, 3, 2, 8, 1)
@example(REVERSED, 2, 3, 7, 2)
@example(EVERYTHING.model_copy(update={"masking": True}), 3, 2, 8, 3)
@example(REVERSED.model_copy(update={"masking": True}), 2, 3, 7, 4)
def test_every_kind_of_network_equals_keras(keras, spec, n_features, horizon, length, seed):
    model = trainable(spec, n_features=n_features, horizon=horizon, length=length)
    give_weights(model, scale=0.7, seed=seed)
    inputs = some_held_back(np.random.default_rng(seed), (6, length, n_features))
    expected = np.asarray(model(inputs, training=False))
    weights = Weights.from_keras(spec, model.get_weights())
    # relu has no limit, and float32 has seven digits
    size = max(1.0, float(np.abs(expected).max()))
    assert np.abs(forward(spec, weights, inputs) - expected).max() / size < TOLERANCE
    again = Weights.from_arrays(weights.to_arrays()).to_arrays()
    for held, name in zip(model.get_weights(), again, strict=True):
        np.testing.assert_array_equal(again[name], held)
    table = layer_table(spec, n_features=n_features, window_length=length, horizon=horizon)
    compare_rows(table, model)


def some_held_back(random: np.random.Generator, shape: tuple[int, int, int]) -> np.ndarray:
    """Windows of which one is whole, some are padded on the left, one has holes, one has nothing, one a single hole."""
    inputs = random.normal(0, 1, shape).astype(np.float32)
    whole, padded, almost_empty, with_holes, empty, half = range(6)
    length = shape[1]
    inputs[padded, : random.integers(0, length)] = PAD_VALUE
    inputs[almost_empty, :-1] = PAD_VALUE
    inputs[with_holes, random.random(length) < 0.4] = PAD_VALUE
    inputs[empty] = PAD_VALUE
    inputs[half, random.integers(0, length), 0] = (
        PAD_VALUE  # with a second column that is a value like any other
    )
    assert (inputs[whole] != PAD_VALUE).all()
    return inputs


def compare_rows(table, model) -> None:
    """Every row against the Keras layer it stands for; slices stand for none."""
    held = [layer for layer in model.layers if not layer.name.startswith("get_item")]
    assert len(held) == len(table)
    for row, layer in zip(table, held, strict=True):
        # Keras' attention answers a sequence of one query; the recipe takes it out
        shape = layer.output.shape if row.kind != "attention" else (None, layer.output.shape[-1])
        trainable_count = sum(int(np.prod(variable.shape)) for variable in layer.trainable_weights)
        assert (row.shape, row.parameters, row.trainable) == (shape, layer.count_params(), trainable_count)
    assert sum(row.parameters for row in table) == model.count_params()


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_keras_shapes_and_counts(keras, name):
    preset = PRESETS[name]
    shape = {"n_features": preset.n_features, "horizon": preset.horizon}
    model = trainable(preset.network, length=preset.window_length, **shape)
    assert preset.n_parameters == model.count_params()
    compare_rows(layer_table(preset.network, window_length=preset.window_length, **shape), model)


def step_by_hand(keras, layer, window, *, backward: bool) -> dict[str, np.ndarray]:
    """States and gates of a Keras cell that is stepped by hand; rows in the order of time."""
    cell, ops = layer.cell, keras.ops
    kernel, recurrent, bias = (np.asarray(held) for held in cell.get_weights())
    states = [ops.zeros((1, cell.units)) for _ in range(2 if isinstance(cell.state_size, list) else 1)]
    parts: dict[str, list[np.ndarray]] = {}
    for x in window[::-1] if backward else window:
        h = np.asarray(states[0])
        _, states = cell(ops.convert_to_tensor(x[None]), states)
        found = {"hidden": np.asarray(states[0])}
        if len(states) == 2:
            z = x[None] @ kernel + h @ recurrent + bias
            i, f, g, o = np.split(z, 4, axis=1)
            found |= {"input": ops.sigmoid(i), "forget": ops.sigmoid(f), "output": ops.sigmoid(o)}
            found |= {"candidate": cell.activation(g), "cell": states[1]}
        elif bias.ndim == 2:
            of_x, of_h = (
                np.split(z, 3, axis=1) for z in (x[None] @ kernel + bias[0], h @ recurrent + bias[1])
            )
            reset = np.asarray(ops.sigmoid(of_x[1] + of_h[1]))
            found |= {"update": ops.sigmoid(of_x[0] + of_h[0]), "reset": reset}
            found |= {"candidate": cell.activation(of_x[2] + reset * of_h[2])}
        for name, values in found.items():
            parts.setdefault(name, []).append(np.asarray(values)[0])
    return {name: np.stack(rows[::-1] if backward else rows) for name, rows in parts.items()}


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_gates_and_states_equal_a_keras_cell_stepped_by_hand(keras, cell, activation, backward):
    first = LayerSpec(cell=cell, units=5, activation=activation, bidirectional=True, normalization="layer")
    spec = NetworkSpec(layers=(first, LayerSpec(cell=cell, units=4, bidirectional=True)), attention="dot")
    model = trainable(spec, n_features=2, horizon=1, length=9)
    give_weights(model, scale=0.8, seed=11)
    weights = Weights.from_keras(spec, model.get_weights())
    window = np.random.default_rng(4).normal(size=(9, 2)).astype(np.float32)
    both = [layer for layer in model.layers if isinstance(layer, keras.layers.Bidirectional)]
    reads = keras.Model(model.input, [model.input, both[1].input])(window[None])
    for at, read in enumerate(reads):
        direction = both[at].backward_layer if backward else both[at].forward_layer
        told = step_by_hand(keras, direction, np.asarray(read)[0], backward=backward)
        trace = trace_gates(spec, weights, window, layer=at, backward=backward)
        assert (trace.cell, trace.layer, trace.backward) == (cell, at, backward)
        assert set(trace.parts) == set(told)
        for name, values in told.items():
            np.testing.assert_allclose(trace.parts[name], values, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("kind", ["dot", "additive"])
def test_attention_weights_equal_keras_scores(keras, kind):
    spec = NetworkSpec(
        layers=(LayerSpec(units=4), LayerSpec(cell="gru", units=3, bidirectional=True)), attention=kind
    )
    model = trainable(spec, n_features=2, horizon=2, length=7)
    give_weights(model, scale=2.0, seed=5)
    inputs = np.random.default_rng(6).normal(size=(20, 7, 2)).astype(np.float32)
    (attention,) = (layer for layer in model.layers if "attention" in layer.name)
    query, values = keras.Model(model.input, attention.input)(inputs)
    _, scores = attention([query, values], return_attention_scores=True)
    given = attention_weights(spec, Weights.from_keras(spec, model.get_weights()), inputs)
    np.testing.assert_allclose(given, np.asarray(scores)[:, 0], atol=TOLERANCE)
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-6)
    assert given.std(axis=1).max() > 1e-2  # not spread evenly


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
