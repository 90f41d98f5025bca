"""What is chosen so that a training is quick: halves of a batch."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec, TrainingPlan, settings

N_ROWS = 4000


def in_halves(*, units: int = 128, batch: int = 128, epochs: int = 50, **layer) -> bool:
    rows = np.arange(N_ROWS)
    series = Series(
        values=np.sin(rows / 7)[:, None], index=pd.RangeIndex(N_ROWS), columns=("y",), name="wave"
    )
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=24)),
        network=NetworkSpec(layers=(LayerSpec(units=units, **layer),)),
        plan=TrainingPlan(epochs=epochs, batch_size=batch),
    )
    return settings(spec, series)["in_halves"]


def test_large_batches_are_worked_on_in_halves():
    assert in_halves()


@pytest.mark.parametrize(
    "otherwise",
    [
        {"units": 16},  # little work
        {"epochs": 1},  # not compiled
        {"batch": 127},  # no halves of the same size
        {"batch": 4096},  # more than there are windows: never a full batch
        {"dropout": 0.1},
        {"recurrent_dropout": 0.1},
        {"normalization": "batch"},
    ],
    ids=str,
)
def test_others_stay_whole(otherwise):
    assert not in_halves(**otherwise)


def test_layer_normalisation_looks_at_one_window_and_can_be_halved():
    assert in_halves(normalization="layer")
