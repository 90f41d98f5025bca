"""Masking: what a skipped step does to states, traces, memory and attention; Keras is asked in tests/reference."""

import numpy as np
import pytest

from lstm_core.network.counts import count_parameters, in_brief, layer_table
from lstm_core.network.forward import attention_weights, forward
from lstm_core.network.memory import crop, measure_memory, orders, rank_units
from lstm_core.network.spec import BLOCKS, LayerSpec, NetworkSpec
from lstm_core.network.summary import shape_chain
from lstm_core.network.trace import GateTrace, trace_gates
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.padding import PAD_VALUE

CELLS = ("lstm", "gru", "rnn")
UNITS = 3


def network(cell: str, *, backward: bool = False, attention: str = "none") -> tuple[NetworkSpec, Weights]:
    random, gates = np.random.default_rng(2), len(BLOCKS[cell]) * UNITS
    held = [
        CellWeights(
            kernel=random.normal(size=(2, gates)),
            recurrent=random.normal(size=(UNITS, gates)),
            bias=random.normal(size=(2, gates) if cell == "gru" else gates),
        )
        for _ in range(2)
    ]
    width = UNITS * (2 if backward else 1)
    spec = NetworkSpec(
        layers=(LayerSpec(cell=cell, units=UNITS, bidirectional=backward),), attention=attention, masking=True
    )
    return spec, Weights(
        layers=(LayerWeights(forward=held[0], backward=held[1] if backward else None),),
        attention=np.array(1.5) if attention == "dot" else None,
        head=DenseWeights(kernel=random.normal(size=(width, 1)), bias=np.zeros(1)),
    )


def windows(length: int = 6) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(4, length, 2)).astype(np.float32)


@pytest.mark.parametrize("attention", ["none", "dot"])
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_a10_a_padded_window_is_forecast_like_its_rows_alone(cell, backward, attention):
    spec, weights = network(cell, backward=backward, attention=attention)
    rows = windows()
    padded = np.concatenate([np.full((4, 5, 2), PAD_VALUE, np.float32), rows], axis=1)
    np.testing.assert_allclose(forward(spec, weights, padded), forward(spec, weights, rows), atol=1e-6)
    unmasked = spec.model_copy(update={"masking": False})
    assert np.abs(forward(unmasked, weights, padded) - forward(spec, weights, padded)).max() > 1e-3
    np.testing.assert_array_equal(forward(unmasked, weights, rows), forward(spec, weights, rows))
    if attention != "none":
        given = attention_weights(spec, weights, padded)
        assert (given[:, :5] == 0).all()
        np.testing.assert_allclose(given[:, 5:], attention_weights(spec, weights, rows), atol=1e-6)


def trace_of(cell: str, *, backward: bool = False) -> GateTrace:
    spec, weights = network(cell, backward=backward)
    window = windows()[0]
    window[[0, 3]] = PAD_VALUE
    return trace_gates(spec, weights, window, layer=0, backward=backward)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_a_skipped_step_of_a_trace_is_marked_and_its_state_stands_still(cell, backward):
    trace = trace_of(cell, backward=backward)
    assert trace.skipped.tolist() == [0, 3]
    for name, values in trace.parts.items():
        if name in ("cell", "hidden"):
            np.testing.assert_array_equal(values[3], values[4 if backward else 2])
            assert np.isfinite(values).all()
        else:
            assert np.isnan(values[[0, 3]]).all()
            assert np.isfinite(trace.read(name)).all()
    assert all(np.isnan(values[[0, 3]]).all() for values in trace.sums.values())
    assert len(trace.read("hidden")) == 4
    part = crop(trace, slice(2, 5))
    assert part.skipped.tolist() == [1]
    for order in orders(trace.cell):
        assert sorted(rank_units(trace, order)) == [0, 1, 2]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_half_lives_are_those_of_the_steps_that_are_read(cell):
    spec, weights = network(cell)
    window = windows()[0]
    alone = measure_memory(trace_gates(spec, weights, window, layer=0))
    padded = np.concatenate([np.full((5, 2), PAD_VALUE, np.float32), window])
    np.testing.assert_allclose(
        measure_memory(trace_gates(spec, weights, padded, layer=0)).half_lives, alone.half_lives, rtol=1e-6
    )
    empty = trace_gates(spec, weights, padded[:5], layer=0)
    assert np.isfinite(measure_memory(empty).half_lives).all()
    assert (empty.parts["hidden"] == 0).all()


def test_the_table_says_masking_and_counts_nothing_for_it():
    plain, masked = NetworkSpec(), NetworkSpec(masking=True)
    shape = {"n_features": 2, "horizon": 1}
    assert count_parameters(plain, **shape) == count_parameters(masked, **shape)
    row = layer_table(masked, window_length=9, **shape)[1]
    assert (row.name, row.kind, row.shape, row.parameters) == ("Masking", "masking", (None, 9, 2), 0)
    assert "−10" in row.formula
    assert (
        shape_chain(layer_table(masked, window_length=9, **shape)) == "(None, 9, 2) → (None, 50) → (None, 1)"
    )
    assert in_brief(masked) == "50 units, masking"
