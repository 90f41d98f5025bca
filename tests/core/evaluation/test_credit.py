"""Explanations of forecasts whose answer is planted, and whether the truth test finds out which of them to trust."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.explanation.credit import (
    agreement,
    gradient_credits,
    integrated_credits,
    nudge_credits,
    occlusion_credits,
    shapley_credits,
)
from lstm_core.evaluation.explanation.game import Game
from lstm_core.evaluation.explanation.occlusion import cut_blocks
from lstm_core.evaluation.explanation.replacement import Removal
from lstm_core.evaluation.explanation.truth import truth_test, truth_verdict
from lstm_core.network.forward import forward
from lstm_core.network.gradient import input_gradient
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series

LENGTH, LAG = 12, 3
RNG = np.random.default_rng(8)
TABLE = np.column_stack([50 + 10 * RNG.normal(size=200), 1e4 + 300 * RNG.normal(size=200)])
WEIGHTS = RNG.normal(size=(LENGTH, 2, 1))
SAMPLES = np.arange(0, 30, 5)
METHODS = ("nudge", "occlusion", "gradient", "integrated", "shapley")


def linear(inputs):
    return 0.3 + np.einsum("swf,wfh->sh", inputs.astype(float), WEIGHTS)


def linear_gradient(inputs, step):
    return np.broadcast_to(WEIGHTS[:, :, 0], inputs.shape)


def network(*, echo: bool):
    """A network that hands each value of the target on for three steps and forecasts it; or one that reads nothing."""
    spec = NetworkSpec(layers=(LayerSpec(cell="rnn", units=LAG),))
    cell = CellWeights(
        kernel=np.array([[1.0] + [0.0] * (LAG - 1), [0.0] * LAG]),
        recurrent=np.eye(LAG, k=1),
        bias=np.zeros(LAG),
    )
    head = DenseWeights(kernel=np.eye(LAG)[:, -1:] * echo, bias=np.zeros(1))
    weights = Weights(layers=(LayerWeights(forward=cell),), head=head)

    def predict(inputs):
        return forward(spec, weights, inputs)

    def gradient(inputs, step):
        return input_gradient(spec, weights, inputs, step=step)

    return predict, gradient


def game_of(predict, *, block=1, kind="mean", **transform):
    series = Series(values=TABLE, index=pd.RangeIndex(200), columns=("y", "x"), name="made")
    spec = PreparationSpec(
        target="y", features=("x",), transform=TransformSpec(**transform), window=WindowSpec(length=LENGTH)
    )
    prepared = prepare(series, spec)
    removal = Removal(predict, prepared, prepared.test.origins, kind=kind)
    return Game(removal, cut_blocks(removal.reach, block))


def credits_of(game, gradient):
    return {
        "nudge": nudge_credits(game, SAMPLES),
        "occlusion": occlusion_credits(game, SAMPLES),
        "gradient": gradient_credits(game, SAMPLES, gradient),
        "integrated": integrated_credits(game, SAMPLES, gradient),
        "shapley": shapley_credits(game, SAMPLES),
    }


@pytest.mark.parametrize("block", [1, 5])
@pytest.mark.parametrize("kind", ["mean", "zero"])
def test_of_a_straight_line_all_methods_say_weight_times_distance(block, kind):
    game = game_of(linear, block=block, kind=kind)
    prepared, known = game.removal.prepared, game.removal.histories(SAMPLES)
    slope = WEIGHTS[:, :, 0] / prepared.scaler.spread * prepared.scaler.spread[0]
    per_step = (slope * (known - (game.removal.mean if kind == "mean" else 0))).sum(axis=2)
    expected = np.stack([per_step[:, one.start : one.stop].sum(axis=1) for one in game.blocks], axis=1)
    for found in credits_of(game, linear_gradient).values():
        # A nudge of float32 inputs: one part in a thousand of the largest credit.
        np.testing.assert_allclose(found.values, expected, rtol=1e-3, atol=2e-3 * np.abs(expected).max())
        np.testing.assert_allclose(found.gap, 0, atol=1e-2 * np.abs(expected).max())


def test_of_a_straight_line_the_truth_test_trusts_every_method():
    game = game_of(linear)
    claims = {name: found.values for name, found in credits_of(game, linear_gradient).items()}
    test = truth_test(game, SAMPLES, claims)
    assert all(one.trust > 0.999 for one in test.trusts.values())


@pytest.mark.parametrize("kind", ["mean", "interpolation"])
def test_an_echo_is_found_by_every_method_and_trusted(kind):
    predict, gradient = network(echo=True)
    game = game_of(predict, kind=kind)
    claims = {name: found.values for name, found in credits_of(game, gradient).items()}
    for name, claim in claims.items():
        if (kind, name) == ("interpolation", "shapley"):
            continue  # what is interpolated is told by its neighbours: joining before it, they earn a share
        others = np.delete(claim, LENGTH - LAG, axis=1)
        assert (np.abs(claim[:, LENGTH - LAG]) > 0.01).all()
        assert np.abs(others).max() < 1e-3
    if kind == "mean":
        test = truth_test(game, SAMPLES, claims)
        assert all(one.trust > 0.99 for one in test.trusts.values())
        assert all("trust" in truth_verdict(test, name, "").sentence for name in METHODS)


def test_of_a_network_that_reads_nothing_no_method_is_better_than_random():
    predict, gradient = network(echo=False)
    game = game_of(predict)
    claims = {name: found.values for name, found in credits_of(game, gradient).items()}
    test = truth_test(game, SAMPLES, claims)
    for name in METHODS:
        assert "no better than random" in truth_verdict(test, name, "").sentence


def test_slopes_of_a_forecast_that_is_noise_are_no_better_than_random():
    """Far steeper than any distance between values: its slope says nothing of where it ends."""
    shake = 1e3 * RNG.normal(size=(LENGTH, 1))

    def noise(inputs):
        return np.sin(inputs[:, :, 0].astype(float) @ shake)

    def gradient(inputs, step):
        told = np.cos(inputs[:, :, 0].astype(float) @ shake)
        return np.stack([told * shake[:, 0], np.zeros(inputs.shape[:2])], axis=2)

    game = game_of(noise)
    claims = {
        "gradient": gradient_credits(game, SAMPLES, gradient).values,
        "nudge": nudge_credits(game, SAMPLES).values,
    }
    test = truth_test(game, SAMPLES, claims, seed=1)
    for name in claims:
        assert "no better than random" in truth_verdict(test, name, "").sentence


@pytest.mark.parametrize("transform", [{}, {"power": "log", "difference": 1}], ids=str)
def test_integrated_gradients_add_up(transform):
    predict, gradient = network(echo=True)
    game = game_of(predict, **transform)
    found = integrated_credits(game, SAMPLES, gradient)
    way = np.abs(found.whole - found.nothing)
    assert (np.abs(found.gap) <= np.maximum(0.011 * way, 10 * game.removal.rounding)).all()


def test_integrated_gradients_of_a_square_are_the_exact_integral():
    def square(inputs):
        return inputs[:, -1:, 0].astype(float) ** 2

    def gradient(inputs, step):
        slope = np.zeros(inputs.shape)
        slope[:, -1, 0] = 2 * inputs[:, -1, 0]
        return slope

    game = game_of(square)
    found = integrated_credits(game, SAMPLES, gradient)
    np.testing.assert_allclose(found.values[:, -1], found.whole - found.nothing, rtol=1e-3)
    assert not np.allclose(
        gradient_credits(game, SAMPLES, gradient).values[:, -1], found.whole - found.nothing, rtol=0.1
    )


def test_agreement_is_that_of_ranks():
    found = agreement({"a": np.array([1.0, 2, 9]), "b": np.array([10.0, 20, 30]), "c": np.array([3.0, 2, 1])})
    np.testing.assert_allclose(found, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]])
    silent = agreement({"a": np.array([1.0, 2, 9]), "b": np.zeros(3)})
    assert np.isnan(silent[0, 1])
    assert np.isnan(agreement({"a": np.ones(1), "b": np.zeros(1)})).all()
