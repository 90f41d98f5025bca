"""The numbers beside the equations, and the values weights start from, against Keras for every kind of cell."""

import importlib
from types import ModuleType

import numpy as np
import pytest

from lstm_core.network.memory import cell_step
from lstm_core.network.spec import BLOCKS, LayerSpec, NetworkSpec
from lstm_core.network.starts import weight_blocks
from lstm_core.network.trace import trace_gates
from lstm_core.network.weights import Weights

UNITS, LENGTH, COLUMNS = 5, 7, 2
CELLS = ("lstm", "gru", "rnn")


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    """Keras, opened late: importing TensorFlow takes seconds."""
    importlib.import_module("tensorflow")  # must come before keras and pandas
    import keras

    return keras


def layer_of(keras: ModuleType, cell: str, **choices: object):
    kind = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}[cell]
    return kind(UNITS, **choices)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_the_hidden_state_of_every_step_and_unit_is_keras(keras, cell, activation):
    """Both directions; Keras hands out the backward one in its order of reading when it is asked for alone."""
    random = np.random.default_rng(5)
    spec = NetworkSpec(layers=(LayerSpec(cell=cell, units=UNITS, activation=activation, bidirectional=True),))
    ahead, back = (
        layer_of(keras, cell, activation=activation, return_sequences=True, go_backwards=backwards)
        for backwards in (False, True)
    )
    window = random.normal(size=(LENGTH, COLUMNS)).astype(np.float32)
    arrays, said = [], []
    for layer in (ahead, back):
        layer.build((1, LENGTH, COLUMNS))
        layer.set_weights([random.normal(0, 0.4, held.shape) for held in layer.get_weights()])
        arrays += layer.get_weights()
        said.append(np.asarray(layer(window[None])[0]))
    head = [np.ones((2 * UNITS, 1), np.float32), np.zeros(1, np.float32)]
    weights = Weights.from_keras(spec, [*arrays, *head])
    for backward, expected in ((False, said[0]), (True, said[1][::-1])):
        trace = trace_gates(spec, weights, window, layer=0, backward=backward)
        shown = [[cell_step(trace, step=t, unit=u).h for u in range(UNITS)] for t in range(LENGTH)]
        np.testing.assert_allclose(shown, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_a_young_cell_starts_where_the_page_says(keras, cell):
    layer = layer_of(keras, cell)
    layer.build((1, LENGTH, COLUMNS))
    spec = NetworkSpec(layers=(LayerSpec(cell=cell, units=UNITS),))
    head = [np.ones((UNITS, 1), np.float32), np.zeros(1, np.float32)]
    held = Weights.from_keras(spec, [*layer.get_weights(), *head]).layers[0].forward
    for block in weight_blocks(held, "bias"):
        np.testing.assert_array_equal(block.values, block.low)
    for block in weight_blocks(held, "kernel"):
        assert np.abs(block.values).max() <= block.high
    recurrent = np.concatenate([block.values for block in weight_blocks(held, "recurrent")])
    gates = UNITS * len(BLOCKS[cell])
    assert recurrent.std() == pytest.approx(1 / np.sqrt(gates), rel=0.1)
    np.testing.assert_allclose(held.recurrent @ held.recurrent.T, np.eye(UNITS), atol=1e-5)
