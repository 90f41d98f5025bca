"""Units left out by themselves (Keras: tests/reference/test_dropout_vs_keras.py)."""

import numpy as np
import pytest

from lstm_core.network.cells import CELLS
from lstm_core.network.dropout import Dropout, has_dropout
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights


def dropout(seed=0):
    return Dropout(np.random.default_rng(seed))


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_what_is_left_keeps_the_mean(rate):
    mask = dropout().mask(rate, (100, 400))
    assert set(np.unique(mask)) == {np.float32(0), np.float32(1 / (1 - rate))}
    assert mask.mean() == pytest.approx(1, abs=0.05)
    assert mask.dtype == np.float32


def test_nothing_is_left_out_without_a_rate():
    said = np.ones((4, 3, 2), np.float32)
    assert dropout().behind(LayerSpec(), said) is said
    cell = CELLS["lstm"](LayerSpec(units=2), lstm(), 3, np.float32)
    dropout().within(LayerSpec(units=2, dropout=0.5), cell)
    assert len(cell.masks) == 0


def test_every_block_of_weights_forgets_other_units():
    spec = LayerSpec(units=2, recurrent_dropout=0.5)
    for kind, n_masks in (("lstm", 4), ("gru", 3), ("rnn", 1)):
        cell = CELLS["lstm"](spec, lstm(), 50, np.float32)
        dropout().within(spec.model_copy(update={"cell": kind}), cell)
        assert [mask.shape for mask in cell.masks] == [(2, 50)] * n_masks
        assert len({mask.tobytes() for mask in cell.masks}) == n_masks


def test_masks_of_ones_change_nothing():
    rng, spec = np.random.default_rng(1), LayerSpec(units=2)
    plain, masked = (CELLS["lstm"](spec, lstm(), 3, np.float64) for _ in range(2))
    masked.masks = [np.ones((2, 3))] * 4
    for x in rng.normal(size=(5, 1, 3)):
        plain.step(x)
        masked.step(x)
    np.testing.assert_allclose(masked.h, plain.h, rtol=1e-12)


def test_a_network_tells_whether_it_has_dropout():
    assert not has_dropout(NetworkSpec())
    for chosen in ({"dropout": 0.1}, {"recurrent_dropout": 0.1}):
        assert has_dropout(NetworkSpec(layers=(LayerSpec(), LayerSpec(**chosen))))


def lstm():
    rng = np.random.default_rng(3)
    return CellWeights(
        kernel=rng.normal(size=(1, 8)), recurrent=rng.normal(size=(2, 8)), bias=rng.normal(size=8)
    )
