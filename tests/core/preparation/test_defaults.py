"""The preparation a person gets who only clicks Next."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import PreparationError, SeriesError
from lstm_core.preparation.defaults import MIN_ROWS, default_preparation
from lstm_core.preparation.windows import prepare
from lstm_core.series.record import Series


def ramp(n_rows: int, columns: tuple[str, ...] = ("y",)) -> Series:
    values = np.arange(n_rows * len(columns), dtype=float).reshape(n_rows, len(columns))
    return Series(values=values, index=pd.RangeIndex(n_rows), columns=columns, name="ramp")


@pytest.mark.parametrize("n_rows", [MIN_ROWS, 21, 30, 48, 66, 96, 97, 200, 309, 100_000])
def test_the_default_fits_every_length_and_leaves_a_dozen_windows(n_rows):
    series = ramp(n_rows)
    prepared = prepare(series, default_preparation(series))
    assert len(prepared.train) >= 10
    assert len(prepared.validation) >= 1
    assert len(prepared.test) >= 1


@pytest.mark.parametrize(("n_rows", "length"), [(20, 3), (40, 7), (100, 17), (200, 24), (5_000, 24)])
def test_short_series_get_shorter_windows(n_rows, length):
    assert default_preparation(ramp(n_rows)).window.length == length


@pytest.mark.parametrize(
    ("row", "n_rows", "said"),
    [("B4", 1, "1 row"), ("B53", 2, "2 rows"), ("one too few", MIN_ROWS - 1, f"{MIN_ROWS - 1} rows")],
)
def test_too_few_rows_are_refused_with_the_minimum(row, n_rows, said):
    with pytest.raises(PreparationError) as caught:
        default_preparation(ramp(n_rows))
    assert caught.value.received == said, row
    assert f"at least {MIN_ROWS} rows" in caught.value.message


def test_b3_no_rows_are_refused_with_the_minimum():
    with pytest.raises(PreparationError, match="0 rows"):
        default_preparation(ramp(0))


def test_the_first_column_is_the_target_unless_another_is_named():
    series = ramp(60, ("a", "b", "c"))
    assert default_preparation(series).columns == ("a", "b", "c")
    assert default_preparation(series, target="b").columns == ("b", "a", "c")
    assert default_preparation(series, features=()).columns == ("a",)
    assert default_preparation(series, target="c", features=("a",)).columns == ("c", "a")


def test_a_column_that_does_not_exist_is_refused():
    with pytest.raises(SeriesError, match="no column 'z'"):
        default_preparation(ramp(60), features=("z",))
