"""Beyond the last row: dates, bands from the validation part, what they held, and the sentences on them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.ahead.closed_loop import Loop, run_part
from lstm_core.evaluation.ahead.outlook import (
    bands_verdict,
    coverage_ahead,
    look_ahead,
    next_rows,
    outlook_verdict,
)
from lstm_core.evaluation.ahead.recursion import forecast_ahead
from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.intervals.bands import LEVELS
from lstm_core.evaluation.intervals.conformal import split_conformal
from lstm_core.preparation.histories import histories
from lstm_core.series.record import Series

WALK = np.random.default_rng(3).normal(size=400).cumsum()

NUMBERED = Series(values=WALK[:, None], index=pd.RangeIndex(400), columns=("y",), name="walk")


def opened(make_prepared, *, steps=4, season=1, values=WALK):
    prepared = make_prepared(values, length=4)
    predict, loop = fit_linear(prepared), Loop(steps=steps)
    validation, test = (
        run_part(predict, prepared, part, loop, n_weights=1, season=season) for part in ("validation", "test")
    )
    index = pd.RangeIndex(len(values), len(values) + steps)
    outlook = look_ahead(predict, prepared, loop, index, season=season, calibration=validation)
    return prepared, predict, outlook, validation, test


def test_forecast_reads_the_newest_rows_and_bands_come_from_the_same_loop(make_prepared):
    prepared, predict, outlook, validation, _ = opened(make_prepared, season=3)
    told = forecast_ahead(predict, prepared, histories(prepared, np.array([400])), 4)[0]
    np.testing.assert_array_equal(outlook.predicted, told)
    widths = split_conformal(validation.closed.actual - validation.closed.predicted, LEVELS)
    np.testing.assert_allclose(outlook.lower, told - widths)
    np.testing.assert_allclose(outlook.upper, told + widths)
    assert outlook.naive.tolist() == [WALK[-1]] * 4
    assert outlook.seasonal_naive is not None
    assert outlook.seasonal_naive.tolist() == [*WALK[-3:], WALK[-3]]
    assert outlook.n_calibration == len(validation.closed) == 40 - 3


def test_coverage_is_the_share_of_truths_inside(make_prepared):
    prepared, _, outlook, validation, test = opened(make_prepared)
    held = coverage_ahead(validation, test, prepared.transform)
    width = outlook.upper[1] - outlook.predicted
    missed = np.abs(test.closed.actual - test.closed.predicted)
    np.testing.assert_allclose(held[1], (missed <= width).mean(axis=0))


def test_table_has_every_step_with_every_band_there_is(make_prepared):
    outlook = opened(make_prepared)[2]
    table = outlook.table(NUMBERED)
    assert list(table.columns) == [
        "time", "step", "forecast", "low_50%", "high_50%", "low_80%", "high_80%", "low_95%", "high_95%", "naive",
    ]  # fmt: skip
    assert table["step"].tolist() == [1, 2, 3, 4]
    assert table["time"].tolist() == [400, 401, 402, 403]
    few = opened(make_prepared, values=WALK[:100])[2]  # 10 validation rows, 7 starts: too few for 95%
    assert "low_80%" in few.table(NUMBERED)
    assert "low_95%" not in few.table(NUMBERED)


def test_without_calibration_there_are_no_bands(make_prepared):
    prepared, predict, _, _, _ = opened(make_prepared)
    outlook = look_ahead(predict, prepared, Loop(steps=2), pd.RangeIndex(2), season=1, calibration=None)
    assert not any(outlook.banded(level) for level in LEVELS)
    assert "There are no bands" in bands_verdict(outlook, None).sentence


def test_words_of_a_forecast_that_is_worth_something_and_of_one_that_is_not(make_prepared):
    wave = np.sin(np.arange(400) / 3) + np.random.default_rng(1).normal(size=400) / 50
    _, _, outlook, _, test = opened(make_prepared, values=wave)
    good = outlook_verdict(outlook, test, last="row 400", target="y", unit="m")
    assert good.tone == "good"
    assert "4 steps after row 400 the LSTM forecasts y at" in good.sentence
    assert "with 80% between" in good.sentence
    assert "beat repeating the last value by" in good.sentence
    again = np.resize(np.random.default_rng(2).normal(size=19), 400) + np.arange(400) / 1000
    _, _, outlook, _, test = opened(make_prepared, season=19, values=again)
    beaten = outlook_verdict(outlook, test, last="row 400", target="y", unit="")
    assert beaten.tone == "caution"
    assert "repeating the last season does better still" in beaten.sentence
    _, _, outlook, _, test = opened(make_prepared, values=np.random.default_rng(8).normal(size=400).cumsum())
    bad = outlook_verdict(outlook, test, last="row 400", target="y", unit="")
    assert bad.tone == "caution"
    assert "do not lean on this one" in bad.sentence
    assert "too short" in outlook_verdict(outlook, None, last="row 400", target="y", unit="").sentence


@pytest.mark.parametrize(
    ("shares", "tone", "words"),
    [
        ([0.52, 0.78, 0.97], "good", "about right"),
        ([0.3, 0.6, 0.9], "caution", "too narrow"),
        ([0.9, 0.95, 0.99], "caution", "wider than"),
        ([0.3, 0.95, 0.99], "caution", "not what they promise"),
    ],
)
def test_words_on_what_the_bands_held(make_prepared, shares, tone, words):
    outlook = replace(opened(make_prepared)[2], n_calibration=200)
    verdict = bands_verdict(outlook, np.repeat(np.array(shares)[:, None], 4, axis=1))
    assert verdict.tone == tone
    assert words in verdict.sentence


@pytest.mark.parametrize(("n", "words"), [(3, "chance"), (14, "chance"), (60, "too narrow")])
def test_bands_of_few_validation_rows_are_not_called_too_narrow_by_chance(make_prepared, n, words):
    outlook = replace(opened(make_prepared)[2], n_calibration=n)
    verdict = bands_verdict(outlook, np.repeat(np.array([0.34, 0.64, 0.95])[:, None], 4, axis=1))
    assert words in verdict.sentence
    assert verdict.tone == ("note" if words == "chance" else "caution")


def test_rows_after_the_last_one_have_dates_where_the_step_allows():
    def series(index):
        return Series(values=np.zeros((len(index), 1)), index=index, columns=("y",), name="made")

    months = pd.date_range("2020-01-31", periods=30, freq="ME").as_unit("us")
    assert next_rows(series(months), 2).tolist() == [pd.Timestamp("2022-07-31"), pd.Timestamp("2022-08-31")]
    assert next_rows(series(pd.RangeIndex(5, 25)), 2).tolist() == [25, 26]
    odd = pd.DatetimeIndex(["2020-01-01", "2020-01-02", "2020-01-04", "2020-01-09", "2020-01-11 05:00"])
    assert next_rows(series(odd), 2).tolist() == [5, 6]
