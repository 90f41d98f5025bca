import numpy as np
import pytest

from lstm_core.evaluation.explanation.effects import StepEffects
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.headline import flat_verdict, reach_verdict, skill_verdict, strongest_verdict
from lstm_core.evaluation.scores import Scores


def board(**maes):
    return {
        key: Scores(mae=mae, rmse=mae, mse=mae**2, r2=0.0, smape=1.0, mase=1.0, n=10)
        for key, mae in maes.items()
    }


@pytest.mark.parametrize(
    ("lstm", "naive", "linear", "tone", "words"),
    [
        (14.2, 18.4, 16.0, "good", "by 23% (MAE 14.2 kg against 18.4 kg), and no baseline does better"),
        (14.2, 18.4, 12.0, "caution", "the linear AR is 15% better still (MAE 12.0 kg)"),
        (14.2, 18.4, 14.15, "good", "; the linear AR does as well (MAE 14.2 kg) and is simpler."),
        (14.2, 18.4, 14.25, "good", "; the linear AR does as well (MAE 14.2 kg) and is simpler."),
        (14.2, 18.4, 14.40, "good", "no baseline does better"),
        (18.4, 18.45, 20.0, "caution", "as good as"),
        (20.0, 16.0, 20.0, "bad", "25% worse"),
        (1600.0, 16.0, 20.0, "bad", "misses 100 times as far as repeating the last value"),
        (1.0, 0.0, 1.0, "note", "nothing can beat it"),
    ],
)
def test_verdict_has_the_numbers_and_the_tone(lstm, naive, linear, tone, words):
    verdict = skill_verdict(board(lstm=lstm, naive=naive, seasonal_naive=30.0, linear_ar=linear), "kg")
    assert verdict.tone == tone
    assert words in verdict.sentence


def flat(predicted, actual):
    rows = np.arange(len(actual))
    return Forecast(
        origins=rows,
        actual=np.reshape(actual, (-1, 1)),
        predicted=np.reshape(predicted, (-1, 1)),
        part="test",
    )


def test_the_verdict_says_over_how_many_steps_the_error_is():
    made = board(lstm=14.2, naive=18.4, seasonal_naive=30.0, linear_ar=30.0)
    assert (
        "(MAE 14.2 kg against 18.4 kg over all 3 steps ahead)"
        in skill_verdict(made, "kg", horizon=3).sentence
    )


def test_b123_constant_forecast_of_a_moving_series_is_warned_of():
    verdict = flat_verdict(flat(np.full(20, 3.0), np.arange(20.0)))
    assert verdict.tone == "caution"
    assert "ignores its input" in verdict.sentence


def test_b123_moving_forecast_and_constant_series_are_not():
    assert flat_verdict(flat(np.arange(20.0), np.arange(20.0))) is None
    assert flat_verdict(flat(np.full(20, 3.0), np.full(20, 3.0))) is None


def effects(*weights):
    up = np.array(weights, dtype=float).reshape(-1, 1, 1) * np.ones((1, 1, 5))
    return StepEffects(up=up, down=-up, sizes=np.ones(1), columns=("level",))


def test_strongest_step_is_named_with_its_lag_its_date_and_both_effects():
    sentence = strongest_verdict(effects(0.1, -4.0, 2.0), 0, label="2001-03", unit="kg").sentence
    assert "Step 2 before the forecast (2001-03)" in sentence
    assert (
        "Nudging level up by 1.00 kg changes it by −4.00 kg; nudging it down as far, by +4.00 kg" in sentence
    )


def test_a_step_that_one_nudge_alone_moves_further_is_not_passed_over_in_silence():
    bent = StepEffects(
        up=np.array([2.0, 3.0]).reshape(2, 1, 1),
        down=np.array([-2.0, 0.0]).reshape(2, 1, 1),
        sizes=np.ones(1),
        columns=("level",),
    )
    sentence = strongest_verdict(bent, 0, label="2000", unit="kg").sentence
    assert (
        "Step 2 before the forecast (2000) moves this forecast most, both nudges taken together." in sentence
    )
    assert (
        "moves this forecast most." in strongest_verdict(effects(0.1, 2.0), 0, label="2001", unit="").sentence
    )


def test_rounding_of_float32_is_no_effect():
    relu = StepEffects(
        up=np.full((1, 1, 1), 47.5),
        down=np.full((1, 1, 1), -2.55e-7),
        sizes=np.ones(1),
        columns=("level",),
    )
    assert "as far, by 0 kg" in strongest_verdict(relu, 0, label="2001", unit="kg").sentence


def test_reach_names_the_column_that_matters_most():
    up = np.zeros((3, 2, 5))
    up[2] = [[0.5], [2.0]]
    found = StepEffects(up=up, down=-up, sizes=np.ones(2), columns=("level", "rain"))
    assert "the newest step matters most (rain)" in reach_verdict(found.over_windows()).sentence
    assert "matters most;" in reach_verdict(effects(0.0, 1.0).over_windows()).sentence


def test_reach_is_the_oldest_step_that_still_counts():
    assert (
        "further than 2 back, no step on its own"
        in reach_verdict(effects(0.01, 0.01, 1.0, 2.0).over_windows()).sentence
    )
    assert "longer window" in reach_verdict(effects(1.0, 1.0, 2.0).over_windows()).sentence
    differenced = reach_verdict(effects(1.0, 1.0, 2.0).over_windows(), n_lost=1).sentence
    assert "longer window" not in differenced
    assert "lies 3 back" in differenced


def test_forecast_that_no_nudge_moves_is_said_so():
    assert "No nudge" in strongest_verdict(effects(0, 0), 0, label="", unit="").sentence
    assert "No nudge" in reach_verdict(effects(0, 0).over_windows()).sentence
