"""Distribution of values, and where some were missing."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.diagnostics.distribution import describe_distribution
from lstm_core.diagnostics.missingness import describe_missingness
from lstm_core.series.record import Series
from lstm_core.series.samples import load_sample


def test_every_value_is_in_one_bin():
    values = load_sample("sunspots").values[:, 0]
    spread = describe_distribution(values)
    assert spread.counts.sum() == 309
    assert spread.counts[0] == (values < spread.edges[1]).sum()
    assert spread.edges[0] == values.min()
    assert spread.edges[-1] == pytest.approx(values.max())


@pytest.mark.parametrize("sample", ["sunspots", "nile", "random_walk"])
def test_moments_are_those_of_pandas(sample):
    values = load_sample(sample).values[:, 0]
    spread, theirs = describe_distribution(values), pd.Series(values)
    n = len(values)
    assert spread.mean == pytest.approx(theirs.mean())
    assert spread.median == theirs.median()
    assert spread.deviation == pytest.approx(theirs.std(ddof=0))
    # pandas corrects for the bias of small samples.
    assert spread.skewness * np.sqrt(n * (n - 1)) / (n - 2) == pytest.approx(theirs.skew())
    g2 = spread.kurtosis
    assert (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6) == pytest.approx(theirs.kurt())


def test_a_long_tail_above_zero_is_offered_a_logarithm():
    values = np.exp(np.random.default_rng(0).normal(size=2_000))
    assert "would bring the tail in" in describe_distribution(values).verdict
    assert "logarithm" not in describe_distribution(values - 5).verdict
    assert "long tail of small values" in describe_distribution(-values).verdict


def test_normal_values_have_no_tail_and_extremes_are_told():
    rng = np.random.default_rng(1)
    assert describe_distribution(rng.normal(size=2_000)).verdict.startswith("No long tail")
    heavy = np.r_[rng.normal(size=2_000), [15, -15, 14, -14]]
    assert "more extremes" in describe_distribution(heavy).verdict


def test_counts_and_states_are_called_so():
    assert "Only 3 different values" in describe_distribution(np.tile([0.0, 1, 2], 50)).verdict
    assert describe_distribution(np.full(9, 2.0)).verdict == "One value only."


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_moments_of_huge_and_tiny_values(size):
    values = load_sample("sunspots").values[:, 0]
    plain, scaled = describe_distribution(values), describe_distribution(size * values)
    assert scaled.skewness == pytest.approx(plain.skewness)
    assert scaled.deviation / size == pytest.approx(plain.deviation)


def filled_series(flags: np.ndarray) -> Series:
    return Series(
        values=np.zeros(flags.shape),
        index=pd.RangeIndex(len(flags)),
        columns=tuple(f"c{i}" for i in range(flags.shape[1])),
        name="test",
        filled=flags,
    )


def test_gaps_are_counted_where_they_are():
    flags = np.zeros((1_000, 2), dtype=bool)
    flags[100:110, 1] = flags[995:, 1] = True
    gaps = describe_missingness(filled_series(flags))
    assert list(gaps.counts) == [0, 15]
    assert (gaps.longest[1], gaps.longest_at[1]) == (10, 100)
    assert gaps.shares.shape == (2, 200)
    assert gaps.shares[1, 20] == gaps.shares[1, 21] == gaps.shares[1, 199] == 1
    assert gaps.shares.sum() * 5 == 15
    assert gaps.together == 0
    assert gaps.verdict == "1.5% of 'c1' was missing and filled (15 values); the longest gap has 10 rows."


def test_stretches_of_uneven_length_keep_their_shares():
    flags = np.zeros((333, 1), dtype=bool)
    flags[::2] = True
    gaps = describe_missingness(filled_series(flags))
    lengths = np.diff(np.r_[gaps.starts, 333])
    assert (gaps.shares[0] * lengths).sum() == pytest.approx(167)


def test_a_complete_series_has_no_gaps():
    assert describe_missingness(load_sample("sunspots")) is None
    assert describe_missingness(load_sample("co2")).counts[0] == 59
