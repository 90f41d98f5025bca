"""New rows, prepared with what was learned from the old ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from lstm_core.errors import PreparationError, SeriesError
from lstm_core.preparation.carry_over import carry_over
from lstm_core.preparation.transform import TransformSpec
from lstm_core.series.record import Series
from tests.core.preparation.test_histories import TRANSFORMS, ready


def series_of(values: np.ndarray, columns: tuple[str, ...] = ("target", "other")) -> Series:
    return Series(values=values, index=pd.RangeIndex(len(values)), columns=columns, name="new", unit="m")


@given(TRANSFORMS)
def test_the_rows_of_the_training_give_its_very_windows(transform: TransformSpec) -> None:
    old = ready(transform)
    new = carry_over(old, series_of(old.values))
    n_test = len(old.test)
    np.testing.assert_array_equal(new.test.inputs[-n_test:], old.test.inputs)
    np.testing.assert_array_equal(new.test.targets[-n_test:], old.test.targets)
    np.testing.assert_array_equal(new.test.origins[-n_test:], old.test.origins)
    said = np.random.default_rng(0).normal(size=(n_test, 3)).astype(np.float32) / 10
    np.testing.assert_array_equal(
        new.to_original(said, new.test.origins[-n_test:]), old.to_original(said, old.test.origins)
    )


@given(TRANSFORMS)
def test_nothing_is_learned_from_new_rows(transform: TransformSpec) -> None:
    old = ready(transform)
    new = carry_over(old, series_of(old.values * 1.5 + 1))
    assert new.scaler is old.scaler
    assert (new.transform.exponent, new.transform.size) == (old.transform.exponent, old.transform.size)
    assert len(new.train) == len(new.validation) == 0


def test_every_window_that_fits_is_there() -> None:
    old = ready(TransformSpec(difference=1))  # length 6, horizon 3, one row lost
    assert carry_over(old, series_of(old.values[:10])).test.origins.tolist() == [7]
    assert carry_over(old, series_of(old.values[:12])).test.origins.tolist() == [7, 8, 9]


def test_too_few_rows_say_how_many_are_needed() -> None:
    old = ready(TransformSpec(difference=1))
    with pytest.raises(PreparationError, match="at least 10"):
        carry_over(old, series_of(old.values[:9]))


def test_values_without_a_logarithm_are_refused() -> None:
    old = ready(TransformSpec(power="log"))
    with pytest.raises(PreparationError, match="logarithm"):
        carry_over(old, series_of(old.values - 5))


def test_a_column_that_is_not_there_is_named() -> None:
    old = ready(TransformSpec())
    with pytest.raises(SeriesError, match="other"):
        carry_over(old, series_of(old.values, columns=("target", "else")))
