"""Correlation of forecast and truth by shift: NumPy's own at every shift, and what planted forecasts look like."""

import numpy as np
import pytest

from lstm_core.evaluation import baselines
from lstm_core.evaluation.copycat import changes_verdict, copy_check
from lstm_core.evaluation.forecast import forecast

RNG = np.random.default_rng(7)
SMOOTH = np.sin(np.arange(500) / 15) * 20 + RNG.normal(size=500).cumsum() / 10 + 100
WALK = RNG.normal(size=500).cumsum()


def checked(prepared, predict):
    return copy_check(forecast(predict, prepared, part="test", label="LSTM"), prepared.values[:, 0])


def copy(inputs):
    return inputs[:, -1:, 0].astype(float)


def truth(prepared):
    return lambda inputs: prepared.test.targets.astype(float)


@pytest.mark.parametrize("stride", [1, 3])
def test_every_shift_is_numpys_correlation(make_prepared, stride):
    prepared = make_prepared(WALK, stride=stride)
    made = forecast(baselines.fit_linear(prepared), prepared, part="test", label="AR")
    check = copy_check(made, WALK)
    assert check.shifts.tolist() == list(range(-10, 11))
    told, rows = made.predicted[:, 0], made.origins
    for shift, value, change in zip(check.shifts, check.values, check.changes, strict=True):
        inside = rows - shift < len(WALK)
        other = WALK[rows[inside] - shift]
        assert value == pytest.approx(np.corrcoef(told[inside], other)[0, 1])
        assert change == pytest.approx(np.corrcoef(np.diff(told[inside]), np.diff(other))[0, 1])


def test_values_of_a_smooth_series_cannot_tell_a_copy_from_the_truth_but_changes_can(make_prepared):
    prepared = make_prepared(WALK + SMOOTH)
    for predict, shift in ((copy, 1), (truth(prepared), 0)):
        check = checked(prepared, predict)
        assert min(check.at(0)[0], check.at(1)[0]) > 0.95
        assert check.best == shift
        assert check.at(shift)[1] == pytest.approx(1, abs=1e-4)


def test_sentences_agree_with_the_tone(make_prepared):
    prepared = make_prepared(WALK)
    good, late = (changes_verdict(checked(prepared, one)) for one in (truth(prepared), copy))
    assert (good.tone, late.tone) == ("good", "caution")
    assert "moves with the series" in good.sentence
    assert "moves after the series" in late.sentence
    assert "the row before" in late.sentence
    noise = changes_verdict(checked(prepared, lambda x: np.random.default_rng(1).normal(size=(len(x), 1))))
    assert noise.tone == "caution"
    early = changes_verdict(
        checked(prepared, lambda x: WALK[np.minimum(prepared.test.origins + 2, 499)][:, None])
    )
    assert "2 rows later" in early.sentence
    assert "values from later" in early.sentence
    half = changes_verdict(checked(prepared, lambda x: (copy(x) + truth(prepared)(x)) / 2))
    assert half.tone in ("note", "good")


def test_what_never_changes_cannot_be_compared(make_prepared):
    prepared = make_prepared(WALK)
    flat = checked(prepared, lambda inputs: np.ones((len(inputs), 1)))
    assert flat.best is None
    assert np.isnan(flat.values).all()
    assert "cannot be compared" in changes_verdict(flat).sentence
    few = make_prepared(WALK[:30], length=3)
    assert checked(few, copy).best is None


def test_table_has_a_row_per_shift(make_prepared):
    table = checked(make_prepared(WALK), copy).table()
    assert list(table.columns) == ["shift", "values", "changes"]
    assert len(table) == 21


def test_a_late_forecast_of_a_season_is_not_accused_of_knowing_the_future(make_prepared):
    swing = np.sin(np.arange(300) * np.pi / 8)
    prepared = make_prepared(swing, kind="none")
    late = changes_verdict(checked(prepared, lambda x: swing[prepared.test.origins - 13][:, None]))
    assert "3 rows later" in late.sentence
    assert "comes late by most of a swing looks like that" in late.sentence
