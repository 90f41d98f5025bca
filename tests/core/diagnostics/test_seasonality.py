"""Seasons: found where there are some, not found where there are none."""

import numpy as np
import pytest

from lstm_core.diagnostics.seasonality import TESTED_ROWS, find_season
from lstm_core.series.samples import load_sample


@pytest.mark.parametrize(
    ("sample", "lengths"),
    [("sunspots", (10, 11)), ("co2", (52,)), ("elnino", (12,)), ("trend_season", (12,)), ("sine", (39, 40))],
)
def test_samples_with_a_season(sample, lengths):
    season = find_season(load_sample(sample).values[:, 0])
    assert season.length in lengths
    assert 0.25 < season.strength <= 1
    assert f"every {season.length} rows" in season.verdict


@pytest.mark.parametrize("sample", ["nile", "random_walk"])
def test_samples_without_a_season(sample):
    season = find_season(load_sample(sample).values[:, 0])
    assert season.length == 1
    assert season.verdict == "No season found."


@pytest.mark.parametrize("period", [2, 3, 7, 12, 24, 52, 96])
def test_any_period_is_found_in_noise_and_trend(period):
    rows = np.arange(max(200, 8 * period))
    noise = np.random.default_rng(period).normal(size=len(rows))
    values = 0.02 * rows + 3 * np.cos(2 * np.pi * rows / period) + 0.5 * noise
    assert find_season(values).length == period


def test_a_season_of_odd_shape_is_found_at_its_full_length():
    week = [0.0, 0, 0, 0, 0, 5, 3]
    noise = np.random.default_rng(0).normal(size=40 * 7)
    assert find_season(np.tile(week, 40) + 0.5 * noise).length == 7


@pytest.mark.parametrize("kind", ["noise", "walk"])
def test_chance_is_seldom_taken_for_a_season(kind):
    rng = np.random.default_rng(11)
    found = 0
    for _ in range(100):
        values = rng.normal(size=300)
        found += find_season(values.cumsum() if kind == "walk" else values).length > 1
    assert found <= 10


def test_b65_a_constant_series_has_no_season():
    assert find_season(np.full(90, 4.0)).verdict == "The series never changes."


@pytest.mark.parametrize("n_rows", [0, 1, 8])
def test_too_few_rows_have_no_season(n_rows):
    assert find_season(np.arange(float(n_rows))).verdict == "Too few rows to see a season."


def test_a_long_series_is_searched_in_its_newest_rows():
    old = np.zeros(50_000)
    new = np.sin(2 * np.pi * np.arange(TESTED_ROWS) / 24)
    assert find_season(np.r_[old, new]).length == 24


@pytest.mark.parametrize(("sample", "cycle"), [("sunspots", 11), ("sine", 40)])
def test_a_cycle_between_two_rows_is_measured_over_several_repeats(sample: str, cycle: int) -> None:
    """Sunspots repeat every 11 years (their first autocorrelation peak says 10), the sine every 199 / 5 rows."""
    assert find_season(load_sample(sample).values[:, 0]).length == cycle
