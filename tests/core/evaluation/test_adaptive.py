import numpy as np
import pytest

from lstm_core.evaluation.intervals.adaptive import FEWEST, MOST, adaptive_half_widths
from lstm_core.evaluation.intervals.conformal import split_conformal

RNG = np.random.default_rng(4)
PAST = np.abs(RNG.normal(size=FEWEST))
ERRORS = np.abs(RNG.normal(size=400) * np.linspace(1, 4, 400))
ORIGINS = np.arange(1000, 1400)


def widths(errors=ERRORS, *, past=PAST, origins=None, step=1, level=0.8, rate=0.01):
    origins = ORIGINS[: len(errors)] if origins is None else origins
    return adaptive_half_widths(past, errors, origins, step=step, level=level, rate=rate)


def test_first_band_is_that_of_split_conformal():
    assert widths()[0] == split_conformal(PAST[:, None], [0.8])[0, 0]


def test_without_a_rate_it_ranks_the_newest_known_errors():
    ahead = widths(rate=0.0, step=3)
    for now in (0, 1, 2, 3, 57, 399):
        known = np.concatenate([PAST, ERRORS[: max(now - 2, 0)]])[-len(PAST) :]
        assert ahead[now] == split_conformal(known[:, None], [0.8])[0, 0]


def test_only_the_newest_of_very_many_errors_are_ranked():
    past = np.concatenate([np.full(MOST, 9.0), np.ones(MOST)])
    assert widths(past=past)[0] == 1.0


def test_level_moves_by_the_rate_after_every_truth():
    hits = widths(np.zeros(60), past=np.arange(1.0, 101.0), level=0.5, rate=0.1)
    # alpha grows by 0.05 a hit from 0.5: after 10 hits the level is 0, and the band holds nothing.
    assert hits[0] == 51.0
    assert hits[1] == 46.0  # rank 46, ceil(0.45 * 101), of 0, 2, 3, ...
    assert hits[10] == 0.0


def test_steady_misses_end_in_a_band_without_limit():
    missed = widths(np.geomspace(10, 1e9, 40), past=np.ones(FEWEST), level=0.5, rate=0.1)
    assert np.isinf(missed[10:20]).any()
    assert np.isfinite(missed[0])


def test_windows_apart_learn_at_once_and_steps_ahead_learn_late():
    far = np.full(6, 50.0)
    apart = widths(far, origins=np.arange(0, 60, 10), step=3)
    np.testing.assert_array_equal(apart, widths(far, origins=np.arange(6), step=1))
    late = widths(far, origins=np.arange(6), step=3)
    assert late[0] == late[1] == late[2]
    assert late[3] == apart[1]


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("step", [1, 5])
def test_misses_over_a_long_run_stay_within_the_bound(level, step):
    """Proposition 4.1, with the delay: a series that grows rougher without end, where split conformal fails."""
    rough = np.abs(np.random.default_rng(0).normal(size=3000)) * np.geomspace(1, 100, 3000)
    rate = 0.02
    missed = rough > widths(rough, origins=np.arange(3000), step=step, level=level, rate=rate)
    told = len(rough) - step
    bound = (1 + step * rate) / (rate * told)
    assert abs(missed[:told].mean() - (1 - level)) <= bound
    assert (rough > split_conformal(PAST[:, None], [level])[0, 0]).mean() - (1 - level) > bound
