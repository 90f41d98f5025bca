"""Histories: the same inputs and the same way back as the windows they are the histories of."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.errors import PreparationError
from lstm_core.preparation.histories import from_outputs, histories, to_inputs
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, prepare
from lstm_core.series.record import Series

TRANSFORMS = st.builds(
    TransformSpec,
    power=st.sampled_from(["none", "log", "box-cox"]),
    difference=st.sampled_from([0, 1]),
    seasonal_lag=st.sampled_from([None, 5]),
)


def ready(transform: TransformSpec, *, horizon: int = 3) -> Prepared:
    values = np.exp(np.random.default_rng(1).normal(size=(120, 2)).cumsum(axis=0) / 10) + 1
    series = Series(
        values=values,
        index=pd.RangeIndex(120),
        columns=("target", "other"),
        name="walk",
        unit="m",
        step="row",
    )
    chosen = PreparationSpec.model_validate(
        {
            "target": "target",
            "features": ("other",),
            "transform": transform,
            "window": {"length": 6, "horizon": horizon},
        }
    )
    return prepare(series, chosen)


@given(TRANSFORMS)
def test_histories_of_windows_give_their_inputs_to_the_last_bit(transform: TransformSpec) -> None:
    prepared = ready(transform)
    inputs = to_inputs(prepared, histories(prepared, prepared.test.origins))
    np.testing.assert_array_equal(inputs, prepared.test.inputs)


@given(TRANSFORMS)
def test_forecasts_come_back_as_those_of_the_windows_do(transform: TransformSpec) -> None:
    prepared, rng = ready(transform, horizon=7), np.random.default_rng(2)
    said = rng.normal(size=prepared.test.targets.shape).astype(np.float32) / 10
    back = from_outputs(prepared, said, histories(prepared, prepared.test.origins))
    np.testing.assert_allclose(back, prepared.to_original(said, prepared.test.origins), rtol=1e-12)


@given(TRANSFORMS)
def test_the_targets_of_a_history_come_back_as_the_truth(transform: TransformSpec) -> None:
    """The way back is the inverse of the way there: what the recipe asks for is what came true."""
    prepared = ready(transform)
    back = from_outputs(prepared, prepared.test.targets, histories(prepared, prepared.test.origins))
    rows = prepared.test.origins[:, None] + np.arange(3)
    np.testing.assert_allclose(back, prepared.values[rows, 0], rtol=1e-4)  # targets are float32


def test_the_row_behind_the_last_is_an_origin_too() -> None:
    prepared = ready(TransformSpec())
    newest = histories(prepared, np.array([120]))
    np.testing.assert_array_equal(newest[0], prepared.values[-6:])


def test_a_change_of_a_history_leaves_the_series_alone() -> None:
    prepared = ready(TransformSpec())
    before = prepared.values.copy()
    histories(prepared, prepared.test.origins)[:] = 0
    np.testing.assert_array_equal(prepared.values, before)


def test_too_few_rows_before_an_origin_are_refused() -> None:
    with pytest.raises(PreparationError, match="reads 7 rows"):
        histories(ready(TransformSpec(difference=1)), np.array([6]))


def test_a_value_without_a_logarithm_is_refused() -> None:
    prepared = ready(TransformSpec(power="log"))
    known = histories(prepared, prepared.test.origins[:1])
    known[0, 2, 0] = 0
    with pytest.raises(PreparationError, match="needs values above 0"):
        to_inputs(prepared, known)
