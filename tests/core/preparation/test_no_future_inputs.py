"""Row B115 of BAD_INPUTS.md: a forecast reads inputs of the past only, so none can be missing for the horizon."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series


def prepared(values: np.ndarray, horizon: int):
    series = Series(values=values, index=pd.RangeIndex(len(values)), columns=("y", "x"), name="test")
    spec = PreparationSpec(target="y", features=("x",), window=WindowSpec(length=6, horizon=horizon))
    return prepare(series, spec)


@pytest.mark.parametrize("horizon", [1, 3])
def test_b115_the_inputs_of_a_forecast_end_before_its_horizon(horizon):
    values = np.random.default_rng(1).normal(size=(200, 2))
    changed = values.copy()
    changed[-horizon:, 1] = 1e6
    np.testing.assert_array_equal(
        prepared(values, horizon).test.inputs[-1], prepared(changed, horizon).test.inputs[-1]
    )
    earlier = values.copy()
    earlier[-horizon - 1, 1] = 1e6
    assert (prepared(values, horizon).test.inputs[-1] != prepared(earlier, horizon).test.inputs[-1]).any()
