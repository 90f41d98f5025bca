import numpy as np
import pytest

from lstm_core.evaluation import baselines
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import CARDS, forecasts, naive_error, score, scoreboard, skill
from lstm_core.evaluation.scores import baselines as all_baselines


def pair(actual, predicted):
    actual, predicted = (np.asarray(one, dtype=float).reshape(len(actual), -1) for one in (actual, predicted))
    return Forecast(origins=np.arange(len(actual)), actual=actual, predicted=predicted, part="test")


def test_scores_of_a_worked_example():
    # errors 1, -1, 2, -2: MAE 6/4, MSE 10/4; actual mean 5, so R2 = 1 - 10/20
    scores = score(pair([2, 4, 6, 8], [1, 5, 4, 10]), naive_error=3.0)
    assert scores.mae == pytest.approx(1.5)
    assert scores.mse == pytest.approx(2.5)
    assert scores.rmse == pytest.approx(2.5**0.5)
    assert scores.r2 == pytest.approx(0.5)
    assert scores.mase == pytest.approx(0.5)
    assert scores.smape == pytest.approx(200 / 4 * (1 / 3 + 1 / 9 + 2 / 10 + 2 / 18))
    assert scores.n == 4
    assert scores.undefined == {}


def test_horizon_steps_count_alike():
    wide = score(pair([[1, 2], [3, 4]], [[2, 2], [3, 6]]), naive_error=1.0)
    flat = score(pair([1, 2, 3, 4], [2, 2, 3, 6]), naive_error=1.0)
    assert wide.to_dict() == flat.to_dict()


def test_b77_smape_is_not_defined_where_both_are_zero():
    scores = score(pair([0, 0, 3], [0, 1, 3]), naive_error=1.0)
    assert scores.smape is None
    assert scores.undefined["smape"] == "actual and forecast are both 0 in 1 of 3 values"
    assert score(pair([0, 0, 3], [1, 1, 3]), naive_error=1.0).smape == pytest.approx(400 / 3)


def test_r2_is_not_defined_for_a_constant_truth():
    scores = score(pair([5.1, 5.1, 5.1], [5, 5, 6]), naive_error=1.0)
    assert scores.r2 is None
    assert "never change" in scores.undefined["r2"]
    assert score(pair([5], [4]), naive_error=1.0).r2 is None


def test_mase_is_not_defined_for_a_constant_train_part(make_prepared):
    prepared = make_prepared(np.full(100, 3.0))
    assert naive_error(prepared) == 0
    scores = score(baselines.naive(prepared, "test"), naive_error=0.0)
    assert scores.mase is None
    assert "train part" in scores.undefined["mase"]


def test_r2_below_zero_is_worse_than_the_mean():
    assert score(pair([1, 2, 3], [3, 2, 1]), naive_error=1.0).r2 == pytest.approx(-3)


def test_huge_values_do_not_overflow():
    scores = score(pair([1e200, 2e200], [2e200, 2e200]), naive_error=1.0)
    assert scores.rmse == pytest.approx(1e200 / 2**0.5)
    assert scores.mse is None
    assert scores.r2 == pytest.approx(-1)


def test_naive_error_is_the_mean_step_on_train_rows_only(make_prepared):
    values = np.concatenate([np.arange(70.0) * 2, np.full(30, 1e6)])
    assert naive_error(make_prepared(values)) == pytest.approx(2)


def test_skill_is_the_share_of_mae_saved():
    good, poor = (score(pair([0, 4], [0, 4 + miss]), naive_error=1.0) for miss in (1, 4))
    assert skill(good, poor) == pytest.approx(0.75)
    assert skill(poor, good) == pytest.approx(-3)
    assert skill(good, score(pair([1, 2], [1, 2]), naive_error=1.0)) is None


def test_scoreboard_holds_the_four_in_order_over_the_whole_horizon(make_prepared):
    prepared = make_prepared(np.sin(np.arange(200) * 0.3), horizon=3)
    predict = baselines.fit_linear(prepared)
    board = scoreboard(prepared, predict, period=21)
    assert list(board) == ["lstm", "naive", "seasonal_naive", "linear_ar"]
    assert board["lstm"].mae == pytest.approx(board["linear_ar"].mae)
    assert {scores.n for scores in board.values()} == {len(prepared.test) * 3}
    made = forecasts(prepared, predict, period=21, unit="kg")
    assert made["lstm"].label == "LSTM"
    assert {one.unit for one in made.values()} == {"kg"}


def test_the_linear_baseline_is_fitted_once_for_all_parts(make_prepared):
    prepared = make_prepared(np.sin(np.arange(200) * 0.3), horizon=3)
    fitted = baselines.fit_linear(prepared)
    for part in ("train", "test"):
        alone = baselines.linear_ar(prepared, part)
        together = all_baselines(prepared, period=21, part=part, linear=fitted)["linear_ar"]
        np.testing.assert_array_equal(together.predicted, alone.predicted)
    nothing = all_baselines(prepared, period=21, linear=lambda windows: np.zeros((len(windows), 3)))
    assert np.ptp(nothing["linear_ar"].predicted) == 0


def test_every_score_has_a_card_with_a_reading_and_a_unit():
    scores = score(pair([1, 2], [1, 3]), naive_error=1.0)
    assert set(scores.to_dict()) == set(CARDS) == {"mae", "rmse", "mse", "r2", "smape", "mase"}
    assert CARDS["rmse"].unit_of("kg") == "kg"
    assert CARDS["mse"].unit_of("kg") == "kg squared"
    assert CARDS["mse"].unit_of("") == "target units squared"
    assert (CARDS["smape"].unit_of("kg"), CARDS["mase"].unit_of("kg")) == ("%", "")
    assert all(card.reading.endswith(".") and card.formula for card in CARDS.values())


def test_the_board_divides_by_the_error_of_naive_on_the_train_rows_only(make_prepared):
    """MASE by hand: steps of 1 to 3 in the train rows, of 100 behind them, where nobody may look."""
    steps = np.where(np.arange(200) < 140, 1.0 + np.arange(200) % 3, 100.0)
    prepared = make_prepared(np.cumsum(steps))
    actual = prepared.values[prepared.test.origins, 0]
    before = prepared.values[prepared.test.origins - 1, 0]
    train = prepared.values[: prepared.split.train.stop, 0]
    for period, season in (
        (1, 3),
        (2, 2),
        (7, 7),
    ):  # without a period, the season of 3 is found in the train rows
        board = scoreboard(prepared, lambda windows: windows[:, -1:, 0], period=period)
        expected = np.abs(actual - before).mean() / np.abs(train[season:] - train[:-season]).mean()
        assert board["naive"].mase == pytest.approx(expected, rel=1e-12)


def test_mase_of_the_seasonal_naive_forecast_is_one_where_train_and_test_are_alike(make_prepared):
    rows = np.arange(1200)
    noise = np.random.default_rng(0).normal(size=1200)
    prepared = make_prepared(5 * np.sin(2 * np.pi * rows / 12) + noise)
    board = scoreboard(prepared, lambda windows: windows[:, -1:, 0], period=12)
    assert board["seasonal_naive"].mase == pytest.approx(1, abs=0.1)
    assert board["naive"].mase > 1.5


def test_a_season_longer_than_the_train_rows_counts_as_none(make_prepared):
    prepared = make_prepared(np.random.default_rng(0).normal(size=100))
    train = prepared.values[: prepared.split.train.stop, 0]
    assert naive_error(prepared, period=500) == pytest.approx(np.abs(np.diff(train)).mean())
