import numpy as np
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.headline import flat_verdict, skill_verdict
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
        (14.2, 18.4, 14.15, "good", "no baseline does better"),
        (18.4, 18.45, 20.0, "caution", "as good as"),
        (20.0, 16.0, 20.0, "bad", "25% worse"),
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


def test_b123_constant_forecast_of_a_moving_series_is_warned_of():
    verdict = flat_verdict(flat(np.full(20, 3.0), np.arange(20.0)))
    assert verdict.tone == "caution"
    assert "ignores its input" in verdict.sentence


def test_b123_moving_forecast_and_constant_series_are_not():
    assert flat_verdict(flat(np.arange(20.0), np.arange(20.0))) is None
    assert flat_verdict(flat(np.full(20, 3.0), np.full(20, 3.0))) is None
