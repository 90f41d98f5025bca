"""A trained network on new rows: what is learned comes from the train rows alone, what is told from the new ones."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_pinball_loss

from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.forecast import forecast
from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.new_data import new_data_verdict, score_new
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series

SEASON = 4
N_OLD, N_NEW = 100, 30


def daily(values, *, first="2020-01-01", period=SEASON):
    values = np.asarray(values, dtype=float)[:, None]
    index = pd.date_range(first, periods=len(values), freq="D")
    return Series(values=values, index=index, columns=("y",), name="made", unit="m", period=period)


def wavy(n, seed, *, level=20.0):
    return level + np.arange(n) % SEASON + np.random.default_rng(seed).normal(size=n)


OLD = daily(np.r_[wavy(70, 0), wavy(30, 1, level=40.0)])
NEW = daily(wavy(N_NEW, 2, level=30.0), first="2021-01-01")


def newest(inputs):
    """Say the newest value that is read, scaled, at both steps."""
    return np.repeat(inputs[:, -1:, 0], 2, axis=1)


@pytest.fixture(params=[TransformSpec(), TransformSpec(difference=1)], ids=["plain", "differences"])
def trained(request):
    chosen = PreparationSpec(target="y", window=WindowSpec(length=5, horizon=2), transform=request.param)
    return prepare(OLD, chosen)


def test_windows_and_rows_ahead_are_forecast_from_the_new_rows(trained):
    found, y = score_new(newest, trained, OLD, NEW, label="LSTM"), NEW.values[:, 0]

    def told(origin):
        moved = y[origin - 1] - y[origin - 2] if trained.spec.transform.lags else 0.0
        return y[origin - 1] + moved * np.array([1, 2])

    rows = found.made["lstm"].origins
    assert rows.tolist() == list(range(trained.spec.reach, N_NEW - 1))
    np.testing.assert_allclose(found.made["lstm"].predicted, [told(row) for row in rows], rtol=1e-5)
    np.testing.assert_allclose(found.ahead, told(N_NEW), rtol=1e-5)
    assert found.newest == "2021-01-30"
    assert found.table()["time"].tolist()[-2:] == ["2021-01-30 + 1", "2021-01-30 + 2"]
    assert found.made["lstm"].unit == "m"


def test_mase_and_the_range_come_from_the_train_rows(trained):
    found, y = score_new(newest, trained, OLD, NEW, label="LSTM"), NEW.values[:, 0]
    learned = OLD.values[trained.split.train.start : trained.split.train.stop, 0]
    scale = np.abs(learned[SEASON:] - learned[:-SEASON]).mean()
    assert found.scores["lstm"].mase == pytest.approx(found.scores["lstm"].mae / scale)
    assert found.n_outside == int(((y < learned.min()) | (y > learned.max())).sum()) == N_NEW


def test_the_season_is_that_of_the_training(trained):
    # Neither what the new series says of itself nor what could be found in it counts.
    new = daily(30 + 5 * (np.arange(N_NEW) % 6), first="2021-01-01", period=5)
    for learned_from in (OLD, replace(OLD, period=1)):
        made = score_new(newest, trained, learned_from, new, label="LSTM").made["seasonal_naive"]
        rows = made.origins + 1 - SEASON
        np.testing.assert_array_equal(made.predicted[:, 1], new.values[rows, 0])


def test_only_rows_that_were_trained_on_count_as_seen(trained):
    stop = trained.split.train.stop
    around = daily(OLD.values[stop - 10 : stop + 20, 0], first=str(OLD.index[stop - 10].date()))
    assert score_new(newest, trained, OLD, around, label="LSTM").n_seen == 10
    assert score_new(newest, trained, OLD, NEW, label="LSTM").n_seen == 0


def test_the_verdict_asks_the_naive_forecast_first_and_the_test_part_second(trained):
    found = score_new(newest, trained, OLD, NEW, label="LSTM")
    mae, rival = found.error, found.reference
    assert (mae, rival) == pytest.approx((found.scores["lstm"].mae, found.scores["naive"].mae))

    def said(lstm, on_test, step=NEW.step):
        asked = {"step": step, "unit": "m", "name": "LSTM"}
        return new_data_verdict(replace(found, error=lstm, on_test=on_test), **asked).tone

    assert mae > 0
    assert said(rival, rival) == "bad"
    assert said(0.9 * rival, 0.5 * rival) == "caution"
    assert said(0.9 * rival, 0.9 * rival) == "good"
    assert said(0.9 * rival, 0.9 * rival, step="another") == "bad"


def test_the_error_on_the_test_part_is_that_of_the_training(trained):
    found = score_new(newest, trained, OLD, NEW, label="LSTM")
    told = forecast(newest, trained, part="test", label="LSTM")
    assert found.on_test == pytest.approx(np.mean(np.abs(told.actual - told.predicted)), rel=1e-12)
    assert found.on_test != pytest.approx(found.scores["lstm"].mae)


def test_a_quantile_is_judged_by_its_pinball_loss_against_the_last_value_moved_as_the_train_rows_say(trained):
    found = score_new(newest, trained, OLD, NEW, label="LSTM", measure=measure_for(0.9))
    made, train = found.made["lstm"], naive(trained, "train")
    moved = found.made["naive"].predicted + np.quantile(train.actual - train.predicted, 0.9, axis=0)
    for value, predicted in ((found.error, made.predicted), (found.reference, moved)):
        expected = mean_pinball_loss(made.actual.ravel(), predicted.ravel(), alpha=0.9)
        assert value == pytest.approx(expected)
    told = new_data_verdict(found, step=NEW.step, unit="m", name="LSTM").sentence
    below = (made.actual <= made.predicted).mean()
    assert "the pinball loss of the LSTM is" in told
    assert f"{below:.1%} of the truths lie below it, 90% should." in told
    assert "misses by" not in told


def test_a_quantile_that_lies_too_low_does_not_hold(trained):
    found = score_new(newest, trained, OLD, NEW, label="LSTM", measure=measure_for(0.9))
    cheap = replace(found, error=0.5 * found.reference, on_test=found.reference)
    told = new_data_verdict(cheap, step=NEW.step, unit="", name="LSTM")
    assert told.tone == "caution"
    assert told.sentence.endswith("Here it lies too low for its quantile.")
