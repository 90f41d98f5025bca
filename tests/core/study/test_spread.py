"""Spread of scores over seeds, and the sentence about luck."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.study.spread import plus_minus, seed_spread, spread, spread_verdict
from lstm_core.study.table import seed_table, spread_table
from tests.core.study.conftest import CANCELLED, failed, started

FINITE = st.floats(-1e6, 1e6)


class TestSpread:
    @given(st.lists(FINITE, min_size=2, max_size=20))
    def test_it_is_what_the_standard_library_says(self, values):
        found = spread(values)
        assert found.mean == pytest.approx(statistics.fmean(values), rel=1e-9, abs=1e-9)
        assert found.deviation == pytest.approx(statistics.stdev(values), rel=1e-9, abs=1e-6)
        assert (found.n, found.low, found.high) == (len(values), min(values), max(values))

    def test_one_value_has_no_deviation(self):
        found = spread([3.0])
        assert (found.n, found.mean, found.deviation, found.low, found.high) == (1, 3.0, None, 3.0, 3.0)

    def test_no_value_is_a_mistake(self):
        with pytest.raises(ValueError, match="nothing"):
            spread([])

    def test_huge_values_do_not_overflow(self):
        found = spread([1e300, 3e300])
        assert (found.mean, found.deviation) == (pytest.approx(2e300), pytest.approx(2**0.5 * 1e300))

    def test_equal_values_have_deviation_zero(self):
        assert spread([0.0, 0.0]).deviation == 0.0
        assert spread([0.3] * 7).deviation == pytest.approx(0.0, abs=1e-15)


class TestScores:
    def test_only_finished_runs_count_and_baselines_have_one_value(self, repeat):
        found = seed_spread(repeat(12.0, [started(), failed()], 14.0, [CANCELLED], []))
        assert found.seeds == (42, 44)
        assert found.values["mae"] == (12.0, 14.0)
        assert found.of("mae").mean == 13.0
        assert found.baseline("naive", "mae") == 18.4
        assert set(found.baselines) == {"naive", "seasonal_naive", "linear_ar"}

    def test_a_score_that_is_not_defined_has_no_spread(self, repeat):
        found = seed_spread(repeat(12.0, 14.0))
        assert found.of("smape") is None
        assert found.values["smape"] == (None, None)

    def test_without_a_finished_run_there_is_nothing(self, repeat):
        found = seed_spread(repeat([started(), failed()], []))
        assert (found.n, found.of("mae"), found.baseline("naive", "mae")) == (0, None, None)


class TestVerdict:
    def test_the_sentence(self, repeat):
        values = [13.5, 14.0, 14.1, 14.4, 15.0]
        said = spread_verdict(seed_spread(repeat(*values)), "sunspots")
        assert said.tone == "good"
        assert said.sentence.startswith(
            "Over 5 seeds the test MAE is 14.2 ± 0.6 sunspots (mean ± standard deviation), from 13.5 to 15.0; "
            "repeating the last value gives 18.4."
        )
        assert np.std(values, ddof=1) == pytest.approx(0.552, abs=5e-4)
        assert "3.9%" in said.sentence

    def test_one_seed_has_no_spread_and_that_is_said(self, repeat):
        said = spread_verdict(seed_spread(repeat(14.0)), "sunspots")
        assert said.tone == "note"
        assert said.sentence.startswith("With 1 seed the test MAE is 14.0 sunspots")
        assert "no spread" in said.sentence
        assert "±" not in said.sentence

    @pytest.mark.parametrize(
        ("maes", "tone", "words"),
        [
            ((20.0, 19.0, 21.0), "bad", "No seed beats that"),
            ((17.0, 19.0, 16.0), "caution", "1 of 3 seeds do not beat that"),
            ((10.0, 14.0, 17.0), "caution", "do not trust a single run"),
            ((15.9, 16.0, 16.1), "caution", "But the linear AR gives 15.0"),
        ],
    )
    def test_it_warns(self, repeat, maes, tone, words):
        said = spread_verdict(seed_spread(repeat(*maes)), "V")
        assert said.tone == tone
        assert words in said.sentence

    def test_before_the_first_seed_is_done(self, repeat):
        assert "No seed is done yet" in spread_verdict(seed_spread(repeat([], [])), "V").sentence


@pytest.mark.parametrize(
    ("mean", "deviation", "wanted"),
    [
        (14.2, 0.552, "14.2 ± 0.6 V"),
        (16.3, 0.8, "16.3 ± 0.8 V"),
        (0.01234, 0.00056, "0.0123 ± 0.0006 V"),
        (412.3, 21.4, "412 ± 21 V"),
        (14.2, 0.003, "14.2 ± 0.00300 V"),
        (14.2, 0.0, "14.2 ± 0.0 V"),
        (1.5e9, 2.5e7, "1.50e+09 ± 2.50e+07 V"),
        (123456.0, 12345.0, "123 000 ± 12 300 V"),
    ],
)
def test_a_mean_and_its_deviation_are_spelled_alike(mean, deviation, wanted):
    assert plus_minus(mean, deviation, "V").replace("\u202f", " ") == wanted


class TestTables:
    def test_one_row_per_seed_also_without_a_result(self, repeat):
        table = seed_table(repeat(12.0, [started(), failed()], []))
        assert table["seed"].tolist() == [42, 43, 44]
        assert table["status"].tolist() == ["finished", "failed", "queued"]
        assert table["mae"].tolist()[0] == 12.0
        assert table["mae"].isna().tolist() == [False, True, True]
        assert "diverged" in table["message"][1]

    def test_spread_and_baselines_in_full_precision(self, repeat):
        table = spread_table(seed_spread(repeat(12.0, 13.0, 14.1))).set_index("forecast")
        assert table.loc["mean of the seeds", "mae"] == np.mean([12.0, 13.0, 14.1])
        assert table.loc["standard deviation", "mae"] == np.std([12.0, 13.0, 14.1], ddof=1)
        assert (table.loc["lowest", "mae"], table.loc["highest", "mae"]) == (12.0, 14.1)
        assert table.loc["naive", "mae"] == 18.4
        assert np.isnan(table.loc["lowest", "smape"])
