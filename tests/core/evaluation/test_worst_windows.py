"""The worst windows: by their mean miss, one for each event, with what happened."""

import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.worst_windows import describe, worst_verdict, worst_windows


def pair(errors, naive_errors=None, *, stride=1):
    errors = np.asarray(errors, dtype=float).reshape(len(errors), -1)
    naive_errors = (
        errors if naive_errors is None else np.asarray(naive_errors, dtype=float).reshape(errors.shape)
    )
    origins = 20 + stride * np.arange(len(errors))
    actual = 100.0 + (origins[:, None] + np.arange(errors.shape[1]))
    return tuple(
        Forecast(origins=origins, actual=actual, predicted=actual - one, part="test", unit="kg")
        for one in (errors, naive_errors)
    )


def test_the_largest_misses_come_first_whatever_their_side():
    found = worst_windows(*pair([1, -9, 3, 8, 0, -2]), count=3)
    assert [one.sample for one in found] == [1, 3, 2]
    assert [one.loss for one in found] == [9, 8, 3]
    assert (found[0].actual, found[0].predicted, found[0].row) == (121, 130, 21)


def test_windows_that_overlap_a_worse_one_are_left_out():
    errors = np.zeros((30, 4))
    errors[10:14] = [[9, 9, 9, 9], [10, 10, 10, 10], [8, 8, 8, 8], [7, 7, 7, 7]]
    errors[15] = 5
    found = worst_windows(*pair(errors), count=2)
    assert [one.sample for one in found] == [11, 15]
    rows = [set(range(20 + one.sample, 24 + one.sample)) for one in worst_windows(*pair(errors), count=10)]
    assert sum(map(len, rows)) == len(set.union(*rows))


def test_rows_decide_not_samples_when_windows_are_apart_already():
    errors = np.zeros((30, 4))
    errors[10], errors[11] = 9, 8
    assert [one.sample for one in worst_windows(*pair(errors, stride=4), count=2)] == [10, 11]


def test_the_mean_over_the_horizon_and_the_step_of_the_largest_miss():
    (found,) = worst_windows(*pair([[0, -6, 3], [1, 1, 1]], [[0, 0, 1], [1, 1, 1]]), count=1)
    assert (found.loss, found.naive_loss, found.step, found.row) == (3, pytest.approx(1 / 3), 2, 21)
    told = describe(found, usual=2.0, label="2020-01-02", unit="kg")
    assert told.startswith("Off by 3.00 kg on average, 1.5 times the usual. Most at 2020-01-02: actual 121")
    assert "was off by 0.333 kg." in told


def test_what_they_hold_of_the_error_and_who_could_have_known():
    network, naive = pair([1] * 90 + [11] * 10, [0] * 90 + [20] * 10)
    said = worst_verdict(worst_windows(network, naive), network).sentence
    assert "10 worst of 100 windows hold 55.0% of the error" in said
    assert "On 10 of them repeating the last value did no better" in said
    network, naive = pair([1] * 90 + [11] * 10, [0] * 100)
    assert "the past knew more" in worst_verdict(worst_windows(network, naive), network).sentence


def test_where_all_windows_are_shown_their_share_says_nothing():
    network, naive = pair([1, 2, 3], [0, 0, 0])
    said = worst_verdict(worst_windows(network, naive), network).sentence
    assert said.startswith(
        "All 3 windows are here, the worst first. On 3 of them repeating the last value did better"
    )


def test_a_perfect_forecast_and_a_single_window():
    perfect, naive = pair([0, 0, 0])
    assert worst_verdict(worst_windows(perfect, naive), perfect).tone == "good"
    told = describe(worst_windows(perfect, naive)[0], usual=0.0, label="1", unit="")
    assert told.startswith("Off by 0. At 1: actual 120, forecast 120")
    alone, naive = pair([3])
    assert "single test window" in worst_verdict(worst_windows(alone, naive), alone).sentence


def test_forecasts_of_other_windows_are_refused():
    network, _ = pair([1, 2, 3])
    _, naive = pair([1, 2, 3], stride=2)
    with pytest.raises(ValueError, match="same windows"):
        worst_windows(network, naive)


def test_one_event_in_many_windows_is_not_called_a_single_window():
    network, naive = pair([[1, 1, 1], [6, 6, 6], [1, 1, 1]], [[0, 0, 0], [9, 9, 9], [0, 0, 0]])
    said = worst_verdict(worst_windows(network, naive), network).sentence
    assert said.startswith(
        "The worst of 3 windows holds 75.0% of the error. Repeating the last value did no better"
    )


def test_a_quantile_is_ranked_by_its_pinball_loss():
    # Far above the truth is cheap for the quantile 0.9, a little below is dear.
    network, naive = pair([-9, 4, -1, 0], [-9, 8, -1, 0])
    found = worst_windows(network, naive, count=4, measure=measure_for(0.9))
    assert [one.sample for one in found[:2]] == [1, 0]
    expected = [
        mean_pinball_loss(network.actual[one.sample], network.predicted[one.sample], alpha=0.9)
        for one in found
    ]
    assert [one.loss for one in found] == pytest.approx(expected)
    told = describe(found[0], usual=0.9, label="22", unit="kg", measure=measure_for(0.9))
    assert told.startswith(
        "Pinball loss 3.60 kg, 4.0 times the usual. At 22: actual 121.00, forecast 117.00, moved"
    )
    assert told.endswith("The last value, moved to the same quantile, did no better.")
    said = worst_verdict(found[:2], network, measure=measure_for(0.9)).sentence
    assert "of the pinball loss" in said
    assert "of them the last value, moved to the same quantile, did no better" in said
