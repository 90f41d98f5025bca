"""The batched pass over all windows, steps and signs against the loop it replaces, on an LSTM."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.explanation.replacement import KINDS, Removal, kinds_for
from lstm_core.evaluation.explanation.sensitivity import step_effects
from lstm_core.evaluation.forecast import Predictor
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trained import TrainedNetwork
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series
from tests.core.network.drawn import draw_weights


def test_effects_of_an_lstm_equal_those_of_one_window_at_a_time():
    rng = np.random.default_rng(0)
    values = 100 + 20 * rng.normal(size=(90, 2))
    series = Series(values=values, index=pd.RangeIndex(90), columns=("y", "x"), name="drawn")
    spec = PreparationSpec(target="y", features=("x",), window=WindowSpec(length=6, horizon=2))
    prepared = prepare(series, spec)
    layer = LayerWeights(
        forward=CellWeights(
            kernel=rng.normal(size=(2, 20)), recurrent=rng.normal(size=(5, 20)), bias=rng.normal(size=20)
        )
    )
    weights = Weights(layers=(layer,), head=DenseWeights(kernel=rng.normal(size=(5, 2)), bias=np.zeros(2)))
    predict = partial(forward, NetworkSpec(layers=(LayerSpec(units=5),)), weights)

    sizes = np.array([7.0, 3.0])
    found = step_effects(predict, prepared.test, sizes=sizes, prepared=prepared, step=2)

    for sample in (0, 4, len(prepared.test) - 1):
        window = prepared.test.inputs[sample]
        for position in range(6):
            for feature in range(2):
                for sign, effects in ((1, found.up), (-1, found.down)):
                    nudged = window.astype(np.float64)
                    nudged[position, feature] += sign * sizes[feature] / prepared.scaler.spread[feature]
                    pair = np.stack([nudged, window]).astype(np.float32)
                    origins = np.repeat(prepared.test.origins[sample], 2)
                    here, original = prepared.to_original(predict(pair), origins)[:, 1]
                    assert abs(effects[position, feature, sample] - (here - original)) < 1e-4


NETWORK = NetworkSpec(layers=(LayerSpec(units=7), LayerSpec(cell="gru", units=6)))
WEIGHTS = draw_weights(NETWORK, n_features=2, horizon=2)


@pytest.fixture(params=[TransformSpec(), TransformSpec(power="log", difference=1)], ids=["plain", "changes"])
def walk(request) -> Prepared:
    values = 50 + np.random.default_rng(5).normal(size=(400, 2)).cumsum(axis=0)
    series = Series(values=np.abs(values), index=pd.RangeIndex(400), columns=("y", "x"), name="drawn")
    window = WindowSpec(length=12, horizon=2)
    return prepare(
        series, PreparationSpec(target="y", features=("x",), window=window, transform=request.param)
    )


def both_ways() -> list[Predictor]:
    """A network whose edits are read from the first edited step on, and the same read in full."""
    return [TrainedNetwork(NETWORK, WEIGHTS), partial(forward, NETWORK, WEIGHTS)]


def test_effects_of_edits_read_again_equal_those_read_in_full(walk):
    sizes = np.array([2.0, 1.0])
    short, full = (
        step_effects(predict, walk.test, sizes=sizes, prepared=walk, step=None) for predict in both_ways()
    )
    scale = np.abs(full.up).max()
    assert scale > 0.01
    np.testing.assert_allclose(short.up, full.up, atol=1e-5 * scale + 1e-5)
    np.testing.assert_allclose(short.down, full.down, atol=1e-5 * scale + 1e-5)


def test_forecasts_without_values_are_the_same_read_again_and_in_full(walk):
    rng = np.random.default_rng(6)
    n = len(walk.test)
    cases, donors = rng.integers(n, size=2 * n), rng.integers(n, size=2 * n)
    gone = rng.random((2 * n, walk.spec.reach, 2)) < 0.1
    gone[:, : walk.spec.reach // 2] = False
    kinds = kinds_for(walk)
    assert set(KINDS) - set(kinds) <= {"zero"}  # a logarithm knows no 0
    for kind in kinds:
        short, full = (
            Removal(predict, walk, walk.test.origins, kind=kind).without(cases, gone, donors)
            for predict in both_ways()
        )
        np.testing.assert_allclose(short, full, rtol=1e-6, atol=1e-5, err_msg=kind)
        assert np.abs(full - full.mean()).max() > 0.1
