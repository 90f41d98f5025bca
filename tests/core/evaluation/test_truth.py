"""The truth test on forecasts whose answer is planted: a straight line, an echo, and noise."""

import numpy as np
import pytest

from lstm_core.evaluation.explanation.comparison import trust_verdict
from lstm_core.evaluation.explanation.game import Game
from lstm_core.evaluation.explanation.occlusion import cut_blocks
from lstm_core.evaluation.explanation.replacement import Removal
from lstm_core.evaluation.explanation.truth import greedy_orders, spelled, truth_test, truth_verdict

RNG = np.random.default_rng(8)
VALUES = 50 + 10 * RNG.normal(size=160)
WEIGHTS = RNG.normal(size=8)


def linear(inputs):
    return inputs[:, :, 0].astype(float) @ WEIGHTS[:, None]


def echo(inputs):
    """Only the value three steps before the forecast matters."""
    return np.tanh(inputs[:, -3, :1].astype(float))


@pytest.fixture
def make_game(make_prepared):
    def make(predict, *, block=1, kind="mean"):
        prepared = make_prepared(VALUES, length=8)
        removal = Removal(predict, prepared, prepared.test.origins, kind=kind)
        return Game(removal, cut_blocks(8, block))

    return make


def true_credits(game, samples):
    known = game.removal.histories(samples)[:, :, 0]
    return WEIGHTS * (known - game.removal.mean[0])


SAMPLES = np.arange(0, 30, 3)


def test_of_a_straight_line_the_true_order_is_the_best_there_is(make_game):
    game = make_game(linear)
    test = truth_test(game, SAMPLES, {"true": true_credits(game, SAMPLES)})
    found = test.trusts["true"]
    assert found.trust == pytest.approx(1.0, abs=1e-6)
    assert found.beats == 1.0
    assert (found.low, found.high) == pytest.approx((1.0, 1.0), abs=1e-5)
    assert "trust 1.00" in truth_verdict(test, "true", "kg").sentence
    assert truth_verdict(test, "true", "kg").tone == "good"


def test_curves_and_gain_of_a_straight_line_are_sums_of_its_credits(make_game):
    game = make_game(linear)
    credit = true_credits(game, SAMPLES)
    test = truth_test(game, SAMPLES, {"true": credit})
    found, down = test.trusts["true"], -np.sort(-credit, axis=1)
    sums = np.concatenate([np.zeros((len(SAMPLES), 1)), down.cumsum(axis=1)], axis=1).mean(axis=0)
    np.testing.assert_allclose(found.deletion, sums, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.insertion, sums, rtol=1e-4, atol=1e-3)
    assert found.gain == pytest.approx(sums[1:-1].mean() - sums[-1] / 2, rel=1e-4)


def test_the_reverse_of_the_truth_points_the_wrong_way(make_game):
    game = make_game(linear)
    test = truth_test(game, SAMPLES, {"reversed": -true_credits(game, SAMPLES)})
    assert test.trusts["reversed"].trust == pytest.approx(-1.0, abs=1e-6)
    assert "worse than random" in truth_verdict(test, "reversed", "").sentence


@pytest.mark.parametrize("predict", [linear, echo])
def test_random_orders_gain_nothing_on_average_and_a_guess_is_no_better(make_game, predict):
    game = make_game(predict)
    guesses = {str(seed): np.random.default_rng(seed).normal(size=(len(SAMPLES), 8)) for seed in range(40)}
    test = truth_test(game, SAMPLES, guesses)
    trusts = np.array([one.trust for one in test.trusts.values()])
    assert abs(trusts.mean()) < 4 * trusts.std() / np.sqrt(len(trusts))
    inside = np.abs(trusts) <= test.random_limit
    assert 0.8 <= inside.mean() <= 1.0
    name = str(int(np.flatnonzero(inside)[0]))
    assert "no better than random" in truth_verdict(test, name, "").sentence


def test_an_echo_is_told_by_the_one_step_that_matters(make_game):
    game = make_game(echo)
    whole, nothing = game.ends(SAMPLES)
    right = np.zeros((len(SAMPLES), 8))
    right[:, -3] = whole - nothing
    wrong = np.roll(right, 1, axis=1)
    test = truth_test(game, SAMPLES, {"right": right, "wrong": wrong})
    assert test.trusts["right"].trust == pytest.approx(1.0, abs=1e-6)
    assert test.is_better("right")
    assert not test.is_better("wrong")


