"""Shapley values against their definition, and against what theory says of them."""

from itertools import permutations

import numpy as np
import pytest

from lstm_core.evaluation.explanation import shapley as room
from lstm_core.evaluation.explanation.game import Game, first_comers, positions
from lstm_core.evaluation.explanation.occlusion import cut_blocks
from lstm_core.evaluation.explanation.replacement import Removal
from lstm_core.evaluation.explanation.shapley import ShapleySampler, exact_values

RNG = np.random.default_rng(8)
VALUES = 50 + 10 * RNG.normal(size=120)
WEIGHTS = RNG.normal(size=12)


def linear(inputs):
    return inputs[:, :, 0].astype(float) @ WEIGHTS[: inputs.shape[1], None]


def bent(inputs):
    """Steps that matter together."""
    x = inputs[:, :, 0].astype(float)
    return (np.tanh(x @ WEIGHTS[: x.shape[1]]) + x[:, -1] * x[:, 0] + x[:, 1] * x[:, 2] * x[:, 3])[:, None]


@pytest.fixture
def make_game(make_prepared):
    def make(predict, length, *, block=1, kind="mean"):
        prepared = make_prepared(VALUES, length=length)
        removal = Removal(predict, prepared, prepared.test.origins, kind=kind)
        return Game(removal, cut_blocks(length, block))

    return make


def run_out(sampler, most=50):
    for _ in range(most):
        if sampler.values().is_done:
            break
        sampler.advance()
    return sampler.values()


def test_exact_values_are_the_mean_over_all_orders(make_game):
    game = make_game(bent, 4)
    added = np.zeros((24, 4))
    for number, order in enumerate(permutations(range(4))):
        kept = np.zeros((5, 4), dtype=bool)
        for place, player in enumerate(order):
            kept[place + 1 :, player] = True
        added[number, list(order)] = np.diff(game.alone(2, kept))
    np.testing.assert_allclose(exact_values(game, 2), added.mean(axis=0), rtol=1e-6, atol=1e-5)


def test_few_players_are_exact_and_need_no_sampling(make_game):
    found = ShapleySampler(make_game(bent, 6), 3).values()
    assert found.is_done
    assert found.n_orders == 0
    assert not found.error.any()
    assert found.gap == pytest.approx(0, abs=1e-4)


def test_sampled_values_lie_within_their_errors_of_the_exact_ones(make_game, monkeypatch):
    game = make_game(bent, 8)
    exact = exact_values(game, 1)
    monkeypatch.setattr(room, "FEW_PLAYERS", 0)
    found = run_out(ShapleySampler(game, 1, seed=4))
    assert found.is_done
    assert found.error.max() <= 0.02 * found.range
    assert found.error.max() > 0
    assert (np.abs(found.values - exact) <= 4 * found.error + 1e-4).all()


@pytest.mark.parametrize("kind", ["mean", "interpolation"])
def test_the_sum_is_exact_after_every_batch(make_game, kind):
    sampler = ShapleySampler(make_game(bent, 12, kind=kind), 0)
    for _ in range(3):
        sampler.advance()
        found = sampler.values()
        assert found.gap == pytest.approx(0, abs=1e-9 * abs(found.whole) + 1e-9)


@pytest.mark.parametrize("block", [1, 5])
def test_a_linear_forecast_gives_weight_times_distance(make_game, monkeypatch, block):
    monkeypatch.setattr(room, "FEW_PLAYERS", 0)
    game = make_game(linear, 12, block=block)
    sampler = ShapleySampler(game, 7)
    sampler.advance()
    found = sampler.values()
    assert found.is_done
    known = game.removal.histories(np.array([7]))[0, :, 0]
    credit = WEIGHTS * (known - game.removal.mean[0])
    expected = [credit[one.start : one.stop].sum() for one in game.blocks]
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.error, 0, atol=1e-3)


def test_a_step_that_nothing_reads_gets_nothing_and_twins_get_the_same(make_game):
    def of_two(inputs):
        x = inputs[:, :, 0].astype(float)
        return (x[:, 1:2] - 5) * (x[:, 2:3] - 5)

    game = make_game(of_two, 4)
    values = exact_values(game, 0)
    np.testing.assert_allclose(values[[0, 3]], 0, atol=1e-5)
    x = game.removal.prepared.test.inputs[0, 1:3, 0].astype(float)
    spread = game.removal.prepared.scaler.spread[0]
    both, first, second = (x[0] - 5) * (x[1] - 5), (x[0] - 5) * -5, -5 * (x[1] - 5)
    expected = ((first - 25) + (both - second)) / 2 * spread
    assert values[1] == pytest.approx(expected, rel=1e-4)


def test_a_forecast_that_never_moves_is_done_at_once(make_game):
    sampler = ShapleySampler(make_game(lambda inputs: np.ones((len(inputs), 1)), 12), 0)
    assert not sampler.values().is_done
    sampler.advance()
    assert sampler.values().is_done
    assert not sampler.values().values.any()


def test_one_player_gets_everything(make_game):
    found = ShapleySampler(make_game(bent, 6, block=6), 0).values()
    assert found.values[0] == pytest.approx(found.whole - found.nothing)


def test_seed_makes_it_repeatable(make_game):
    game = make_game(bent, 12)
    first, again, other = (ShapleySampler(game, 0, seed=seed) for seed in (1, 1, 2))
    for one in (first, again, other):
        one.advance()
    np.testing.assert_array_equal(first.values().values, again.values().values)
    assert not np.array_equal(first.values().values, other.values().values)


def test_shuffled_values_make_no_game(make_game):
    with pytest.raises(ValueError, match="one number"):
        make_game(bent, 4, kind="shuffled")


def test_orders_and_their_coalitions():
    orders = np.array([[2, 0, 1]])
    assert positions(orders).tolist() == [[1, 2, 0]]
    assert first_comers(orders).tolist() == [[False, False, True], [True, False, True]]
