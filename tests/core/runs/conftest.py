"""Series, specs and stores for the tests of the run engine."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series, Step
from lstm_core.training.plan import RunSpec, TrainingPlan


@pytest.fixture
def series():
    """120 points of a noisy sine, with dates and a history."""
    time = np.arange(120)
    values = np.sin(time / 6) + np.random.default_rng(0).normal(0, 0.1, time.size)
    return Series(
        values=values[:, None],
        index=pd.date_range("2010-01-01", periods=time.size, freq="MS"),
        columns=("y",),
        name="sine",
        unit="V",
        step="1 month",
        period=12,
        steps=(Step(name="sort", count=2, detail="Two rows were moved."),),
    )


@pytest.fixture
def spec(series):
    """A run small enough to be over within seconds."""
    return RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=6)),
        network=NetworkSpec(layers=(LayerSpec(units=4),)),
        plan=TrainingPlan(epochs=4, patience=None),
    )


@pytest.fixture
def store(tmp_path):
    """A SQLite store of its own."""
    return SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
