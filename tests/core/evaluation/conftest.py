"""Small prepared series for the rooms of evaluation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series

Make = Callable[..., Prepared]


@pytest.fixture
def make_prepared() -> Make:
    """Prepare a column of numbers: `make_prepared(values, length=, horizon=, stride=, kind=, others=)`."""

    def make(values, *, length=5, horizon=1, stride=1, kind="standard", others=()):
        columns = ("y", *(f"x{number}" for number in range(len(others))))
        series = Series(
            values=np.column_stack([values, *others]),
            index=pd.RangeIndex(len(values)),
            columns=columns,
            name="made",
        )
        spec = PreparationSpec(
            target="y",
            features=columns[1:],
            scaling=ScalingSpec(kind=kind),
            window=WindowSpec(length=length, horizon=horizon, stride=stride),
        )
        return prepare(series, spec)

    return make
