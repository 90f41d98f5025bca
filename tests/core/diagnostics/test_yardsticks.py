"""What simple forecasts miss by: closed forms, and nothing seen that may not be seen."""

import numpy as np
import pytest
from scipy.signal import lfilter

from lstm_core.diagnostics.yardsticks import lay_yardsticks
from lstm_core.series.samples import load_sample


def noise(n_rows: int = 20_000) -> np.ndarray:
    return np.random.default_rng(4).normal(size=n_rows)


@pytest.mark.parametrize("weight", [0.3, 0.6, 0.9])
def test_the_skill_of_an_autoregression_has_a_closed_form(weight):
    """AR(1): the step varies by 2 / (1 + w) of the noise, so the naive error is its root times the best one."""
    laid = lay_yardsticks(lfilter([1.0], [1.0, -weight], noise()), season=1, order=5)
    assert laid.of("linear_ar").skill == pytest.approx(1 - np.sqrt((1 + weight) / 2), abs=0.015)
    assert laid.of("linear_ar").error == pytest.approx(np.sqrt(2 / np.pi), rel=0.02)


def test_of_noise_the_mean_saves_what_it_must():
    laid = lay_yardsticks(noise(), season=1, order=3)
    assert laid.of("mean").skill == pytest.approx(1 - 1 / np.sqrt(2), abs=0.015)


def test_nothing_beats_repeating_the_last_value_of_a_walk():
    laid = lay_yardsticks(noise().cumsum(), season=12, order=10)
    assert all(one.skill < 0.01 for one in laid.forecasts)
    assert laid.verdict.startswith("No simple forecast beats repeating the last value")


def test_a_pure_season_is_repeated_without_error():
    laid = lay_yardsticks(np.tile([0.0, 4, 1, 7, 3], 40), season=5, order=1)
    assert laid.of("seasonal_naive").error == 0
    assert laid.of("seasonal_naive").skill == 1
    assert "already saves 100%" in laid.verdict


def test_errors_by_hand():
    values = load_sample("sunspots").values[:, 0]
    laid = lay_yardsticks(values, season=11, order=9)
    cut = round(0.75 * 309)
    assert (laid.n_fitted, laid.n_scored, laid.order) == (cut, 309 - cut, 9)
    scored = values[cut:]
    assert laid.of("naive").error == pytest.approx(np.abs(scored - values[cut - 1 : -1]).mean())
    assert laid.of("seasonal_naive").error == pytest.approx(np.abs(scored - values[cut - 11 : -11]).mean())
    assert laid.of("mean").error == pytest.approx(np.abs(scored - values[:cut].mean()).mean())
    design = np.array([[1, *values[row - 9 : row]] for row in range(9, 309)])
    weights = np.linalg.lstsq(design[: cut - 9], values[9:cut], rcond=None)[0]
    assert laid.of("linear_ar").error == pytest.approx(np.abs(scored - design[cut - 9 :] @ weights).mean())


def test_the_fit_sees_no_row_that_scores():
    values = load_sample("sunspots").values[:, 0].copy()
    before = lay_yardsticks(values, season=11, order=9)
    values[-1] += 1000  # changes the score of the last row only: 1000 more, over 77 rows
    after = lay_yardsticks(values, season=11, order=9)
    for key in ("mean", "linear_ar"):
        assert after.of(key).error - before.of(key).error <= 1000 / after.n_scored + 1e-9


def test_without_a_season_none_is_repeated():
    assert lay_yardsticks(noise(200), season=1, order=3).of("seasonal_naive") is None
    assert lay_yardsticks(noise(200), season=180, order=3).of("seasonal_naive") is None


def test_the_order_leaves_rows_to_fit_on():
    assert lay_yardsticks(noise(40), season=1, order=50).order == 7


@pytest.mark.parametrize("values", [np.full(100, 3.0), np.arange(10.0)])
def test_too_little_to_measure(values):
    assert lay_yardsticks(values, season=1, order=3) is None


def test_naive_without_error_cannot_be_beaten():
    values = np.r_[np.arange(70.0), np.full(30, 69.0)]
    laid = lay_yardsticks(values, season=1, order=2)
    assert np.isnan(laid.of("linear_ar").skill)
    assert "nothing can beat it" in laid.verdict


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_skill_has_no_unit(size):
    values = load_sample("sunspots").values[:, 0]
    plain, scaled = (lay_yardsticks(s * values, season=11, order=9) for s in (1, size))
    assert scaled.of("linear_ar").skill == pytest.approx(plain.of("linear_ar").skill)
    assert scaled.of("naive").error / size == pytest.approx(plain.of("naive").error)
