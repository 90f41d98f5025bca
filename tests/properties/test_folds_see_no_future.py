"""No fold of a backtest may know a row after its end: change the future, and earlier folds stay the same bit by bit."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import PARTS
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series
from lstm_core.study.backtest import fold_trials
from lstm_core.study.folds import FoldSpec
from lstm_core.training.plan import RunSpec

N_ROWS = 150


def series_of(values: np.ndarray) -> Series:
    index = pd.date_range("2000-01-01", periods=N_ROWS, freq="MS")
    return Series(values=values, index=index, columns=("y", "x"), name="pair", period=1)


@settings(max_examples=25)
@given(
    row=st.integers(0, N_ROWS - 1),
    value=st.floats(0.1, 1e6),
    column=st.integers(0, 1),
    n_folds=st.integers(2, 6),
    rows=st.integers(3, 12),
    train=st.sampled_from(["expanding", "sliding"]),
    transform=st.sampled_from([TransformSpec(), TransformSpec(power="log", difference=1)]),
    scaling=st.sampled_from(["minmax", "standard", "robust"]),
)
def test_a_later_value_changes_nothing_that_an_earlier_fold_is_given(
    row, value, column, n_folds, rows, train, transform, scaling
):
    values = np.random.default_rng(1).gamma(4, size=(N_ROWS, 2))
    changed = values.copy()
    changed[row, column] = values[row, column] + value
    preparation = PreparationSpec(
        target="y",
        features=("x",),
        transform=transform,
        scaling=ScalingSpec(kind=scaling),
        window=WindowSpec(length=5, horizon=2),
    )
    folds = FoldSpec(n_folds=n_folds, rows=rows, train=train)
    before, after = (
        fold_trials(RunSpec(series_fingerprint="", preparation=preparation), series_of(one), folds)
        for one in (values, changed)
    )
    for number, (one, other) in enumerate(zip(before, after, strict=True), start=1):
        end = N_ROWS - (n_folds - number) * rows
        assert one.series.index[-1] == series_of(values).index[end - 1]
        if end <= row:
            assert other.spec == one.spec
            assert other.series.fingerprint == one.series.fingerprint
            first, second = (prepare(each.series, each.spec.preparation) for each in (one, other))
            np.testing.assert_array_equal(first.scaler.centre, second.scaler.centre)
            np.testing.assert_array_equal(first.scaler.spread, second.scaler.spread)
            for part in PARTS:
                np.testing.assert_array_equal(first.part(part).inputs, second.part(part).inputs)
                np.testing.assert_array_equal(first.part(part).targets, second.part(part).targets)
        elif row in range(end - len(one.series.values), end):
            assert other.series.fingerprint != one.series.fingerprint
