"""ADF and KPSS in words."""

import numpy as np
import pytest

from lstm_core.diagnostics.stationarity import (
    MIN_ROWS,
    TESTED_ROWS,
    StationarityCheck,
    check_stationarity,
)
from lstm_core.series.samples import load_sample

RNG_ROWS = 1_000


def noise(n_rows: int = RNG_ROWS) -> np.ndarray:
    return np.random.default_rng(0).normal(size=n_rows)


def step_and_noise() -> np.ndarray:
    return load_sample("nile").values[:, 0]


def short_cycle() -> np.ndarray:
    # 30 rows of a slow AR(1): too few to tell.
    rng, values = np.random.default_rng(5), np.zeros(30)
    for row in range(1, 30):
        values[row] = 0.8 * values[row - 1] + rng.normal()
    return values


@pytest.mark.parametrize(
    ("values", "adf_rejects", "kpss_rejects", "stationary", "said"),
    [
        (noise(), True, False, True, "keeps its level"),
        (noise().cumsum(), False, True, False, "wanders or trends"),
        (step_and_noise(), True, True, None, "disagree"),
        (short_cycle(), False, False, None, "cannot tell"),
    ],
)
def test_f19_each_pair_of_answers_has_its_sentence(values, adf_rejects, kpss_rejects, stationary, said):
    check = check_stationarity(values)
    assert (check.adf.rejects, check.kpss.rejects) == (adf_rejects, kpss_rejects)
    assert check.stationary is stationary
    assert said in check.verdict


def test_clipped_p_values_are_not_shown_as_exact():
    assert check_stationarity(noise()).kpss.p_text == "> 0.1"
    assert check_stationarity(noise().cumsum()).kpss.p_text == "< 0.01"
    assert check_stationarity(noise()).adf.p_text == "< 0.001"


def assert_undefined(check: StationarityCheck) -> None:
    assert check.stationary is None
    for test in (check.adf, check.kpss):
        assert test.p_text == "not defined"
        assert np.isnan(test.statistic)
        assert not test.rejects


def test_b65_a_constant_series_is_not_tested():
    check = check_stationarity(np.full(100, 3.0))
    assert_undefined(check)
    assert "not defined: the series never changes" in check.verdict


@pytest.mark.parametrize("n_rows", [0, 1, MIN_ROWS - 1])
def test_a_very_short_series_is_not_tested(n_rows):
    check = check_stationarity(np.arange(float(n_rows)))
    assert_undefined(check)
    assert f"fewer than {MIN_ROWS} rows" in check.verdict


def test_a_long_series_is_tested_on_its_newest_rows_and_says_so():
    check = check_stationarity(np.r_[np.arange(100_000.0), noise(TESTED_ROWS)])
    assert check.n_tested == TESTED_ROWS
    assert check.stationary is True
    assert "newest 5\u202f000 rows" in check.verdict


@pytest.mark.parametrize(
    "values",
    [
        np.arange(40.0),
        np.tile([0.0, 1.0], 30),
        np.r_[np.zeros(30), np.ones(30)],
        np.sin(np.linspace(0, 10 * np.pi, 200)),
        np.r_[np.zeros(99), 1.0],
        noise() * 1e307,
        1e9 + noise() * 1e-5,
    ],
    ids=["ramp", "alternating", "step", "sine", "spike", "huge", "offset"],
)
def test_odd_series_are_answered_without_a_complaint(values):
    check = check_stationarity(values)
    assert check.verdict
    assert check.adf.p_text