def test_nineteen_of_twenty_random_orders_stay_inside_the_limit_on_both_sides(make_game):
    game, samples = make_game(linear), SAMPLES[:3]
    rng = np.random.default_rng(4)
    guesses = {str(number): rng.normal(size=(len(samples), 8)) for number in range(600)}
    test = truth_test(game, samples, guesses, n_random=600)
    trusts = np.array([one.trust for one in test.trusts.values()])
    assert (np.abs(trusts) <= test.random_limit).mean() == pytest.approx(0.95, abs=0.025)


def test_an_order_that_greed_does_not_find_is_still_the_best_found(make_game):
    def either_of_two(inputs):
        there = np.abs(inputs[:, :, 0]) > 1e-3  # the mean is scaled to 0
        return (there[:, -1:] + 10.0 * (there[:, -2:-1] | there[:, -3:-2])).astype(float)

    game = make_game(either_of_two)
    claim = np.zeros((len(SAMPLES), 8))
    claim[:, [-2, -3]], claim[:, -1] = 5.0, 1.0
    test = truth_test(game, SAMPLES, {"both": claim})
    # Greed takes the newest value away first, because neither of the other two does anything alone.
    assert set(greedy_orders(game, SAMPLES)[:, 0]) == {7}
    assert test.best.gain == pytest.approx(test.room)
    assert test.room >= test.trusts["both"].gain > 0
    assert test.trusts["both"].trust <= 1


def test_where_nothing_moves_the_forecast_nothing_is_trusted(make_game):
    def noise(inputs):
        return 1 + 1e-7 * np.random.default_rng(len(inputs)).normal(size=(len(inputs), 1))

    game = make_game(noise)
    test = truth_test(game, SAMPLES, {"any": RNG.normal(size=(len(SAMPLES), 8))})
    assert test.room == 0
    assert not test.is_better("any")
    sentence = truth_verdict(test, "any", "").sentence
    assert "no better than random" in sentence
    assert "nothing to explain" in sentence


def test_an_explanation_that_says_nothing_is_no_better_whatever_the_steps(make_game):
    def oldest(inputs):
        return inputs[:, :1, 0].astype(float)

    # Against zero the oldest value always raises the forecast: in the order of the steps it would come first.
    for predict in (echo, oldest):
        game = make_game(predict, kind="zero")
        test = truth_test(game, SAMPLES, {"silent": np.zeros((len(SAMPLES), 8))})
        assert not test.is_better("silent")


def test_greedy_finds_the_true_order_of_a_straight_line(make_game):
    game = make_game(linear)
    expected = np.argsort(-true_credits(game, SAMPLES), axis=1)
    np.testing.assert_array_equal(greedy_orders(game, SAMPLES), expected)


@pytest.mark.parametrize("kind", ["zero", "interpolation"])
def test_trust_never_exceeds_one(make_game, kind):
    game = make_game(lambda inputs: np.sin(9 * linear(inputs)), kind=kind)
    claims = {"any": RNG.normal(size=(len(SAMPLES), 8)), "true": true_credits(game, SAMPLES)}
    test = truth_test(game, SAMPLES, claims)
    assert all(one.trust <= 1 for one in test.trusts.values())
    assert test.best.trust == pytest.approx(1)


def test_one_block_leaves_nothing_to_order(make_game):
    test = truth_test(make_game(linear, block=8), SAMPLES, {"only": np.ones((len(SAMPLES), 1))})
    assert "no order" in truth_verdict(test, "only", "").sentence
    assert "one block" in trust_verdict(test).sentence


def test_one_window_is_enough_and_seeds_repeat(make_game):
    game = make_game(linear)
    claims = {"true": true_credits(game, SAMPLES[:1])}
    first, again = (truth_test(game, SAMPLES[:1], claims, seed=3) for _ in range(2))
    assert first.random_limit == again.random_limit
    assert first.n_random == 100
    assert "on this window" in truth_verdict(first, "true", "").sentence


def test_spelling():
    assert spelled(0.814) == "0.81"
    assert spelled(-0.001) == "0.00"
    assert spelled(-0.5) == "−0.50"
