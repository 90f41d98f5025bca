"""F22: noise and random walks are told from series with something to learn."""

import numpy as np
import pytest

from lstm_core.diagnostics.learnable import check_learnability, explained_share
from lstm_core.series.samples import load_sample


@pytest.mark.parametrize("sample", ["sunspots", "sine", "co2", "elnino", "trend_season", "echo", "nile"])
def test_samples_with_something_to_learn(sample):
    learnable = check_learnability(load_sample(sample).values[:, 0])
    assert learnable.something
    assert learnable.verdict.startswith("There is something to learn")
    assert 0.02 <= learnable.explained <= 1


def test_a_random_walk_has_little_to_learn():
    learnable = check_learnability(load_sample("random_walk").values[:, 0])
    assert not learnable.something
    assert "Little to learn beyond repeating the last value: the steps" in learnable.verdict


def test_noise_has_little_to_learn():
    learnable = check_learnability(np.random.default_rng(0).normal(size=500))
    assert not learnable.something
    assert "Little to learn beyond repeating the last value" in learnable.verdict
    assert "the mean" in learnable.verdict


@pytest.mark.parametrize("kind", ["noise", "walk"])
def test_chance_is_seldom_taken_for_knowledge(kind):
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(200):
        values = rng.normal(size=200)
        found += check_learnability(values.cumsum() if kind == "walk" else values).something
    assert found <= 8  # 1% each way is promised; 4% would be a surprise


def test_a_late_echo_is_heard():
    assert check_learnability(load_sample("echo", delay=40, strength=0.9).values[:, 0]).something


def test_certain_but_tiny_memory_is_not_worth_a_network():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=20_001)
    walk = (noise[1:] + 0.06 * noise[:-1]).cumsum()
    learnable = check_learnability(walk)
    assert learnable.p_steps < 0.001
    assert not learnable.something
    assert "explain only" in learnable.verdict


def test_the_naive_error_is_the_mean_step_of_all_rows_in_original_units():
    values = np.r_[np.zeros(30_000), 100.0, 0.0]
    assert check_learnability(values).naive_error == pytest.approx(200 / 30_001)


def test_explained_share_of_an_ar1_is_its_squared_coefficient():
    rng, values = np.random.default_rng(1), np.zeros(20_000)
    for row in range(1, len(values)):
        values[row] = 0.6 * values[row - 1] + rng.normal()
    assert explained_share(values, n_lags=1) == pytest.approx(0.36, abs=0.02)


def test_a_straight_line_needs_no_network():
    assert "straight line" in check_learnability(np.arange(60.0)).verdict


def test_b65_a_constant_series_has_nothing_to_learn():
    learnable = check_learnability(np.full(60, 2.0))
    assert not learnable.something
    assert learnable.naive_error == 0
    assert "never changes: nothing to learn" in learnable.verdict


@pytest.mark.parametrize("n_rows", [0, 1, 11])
def test_too_few_rows_to_tell(n_rows):
    assert "Too few rows" in check_learnability(np.arange(float(n_rows))).verdict
