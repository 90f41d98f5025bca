"""What holds for every network: gates inside their range, the recurrence, causality, counts."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.network.counts import count_parameters, layer_table
from lstm_core.network.forward import attention_weights, forward
from lstm_core.network.spec import BLOCKS, LayerSpec, NetworkSpec
from lstm_core.network.trace import GateTrace, trace_gates
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights

layers = st.builds(
    LayerSpec,
    units=st.integers(1, 12),
    activation=st.sampled_from(["tanh", "relu", "sigmoid"]),
    dropout=st.sampled_from([0.0, 0.2]),
)
networks = st.builds(NetworkSpec, layers=st.lists(layers, min_size=1, max_size=3).map(tuple))


# Drawn as plain choices and built inside the test: the type checks of the core draw random numbers, which
# hypothesis does not allow inside a strategy.
cases = st.fixed_dictionaries(
    {
        "spec": networks,
        "seed": st.integers(0, 2**32 - 1),
        "scale": st.sampled_from([0.05, 0.5, 3.0]),
        "loudness": st.sampled_from([0.1, 1.0, 100.0]),
        "n_features": st.integers(1, 4),
        "length": st.integers(1, 20),
        "horizon": st.integers(1, 4),
    }
)


def build(case: dict) -> tuple[NetworkSpec, Weights, np.ndarray]:
    """A network, weights of realistic or absurd size, and one window."""
    random, scale, width = np.random.default_rng(case["seed"]), case["scale"], case["n_features"]
    held = []
    for layer in case["spec"].layers:
        u = layer.units
        held.append(
            LayerWeights(
                forward=CellWeights(
                    kernel=random.normal(0, scale, (width, 4 * u)),
                    recurrent=random.normal(0, scale, (u, 4 * u)) / np.sqrt(u),
                    bias=random.normal(0, scale, 4 * u),
                )
            )
        )
        width = u
    weights = Weights(
        layers=tuple(held),
        head=DenseWeights(
            kernel=random.normal(size=(width, case["horizon"])), bias=random.normal(size=case["horizon"])
        ),
    )
    window = random.normal(0, case["loudness"], (case["length"], case["n_features"]))
    return case["spec"], weights, window.astype(np.float32)


def act(name: str, z: np.ndarray) -> np.ndarray:
    return {"tanh": np.tanh(z), "relu": np.maximum(z, 0), "sigmoid": (1 + np.tanh(z / 2)) / 2}[name]


@given(case=cases, which=st.integers(0, 2))
def test_every_shown_gate_is_strictly_inside_its_range(case, which):
    spec, weights, window = build(case)
    layer = which % len(spec.layers)
    trace = trace_gates(spec, weights, window, layer=layer)
    for gate in (trace.parts["input"], trace.parts["forget"], trace.parts["output"]):
        assert gate.shape == (len(window), spec.layers[layer].units)
        assert (gate > 0).all()
        assert (gate < 1).all()
    if spec.layers[layer].activation == "tanh":
        assert (np.abs(trace.parts["candidate"]) < 1).all()
        assert (np.abs(trace.parts["hidden"]) < 1).all()
        # each step adds at most 1 (less, before rounding) to the cell state
        assert (np.abs(trace.parts["cell"]) <= np.arange(1, len(window) + 1)[:, None]).all()


@given(case=cases, which=st.integers(0, 2))
def test_the_traced_states_obey_the_equations(case, which):
    spec, weights, window = build(case)
    layer = which % len(spec.layers)
    trace: GateTrace = trace_gates(spec, weights, window, layer=layer)
    before = np.vstack([np.zeros_like(trace.parts["cell"][:1]), trace.parts["cell"][:-1]])
    np.testing.assert_allclose(
        trace.parts["cell"],
        trace.parts["forget"] * before + trace.parts["input"] * trace.parts["candidate"],
        rtol=1e-12,
        atol=1e-12,
    )
    squashed = [trace.parts["input"], trace.parts["forget"], trace.parts["candidate"], trace.parts["output"]]
    functions = ["sigmoid", "sigmoid", spec.layers[layer].activation, "sigmoid"]
    for z, value, function in zip(trace.sums.values(), squashed, functions, strict=True):
        np.testing.assert_allclose(value, act(function, z), rtol=1e-9, atol=1e-9)
    shown = trace.parts["output"] * act(spec.layers[layer].activation, trace.parts["cell"])
    np.testing.assert_allclose(trace.parts["hidden"], shown, rtol=1e-12, atol=1e-12)


@given(case=cases, which=st.integers(0, 2), cut=st.integers(1, 20))
def test_states_before_a_step_do_not_know_what_comes_later(case, which, cut):
    spec, weights, window = build(case)
    layer, cut = which % len(spec.layers), min(cut, len(window))
    whole = trace_gates(spec, weights, window, layer=layer)
    begun = trace_gates(spec, weights, window[:cut], layer=layer)
    np.testing.assert_array_equal(whole.parts["hidden"][:cut], begun.parts["hidden"])
    np.testing.assert_array_equal(whole.parts["cell"][:cut], begun.parts["cell"])


@given(case=cases)
def test_the_batch_order_does_not_matter(case):
    spec, weights, window = build(case)
    pair = np.stack([window, window[::-1]])
    forecasts = forward(spec, weights, pair)
    size = max(1.0, float(np.abs(forecasts).max()))  # relu has no limit, and float32 has seven digits
    np.testing.assert_allclose(forward(spec, weights, pair[::-1])[::-1] / size, forecasts / size, atol=1e-5)


@given(spec=networks, n_features=st.integers(1, 30), horizon=st.integers(1, 30), length=st.integers(1, 100))
@settings(max_examples=50)
def test_the_count_is_the_number_of_weights(spec, n_features, horizon, length):
    width, held = n_features, 0
    for layer in spec.layers:
        held += (width + layer.units + 1) * 4 * layer.units  # entries of kernel, recurrent and bias
        width = layer.units
    held += (width + 1) * horizon
    assert count_parameters(spec, n_features=n_features, horizon=horizon) == held
    table = layer_table(spec, n_features=n_features, window_length=length, horizon=horizon)
    assert table[0].shape == (None, length, n_features)
    assert table[-1].shape == (None, horizon)
    assert sum(row.kind == "lstm" for row in table) == len(spec.layers)


def random_layer(random, cell: str, width: int, units: int, scale: float) -> CellWeights:
    gates = len(BLOCKS[cell]) * units
    return CellWeights(
        kernel=random.normal(0, scale, (width, gates)),
        recurrent=random.normal(0, scale, (units, gates)) / np.sqrt(units),
        bias=random.normal(0, scale, (2, gates) if cell == "gru" else gates),
    )


@given(
    cell=st.sampled_from(["lstm", "gru", "rnn"]),
    activation=st.sampled_from(["tanh", "sigmoid"]),
    kind=st.sampled_from(["dot", "additive"]),
    backward=st.booleans(),
    case=cases,
)
def test_every_cell_and_attention_stay_inside_whatever_the_weights(cell, activation, kind, backward, case):
    random, units = np.random.default_rng(case["seed"]), 5
    forth, back = (random_layer(random, cell, case["n_features"], units, case["scale"]) for _ in range(2))
    weights = Weights(
        layers=(LayerWeights(forward=forth, backward=back),),
        attention=random.normal(0, 30, () if kind == "dot" else 2 * units),
        head=DenseWeights(kernel=random.normal(size=(2 * units, 1)), bias=np.zeros(1)),
    )
    layers = (LayerSpec(cell=cell, units=units, activation=activation, bidirectional=True),)
    spec = NetworkSpec(layers=layers, attention=kind)
    window = random.normal(0, case["loudness"], (case["length"], case["n_features"])).astype(np.float32)
    given_to = attention_weights(spec, weights, window[None])
    assert given_to.shape == (1, len(window))
    assert (given_to >= 0).all()
    np.testing.assert_allclose(given_to.sum(axis=1), 1, atol=1e-5)
    trace = trace_gates(spec, weights, window, layer=0, backward=backward)
    for name in set(trace.parts) - {"candidate", "cell", "hidden"}:
        assert (trace.parts[name] > 0).all()
        assert (trace.parts[name] < 1).all()
    assert (np.abs(trace.parts["hidden"]) < 1).all()
    # Read backwards, the mirrored window of the mirrored direction is the same walk.
    swapped = replace(weights, layers=(LayerWeights(forward=back, backward=forth),))
    ahead = trace_gates(spec, swapped, window[::-1], layer=0)
    behind = trace_gates(spec, weights, window, layer=0, backward=True)
    for name, values in behind.parts.items():
        np.testing.assert_array_equal(values, ahead.parts[name][::-1])
    for name, values in behind.sums.items():
        np.testing.assert_allclose(values, ahead.sums[name][::-1], rtol=1e-9, atol=1e-9)


@given(case=cases)
def test_the_traced_gru_obeys_its_equations(case):
    random, units = np.random.default_rng(case["seed"]), 4
    held = random_layer(random, "gru", case["n_features"], units, case["scale"])
    weights = Weights(
        layers=(LayerWeights(forward=held),), head=DenseWeights(kernel=np.ones((units, 1)), bias=np.zeros(1))
    )
    window = random.normal(0, case["loudness"], (case["length"], case["n_features"])).astype(np.float32)
    spec = NetworkSpec(layers=(LayerSpec(cell="gru", units=units),))
    trace = trace_gates(spec, weights, window, layer=0)
    parts, sums = trace.parts, trace.sums
    before = np.vstack([np.zeros((1, units)), parts["hidden"][:-1]])
    kept = parts["update"] * before + (1 - parts["update"]) * parts["candidate"]
    np.testing.assert_allclose(parts["hidden"], kept, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        sums["candidate"],
        sums["candidate_input"] + parts["reset"] * sums["candidate_state"],
        rtol=1e-9,
        atol=1e-9,
    )
    for name, function in (("update", "sigmoid"), ("reset", "sigmoid"), ("candidate", "tanh")):
        np.testing.assert_allclose(parts[name], act(function, sums[name]), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        sums["candidate_state"],
        before @ held.recurrent[:, 2 * units :] + held.bias[1, 2 * units :],
        atol=1e-9,
    )
