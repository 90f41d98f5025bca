"""Weights block by block, and where Keras starts them."""

import numpy as np
import pytest

from lstm_core.network.starts import start_of_bias, weight_blocks
from lstm_core.network.weights import CellWeights


def cell(n_blocks: int, *, sides: int = 1) -> CellWeights:
    bias = np.arange(sides * 5 * n_blocks, dtype=float)
    return CellWeights(
        kernel=np.zeros((2, 5 * n_blocks)),
        recurrent=np.ones((5, 5 * n_blocks)),
        bias=bias.reshape(sides, -1) if sides > 1 else bias,
    )


def test_biases_are_cut_in_keras_order_and_only_the_forget_gate_starts_at_one():
    blocks = weight_blocks(cell(4), "bias")
    assert [block.name for block in blocks] == ["input", "forget", "candidate", "output"]
    np.testing.assert_array_equal(blocks[1].values, [5, 6, 7, 8, 9])
    assert [block.low for block in blocks] == [0, 1, 0, 0]
    assert all(block.low == block.high for block in blocks)


def test_a_gru_has_two_biases_per_unit_and_gate_and_a_simple_rnn_one_block():
    update = weight_blocks(cell(3, sides=2), "bias")[0]
    assert update.name == "update"
    np.testing.assert_array_equal(update.values, [0, 1, 2, 3, 4, 15, 16, 17, 18, 19])
    assert [block.name for block in weight_blocks(cell(1), "bias")] == ["hidden"]
    assert start_of_bias("gru", "update") == start_of_bias("rnn", "hidden") == 0


@pytest.mark.parametrize(
    ("part", "n_values", "reach"), [("kernel", 10, np.sqrt(6 / 22)), ("recurrent", 25, 2 / np.sqrt(20))]
)
def test_weights_start_in_a_range_around_zero(part, n_values, reach):
    block = weight_blocks(cell(4), part)[0]
    assert block.values.shape == (n_values,)
    assert (block.low, block.high) == (pytest.approx(-reach), pytest.approx(reach))
