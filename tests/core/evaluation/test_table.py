import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.table import forecast_table, row_labels, row_times
from lstm_core.series.record import Series


def dated(freq, step="", tz=None):
    index = pd.date_range("2001-01-01", periods=6, freq=freq, tz=tz)
    return Series(values=np.arange(6.0)[:, None], index=index, columns=("y",), name="made", step=step)


def test_one_row_per_window_and_step_in_full_precision():
    third = np.array([[1 / 3, 2 / 3], [2 / 3, 1.0]])
    made = Forecast(origins=np.array([2, 3]), actual=third, predicted=third * 2, part="test")
    table = forecast_table(dated("D"), {"test": {"lstm": made, "naive": made}})
    assert list(table) == ["time", "part", "steps_ahead", "actual", "lstm", "naive"]
    assert list(table["time"]) == ["2001-01-03", "2001-01-04", "2001-01-04", "2001-01-05"]
    assert list(table["steps_ahead"]) == [1, 2, 1, 2]
    np.testing.assert_array_equal(table["lstm"], third.ravel() * 2)
    assert float(table.to_csv(index=False).splitlines()[1].split(",")[3]) == 1 / 3


@pytest.mark.parametrize(
    ("series", "text"),
    [
        (dated("YE", step="1 year"), "2002"),
        (dated("h"), "2001-01-01T01:00:00"),
        (dated("h", tz="Europe/Berlin"), "2001-01-01T01:00:00+0100"),
    ],
    ids=["years", "hours", "zone"],
)
def test_time_is_as_short_as_it_can_be(series, text):
    assert row_times(series, np.array([1]))[0] == text


@pytest.mark.parametrize(
    ("series", "text"),
    [
        (dated("YE", step="1 year"), "2002"),
        (dated("D"), "2001-01-02"),
        (dated("h"), "2001-01-01 01:00"),
        (dated("30s"), "2001-01-01 00:00:30"),
        (dated("h", tz="Europe/Berlin"), "2001-01-01 01:00+0100"),
    ],
    ids=["years", "days", "hours", "seconds", "zone"],
)
def test_label_on_screen_is_shorter_still(series, text):
    assert row_labels(series, np.array([1])) == [text]


def test_rows_without_dates_keep_their_numbers():
    series = Series(values=np.ones((3, 1)), index=pd.RangeIndex(-1, 2), columns=("y",), name="made")
    assert list(row_times(series, np.array([0, 2]))) == [-1, 1]


@pytest.mark.parametrize(
    ("freq", "step", "form"),
    [("D", "", "%Y-%m-%d"), ("37s", "", "%Y-%m-%dT%H:%M:%S"), ("YS", "1 year", "%Y")],
)
@pytest.mark.parametrize("tz", [None, "Asia/Kolkata"])
def test_dates_are_spelled_as_strftime_would(freq, step, form, tz):
    series = dated(freq, step=step, tz=tz)
    ours = row_times(series, np.arange(6))
    assert list(ours) == list(series.index.strftime(form + ("%z" if tz and "S" in form else "")))
    assert not len(row_times(series, np.arange(0)))
