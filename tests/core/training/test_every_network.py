"""Every kind of network trains through the loop, compiled or not, and its NumPy twin says what Keras says."""

import math

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.forward import attention_weights, forward, parity
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.record import Series
from lstm_core.training import plan
from lstm_core.training.control import Unsteered
from lstm_core.training.events import RunStarted
from lstm_core.training.loop import train
from lstm_core.training.plan import RunSpec, TrainingPlan, settings

TOLERANCE = 1e-5
ALL_STEPS = NetworkSpec(
    layers=(
        LayerSpec(
            cell="gru", units=3, bidirectional=True, normalization="batch", recurrent_dropout=0.2, l2=0.01
        ),
    ),
    attention="dot",
    dense=(DenseSpec(units=4),),
)
LAST_STEP = NetworkSpec(
    layers=(
        LayerSpec(cell="rnn", units=4, normalization="layer", recurrent_dropout=0.2),
        LayerSpec(units=3, normalization="batch", dropout=0.2, recurrent_dropout=0.2, recurrent_l1=0.01),
    )
)


def wave() -> Series:
    values = np.sin(np.arange(120) / 3)[:, None]
    return Series(values=values, index=pd.RangeIndex(120), columns=("y",), name="wave")


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize("network", [ALL_STEPS, LAST_STEP], ids=["all steps", "last step"])
def test_a_training_of_any_network_equals_its_numpy_twin(monkeypatch, network, compiled):
    limit = 0 if compiled else math.inf
    monkeypatch.setattr(plan, "WORTH_COMPILING", limit)
    monkeypatch.setattr(plan, "WORTH_COMPILING_EPOCH", limit)
    series, events = wave(), []
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=4, horizon=2)),
        network=network,
        plan=TrainingPlan(epochs=2, batch_size=32, learning_rate=0.01),
    )
    assert settings(spec, series)["jit_compile"] is compiled
    trained = train(spec, series, emit=events.append, control=Unsteered())
    (started,) = (event for event in events if isinstance(event, RunStarted))
    weights, inputs = trained.weights, trained.prepared.test.inputs
    assert started.n_parameters == sum(array.size for array in weights.to_arrays().values())
    assert parity(forward(network, weights, inputs), trained.keras_test_predictions) < TOLERANCE
    assert all(math.isfinite(ended.val_loss) for ended in trained.history)
    norms = [layer.norm for layer in weights.layers if layer.norm and layer.norm.mean is not None]
    for norm in norms:
        assert np.abs(norm.mean).max() > 0  # the averages of the training, not those it began with
    if network.attention != "none":
        assert attention_weights(network, weights, inputs).sum(axis=1) == pytest.approx(1, abs=1e-6)
