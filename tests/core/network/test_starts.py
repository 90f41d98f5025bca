"""Weights block by block, and where Keras starts them."""

import numpy as np
import pytest

from lstm_core.network.starts import say_biases, start_of_bias, weight_blocks
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


@pytest.mark.parametrize("part", ["bias", "kernel", "recurrent"])
def test_both_histograms_count_every_weight(part):
    rng = np.random.default_rng(0)
    random = CellWeights(
        kernel=rng.uniform(-0.2, 0.2, (3, 40)),
        recurrent=rng.normal(0, 0.1, (10, 40)),
        bias=rng.normal(size=40),
    )
    for block in weight_blocks(random, part):
        assert block.counts.sum() == len(block.values)
        share = 0.9 if part == "recurrent" else 1  # a normal has tails beyond the picture
        assert share * len(block.values) <= block.started.sum() <= len(block.values) + 1e-9


def test_weights_as_keras_starts_them_fill_the_expected_histogram():
    units, inputs = 128, 32
    rng = np.random.default_rng(1)
    reach = np.sqrt(6 / (inputs + 4 * units))
    orthogonal = np.linalg.qr(rng.normal(size=(4 * units, units)))[0].T
    young = CellWeights(
        kernel=rng.uniform(-reach, reach, (inputs, 4 * units)),
        recurrent=orthogonal,
        bias=np.repeat([0, 1.0, 0, 0], units),
    )
    for part in ("kernel", "recurrent"):
        for block in weight_blocks(young, part):
            off = np.abs(block.counts - block.started).sum() / len(block.values)
            assert off < 0.1
    assert weight_blocks(young, "bias")[1].started.tolist() == weight_blocks(young, "bias")[1].counts.tolist()
    assert "hardly moved, to 1.00" in say_biases(young)


def test_the_forget_biases_are_told_in_words():
    told = say_biases(cell(4))  # 5, 6, 7, 8, 9
    assert (
        "all started at 1 (dashed) and are 5.00 to 9.00 now; training raised the middle one, to 7.00" in told
    )
    assert "keeps more than 99% of its state" in told
    assert say_biases(cell(3, sides=2)) == say_biases(cell(1)) == ""
