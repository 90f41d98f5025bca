"""Two settings over several seeds: the interval, the noise, and the sentence."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from lstm_core.errors import RunError
from lstm_core.preparation.windows import WindowSpec
from lstm_core.study.comparison import compare, compare_values, comparison_verdict
from tests.core.study.conftest import planned, prepared

SIDES = st.lists(st.floats(0.1, 1000), min_size=2, max_size=12)


def found(first, second):
    return compare_values(first, second, seeds=(range(len(first)), range(len(second))))


def said(first, second, unit="sunspots"):
    return comparison_verdict(found(first, second), unit)


class TestTheNumbers:
    @given(SIDES, SIDES)
    def test_the_interval_is_scipys_and_statsmodels(self, first, second):
        assume(min(np.ptp(first), np.ptp(second)) > 1e-3)
        ours = found(first, second)
        theirs = stats.ttest_ind(second, first, equal_var=False)
        interval = theirs.confidence_interval(0.95)
        assert ours.interval == (pytest.approx(interval.low), pytest.approx(interval.high))
        assert ours.freedom == pytest.approx(theirs.df)
        means = CompareMeans(DescrStatsW(second), DescrStatsW(first))
        assert ours.interval == pytest.approx(means.tconfint_diff(usevar="unequal"))
        assert ours.is_larger == (theirs.pvalue < 0.05)

    @given(SIDES, SIDES)
    def test_the_noise_is_the_pooled_deviation(self, first, second):
        means = CompareMeans(DescrStatsW(first), DescrStatsW(second))
        wanted = means.std_meandiff_pooledvar / np.sqrt(1 / len(first) + 1 / len(second))
        assert found(first, second).noise == pytest.approx(wanted, abs=1e-9)

    def test_by_hand(self):
        """Deviations 1 and 2, three seeds each: variance of the difference 1/3 + 4/3; freedom 25/9 / (17/18)."""
        ours = found([9.0, 10.0, 11.0], [10.0, 12.0, 14.0])
        assert (ours.difference, ours.noise) == (2.0, pytest.approx(np.sqrt(5 / 2)))
        assert ours.freedom == pytest.approx((5 / 3) ** 2 / ((1 / 9 + 16 / 9) / 2))
        assert ours.reach == pytest.approx(stats.t.ppf(0.975, ours.freedom) * np.sqrt(5 / 3))

    @given(SIDES, SIDES)
    def test_the_other_way_round_only_the_sign_changes(self, first, second):
        one, other = found(first, second), found(second, first)
        assert one.difference == pytest.approx(-other.difference)
        assert (one.reach, one.noise) == (pytest.approx(other.reach), pytest.approx(other.noise))

    def test_one_seed_has_no_interval(self):
        ours = found([3.0], [4.0, 5.0])
        assert (ours.difference, ours.reach, ours.noise, ours.can_say) == (1.5, None, None, False)

    def test_where_nothing_varies_the_interval_is_a_point(self):
        ours = found([3.0] * 3, [4.0] * 3)
        assert (ours.reach, ours.freedom, ours.is_larger) == (0.0, None, True)
        assert not found([3.0] * 3, [3.0] * 3).is_larger

    def test_one_side_that_does_not_vary(self):
        ours = found([3.0] * 3, [3.0, 4.0, 5.0])
        assert ours.freedom == pytest.approx(2.0)

    def test_huge_errors_do_not_overflow(self):
        assert found([1e300, 2e300, 3e300], [2e300, 3e300, 4e300]).reach == pytest.approx(2.27e300, rel=0.01)

    @pytest.mark.parametrize("n", [3, 5, 20])
    def test_equal_settings_are_called_larger_in_5_percent_of_the_cases(self, n):
        """2,000 pairs of repetitions that differ in nothing: 5% ± 1.5%; Welch is a little careful with 3 seeds."""
        rng = np.random.default_rng(20)
        draws = rng.normal(14.0, 0.6, size=(2000, 2, n))
        rate = np.mean([found(list(first), list(second)).is_larger for first, second in draws])
        assert 0.02 <= rate <= 0.065

    def test_a_real_difference_is_found_the_surer_the_more_seeds(self):
        rng = np.random.default_rng(21)
        rates = []
        for n in (3, 5, 10):
            draws = (
                rng.normal([[14.0], [13.0]], 0.6, size=(500, 2, 1))
                if n == 1
                else rng.normal(np.array([14.0, 13.0])[None, :, None], 0.6, size=(500, 2, n))
            )
            rates.append(np.mean([found(list(a), list(b)).is_larger for a, b in draws]))
        assert rates == sorted(rates)
        assert rates[-1] > 0.9


class TestTheSentence:
    def test_smaller(self):
        words = said([13.5, 14.2, 15.0], [13.3, 14.0, 14.7])
        assert words.tone == "note"
        assert "is smaller than the seed noise: the mean test MAE falls by 0.233 sunspots" in words.sentence
        assert "(95%, 3 and 3 seeds)" in words.sentence

    def test_larger_and_better(self):
        words = said([14.0, 14.1, 14.2, 14.1, 14.0], [12.0, 12.1, 12.2, 12.0, 12.1])
        assert words.tone == "good"
        assert "is larger than the seed noise: the mean test MAE falls by 2.00 sunspots" in words.sentence
        assert words.sentence.endswith("B is better.")

    def test_larger_and_worse(self):
        words = said([12.0, 12.1, 12.2], [14.0, 14.1, 14.2])
        assert words.tone == "caution"
        assert "rises by 2.00" in words.sentence
        assert "B is worse" in words.sentence

    def test_larger_on_average_but_not_in_a_single_run(self):
        rng = np.random.default_rng(0)
        noise = rng.normal(size=20)
        noise = (noise - noise.mean()) / noise.std(ddof=1)
        words = said(list(14 + noise), list(13.2 + noise))
        assert "is larger than the seed noise" in words.sentence
        assert "A single run still varies by ± 1.00: it shows on average only." in words.sentence

    @pytest.mark.parametrize("sides", [([1.0], [2.0]), ([1.0, 1.1], [9.0, 9.1]), ([1.0, 1.1], [9.0] * 9)])
    def test_fewer_than_three_seeds_cannot_say(self, sides):
        words = said(*sides)
        assert words.tone == "note"
        assert "cannot be said" in words.sentence
        assert "larger" not in words.sentence

    def test_few_seeds_are_warned_of(self):
        assert "With so few seeds only large changes show" in said([1.0, 2.0, 3.0], [1.1, 2.1, 3.1]).sentence

    def test_one_change_is_the_change_you_made(self, repeat, spec):
        one = compare(repeat(12.0, 13.0, 14.0), repeat(12.1, 13.1, 14.2, base=planned(spec, epochs=5)))
        assert comparison_verdict(one, "V").sentence.startswith(
            "The change you made is smaller than the seed noise"
        )

    def test_no_change_and_several_changes_are_called_so(self, repeat, spec):
        nothing = compare(repeat(12.0, 13.0, 14.0), repeat(12.1, 13.1, 14.2, base=planned(spec, seed=99)))
        assert comparison_verdict(nothing, "V").sentence.startswith("Nothing was changed but the seeds")
        two = compare(
            repeat(12.0, 13.0, 14.0), repeat(2.1, 3.1, 4.2, base=planned(spec, epochs=5, batch_size=8))
        )
        assert comparison_verdict(two, "V").sentence.startswith(
            "What you changed, 2 settings at once, is larger"
        )


class TestWhatIsCompared:
    def test_f72_different_test_parts_are_refused(self, repeat, spec):
        other = prepared(spec, window=WindowSpec(length=6, horizon=2))
        with pytest.raises(RunError, match="horizons differ"):
            compare(repeat(12.0), repeat(13.0, base=other))

    def test_there_is_nothing_before_a_run_is_done(self, repeat):
        assert compare(repeat(12.0), repeat([])) is None

    def test_seeds_and_changes_come_along(self, repeat, spec):
        one = compare(repeat(12.0, 13.0), repeat(12.1, base=planned(spec, loss="mae", seed=7)))
        assert (one.first_seeds, one.second_seeds) == ((42, 43), (7,))
        assert [change.name for change in one.changes] == ["Loss"]
