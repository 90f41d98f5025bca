"""Series taken apart: the parts add up, and they are the ones that were put in."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import MSTL

from lstm_core.diagnostics import decomposition
from lstm_core.diagnostics.decomposition import TESTED_ROWS, decompose
from lstm_core.diagnostics.seasonality import baseline_season, find_seasons
from lstm_core.series.samples import SAMPLES, load_sample

ROWS = np.arange(24 * 7 * 10)
DAILY = 5 * np.sin(2 * np.pi * ROWS / 24)
WEEKLY = np.where(ROWS % 168 < 120, 4.0, -4.0)
NOISE = np.random.default_rng(0).normal(size=len(ROWS))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_parts_of_every_sample_add_up(name):
    values = load_sample(name).values[:, 0]
    parts = decompose(values, [one.length for one in find_seasons(values)])
    whole = parts.trend + parts.seasonal.sum(axis=0) + parts.remainder
    np.testing.assert_allclose(whole, parts.observed, rtol=1e-9, atol=1e-9 * np.ptp(values))
    np.testing.assert_array_equal(parts.observed, values)


def test_trend_season_and_noise_are_told_apart():
    rows = np.arange(480)
    trend, season = 0.05 * rows, 5 * np.sin(2 * np.pi * rows / 12)
    parts = decompose(trend + season + 0.3 * np.random.default_rng(1).normal(size=480), [12])
    inside = slice(24, -24)
    np.testing.assert_allclose(parts.trend[inside], trend[inside], atol=0.5)
    np.testing.assert_allclose(parts.seasonal[0][inside], season[inside], atol=0.6)
    assert parts.remainder.std() == pytest.approx(0.3, abs=0.1)
    assert parts.trend_strength > 0.95
    assert parts.season_strengths[0] > 0.95
    assert "a strong season of 12 rows" in parts.verdict


def test_a_day_and_a_week_are_found_and_taken_apart():
    values = DAILY + WEEKLY + 0.5 * NOISE
    assert sorted(one.length for one in find_seasons(values)) == [24, 168]
    parts = decompose(values, [168, 24])
    assert parts.periods == (24, 168)
    assert parts.method == "MSTL"
    np.testing.assert_allclose(parts.seasonal[0][168:-168], DAILY[168:-168], atol=1.5)
    assert min(parts.season_strengths) > 0.9


def test_one_season_is_not_found_twice():
    rows = np.arange(600)
    values = 5 * np.sin(2 * np.pi * rows / 12) + np.random.default_rng(0).normal(size=600)
    assert [one.length for one in find_seasons(values)] == [12]
    assert [one.length for one in find_seasons(load_sample("sunspots").values[:, 0])] == [11]
    assert [one.length for one in find_seasons(load_sample("co2").values[:, 0])] == [52]


def test_no_seasons_in_noise_or_in_nothing():
    assert find_seasons(np.random.default_rng(0).normal(size=500)) == ()
    assert find_seasons(np.zeros(0)) == ()
    assert find_seasons(np.full(100, 3.0)) == ()


def test_without_a_season_the_trend_is_a_moving_average():
    values = load_sample("nile").values[:, 0]
    parts = decompose(values, [])
    assert parts.seasonal.shape == (0, 100)
    assert parts.method == "moving average over 11 rows"
    assert parts.trend[50] == pytest.approx(values[45:56].mean())
    assert "no season" in parts.verdict


@pytest.mark.parametrize(("n_rows", "period"), [(600, 12), (100, 12), (300, 52), (100, 4)])
def test_in_noise_trend_and_season_are_called_weak(n_rows, period):
    for seed in range(10):
        verdict = decompose(np.random.default_rng(seed).normal(size=n_rows), [period]).verdict
        assert "a weak trend" in verdict
        assert f"a weak season of {period} rows" in verdict


def test_a_season_that_does_not_fit_twice_is_left_out():
    assert decompose(np.random.default_rng(0).normal(size=50), [12, 25, 40]).periods == (12,)


@pytest.mark.parametrize("values", [np.full(60, 4.0), np.arange(5.0), np.zeros(0)])
def test_b65_nothing_to_take_apart(values):
    assert decompose(values, [12]) is None


def test_long_series_are_taken_apart_in_their_newest_rows():
    values = np.sin(2 * np.pi * np.arange(TESTED_ROWS + 500) / 100)
    parts = decompose(values, [100])
    assert parts.first == 500
    assert len(parts.trend) == TESTED_ROWS
    assert "Newest 20\u202f000 rows." in parts.verdict


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_strengths_have_no_unit(size):
    values = load_sample("elnino").values[:, 0]
    plain, scaled = decompose(values, [12]), decompose(size * values, [12])
    assert scaled.trend_strength == pytest.approx(plain.trend_strength)
    np.testing.assert_allclose(scaled.trend / size, plain.trend)


def test_the_season_of_the_baselines():
    values = load_sample("sunspots").values[:216, 0]
    assert (baseline_season(values, 7).length, baseline_season(values, 7).origin) == (7, "given")
    assert (baseline_season(values, 1).length, baseline_season(values, 1).origin) == (11, "found")
    walk = load_sample("random_walk").values[:, 0]
    assert (baseline_season(walk, 1).length, baseline_season(walk, 1).origin) == (1, "none")


@pytest.mark.parametrize(("most", "jump"), [(200 * 60, 1), (200 * 60 - 1, 3)])
def test_the_longest_season_decides_whether_smoothers_jump(monkeypatch, most, jump):
    asked = {}

    class Watched(MSTL):
        def __init__(self, *given, stl_kwargs, **more):
            asked.update(stl_kwargs)
            super().__init__(*given, stl_kwargs=stl_kwargs, **more)

    monkeypatch.setattr(decomposition, "MSTL", Watched)
    monkeypatch.setattr(decomposition, "MOST_WORK", most)
    rows = np.arange(200)
    decompose(np.sin(2 * np.pi * rows / 30) + np.sin(2 * np.pi * rows / 60), [30, 60])
    assert asked == {"trend_jump": jump, "low_pass_jump": jump}
