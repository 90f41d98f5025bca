"""Nothing after the split point reaches the training: scaler, train windows and train losses stay equal bit by bit."""

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import split
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.record import Series
from lstm_core.training.control import Unsteered
from lstm_core.training.loop import Trained, train
from lstm_core.training.plan import RunSpec, TrainingPlan

N_ROWS = 80
PREPARATION = PreparationSpec(
    target="y", features=("x",), scaling=ScalingSpec(kind="minmax"), window=WindowSpec(length=5, horizon=2)
)
# The validation part may choose another best epoch, and with patience another last one: that is its task.
PLAN = TrainingPlan(epochs=2, patience=None, learning_rate=0.01)


def series_with(values: np.ndarray) -> Series:
    return Series(values=values, index=pd.RangeIndex(N_ROWS), columns=("y", "x"), name="pair")


def original() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(N_ROWS, 2))


def train_on(values: np.ndarray) -> Trained:
    series = series_with(values)
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PREPARATION,
        network=NetworkSpec(layers=(LayerSpec(units=3, dropout=0.2, recurrent_dropout=0.1),)),
        plan=PLAN,
    )
    return train(spec, series, emit=lambda _: None, control=Unsteered())


@cache
def untouched() -> Trained:
    return train_on(original())


TRAIN_END = split(series_with(original()), PREPARATION.split).train.stop


@settings(max_examples=4)
@given(
    row=st.integers(TRAIN_END, N_ROWS - 1),
    column=st.integers(0, 1),
    value=st.floats(-1e6, 1e6, allow_nan=False),
)
def test_a_value_after_the_split_changes_no_scaler_no_train_window_and_no_train_loss(row, column, value):
    values = original()
    values[row, column] = value
    before, after = untouched(), train_on(values)
    np.testing.assert_array_equal(before.prepared.scaler.centre, after.prepared.scaler.centre)
    np.testing.assert_array_equal(before.prepared.scaler.spread, after.prepared.scaler.spread)
    np.testing.assert_array_equal(before.prepared.train.inputs, after.prepared.train.inputs)
    np.testing.assert_array_equal(before.prepared.train.targets, after.prepared.train.targets)
    assert [ended.loss.hex() for ended in before.history] == [ended.loss.hex() for ended in after.history]


def test_a_value_before_the_split_does_change_the_train_loss():
    """The property above could not fail if losses did not depend on the series at all."""
    values = original()
    values[TRAIN_END - 1, 0] += 0.5
    assert train_on(values).history[0].loss != untouched().history[0].loss
