"""The split: by share, by date, never shuffled."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from lstm_core.errors import PreparationError
from lstm_core.preparation.split import Split, SplitSpec, split
from lstm_core.series.record import Series


def dated(n_rows: int, start: str = "2020-01-01", freq: str = "D", tz: str | None = None) -> Series:
    index = pd.date_range(start, periods=n_rows, freq=freq, tz=tz)
    return Series(values=np.arange(float(n_rows))[:, None], index=index, columns=("y",), name="y")


def test_c20_the_document_split_by_time():
    # 80/20 by time: rows 160/40, the last 16 train rows held for validation. The document shuffled 151/38.
    parts = split(dated(200), SplitSpec(validation_fraction=0.08, test_fraction=0.2))
    assert parts == Split(train=range(144), validation=range(144, 160), test=range(160, 200))


def test_a_gap_removes_rows_between_the_parts():
    parts = split(dated(200), SplitSpec(validation_fraction=0.1, test_fraction=0.2, gap=5))
    assert parts == Split(train=range(130), validation=range(135, 155), test=range(160, 200))


def test_f26_by_date():
    spec = SplitSpec(validation_start=date(2020, 3, 1), test_start=date(2020, 4, 1))
    parts = split(dated(100), spec)
    assert parts == Split(train=range(60), validation=range(60, 91), test=range(91, 100))


def test_f26_by_date_with_a_gap_takes_it_before_each_part():
    spec = SplitSpec(validation_start=date(2020, 3, 1), test_start=date(2020, 4, 1), gap=3)
    parts = split(dated(100), spec)
    assert parts == Split(train=range(57), validation=range(60, 88), test=range(91, 100))


def test_f26_by_date_cuts_at_midnight_of_the_series_zone():
    series = dated(96, freq="h", tz="America/New_York")
    parts = split(series, SplitSpec(validation_start=date(2020, 1, 3), test_start=date(2020, 1, 4)))
    assert str(series.index[parts.test.start]) == "2020-01-04 00:00:00-05:00"


def test_a_date_between_two_rows_starts_with_the_later_one():
    series = dated(20, start="2000-01-01", freq="YS")
    parts = split(series, SplitSpec(validation_start=date(2010, 6, 1), test_start=date(2015, 6, 1)))
    assert series.index[parts.validation.start].year == 2011
    assert series.index[parts.test.start].year == 2016


@pytest.mark.parametrize(
    ("validation_start", "test_start"),
    [
        (date(2020, 4, 1), date(2020, 3, 1)),
        (date(2020, 3, 1), date(2020, 3, 1)),
        (date(2020, 3, 1), date(2021, 3, 1)),
    ],
)
def test_dates_in_the_wrong_order_are_refused(validation_start, test_start):
    with pytest.raises(PreparationError, match="between 2020-01-01 and 2020-04-09") as caught:
        split(dated(100), SplitSpec(validation_start=validation_start, test_start=test_start))
    assert caught.value.field == "test_start"


def test_dates_before_the_series_leave_nothing_to_train_on():
    spec = SplitSpec(validation_start=date(2019, 1, 1), test_start=date(2020, 3, 1))
    with pytest.raises(PreparationError, match="train part has no rows"):
        split(dated(100), spec)


def test_row_numbers_cannot_be_split_by_date():
    series = Series(values=np.arange(50.0)[:, None], index=pd.RangeIndex(50), columns=("y",), name="y")
    with pytest.raises(PreparationError, match="row numbers") as caught:
        split(series, SplitSpec(validation_start=date(2020, 3, 1), test_start=date(2020, 4, 1)))
    assert caught.value.field == "split_by"


@pytest.mark.parametrize(
    "shares",
    [
        {"validation_fraction": 0},
        {"validation_fraction": -0.1},
        {"test_fraction": 1},
        {"test_fraction": 0},
        {"test_fraction": float("nan")},
        {"gap": -1},
    ],
)
def test_b108_impossible_shares_are_refused(shares):
    with pytest.raises(ValidationError):
        SplitSpec(**shares)


def test_b108_shares_that_leave_nothing_to_train_on_are_refused():
    with pytest.raises(PreparationError, match="train part has no rows") as caught:
        split(dated(100), SplitSpec(validation_fraction=0.5, test_fraction=0.6))
    assert "50 for validation, 60 for test" in caught.value.message


def test_a_gap_longer_than_the_series_is_refused():
    with pytest.raises(PreparationError, match="gap 900"):
        split(dated(100), SplitSpec(gap=900))


def test_shares_of_a_tiny_series_that_round_to_nothing_are_refused():
    with pytest.raises(PreparationError, match="validation part has no rows"):
        split(dated(20), SplitSpec(validation_fraction=0.02))


def test_b114_nothing_can_be_shuffled():
    assert not [name for name in SplitSpec.model_fields if "shuffle" in name or "random" in name]
    with pytest.raises(ValidationError):
        SplitSpec(shuffle=True)  # type: ignore[call-arg]
