"""The pinball loss of the recipe against scikit-learn's, and what a network trained with it learns."""

import importlib
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_pinball_loss

from lstm_core.evaluation.forecast import forecast
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.recipe.train import build_loss
from lstm_core.series.record import Series
from lstm_core.training.control import Unsteered
from lstm_core.training.loop import train
from lstm_core.training.plan import RunSpec, TrainingPlan, settings

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("quantile", [0.025, 0.1, 0.5, 0.9])
def test_loss_is_that_of_scikit_learn(quantile):
    importlib.import_module("tensorflow")  # must come before keras
    actual, predicted = RNG.normal(size=(2, 50, 3)).astype(np.float32)
    loss = np.asarray(build_loss({"loss": "pinball", "quantile": quantile})(actual, predicted))
    assert loss.shape == (50,)
    assert loss.mean() == pytest.approx(mean_pinball_loss(actual, predicted, alpha=quantile), rel=1e-5)


def test_other_losses_are_left_to_keras():
    assert build_loss({"loss": "huber", "quantile": 0.1}) == "huber"


def test_network_learns_the_quantile_of_noise():
    values = 50 + 10 * RNG.exponential(size=900)
    series = Series(values=values[:, None], index=pd.RangeIndex(900), columns=("y",), name="noise", unit="kg")
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=3)),
        network=NetworkSpec(layers=(LayerSpec(units=2),)),
        plan=TrainingPlan(epochs=30, learning_rate=0.02, loss="pinball", quantile=0.9),
    )
    trained = train(spec, series, emit=lambda _: None, control=Unsteered())
    predict = partial(forward, spec.network, trained.weights)
    made = forecast(predict, trained.prepared, part="train", label="q90")
    assert np.mean(made.actual <= made.predicted) == pytest.approx(0.9, abs=0.03)
    assert made.predicted.mean() == pytest.approx(50 + 10 * np.log(10), rel=0.05)


def test_runs_without_pinball_keep_their_digest_and_quantiles_have_their_own():
    spec = RunSpec(series_fingerprint="0" * 64, preparation=PreparationSpec(target="y"))
    assert spec.digest == "eef6f6fb4cb8b0878096f72b2e28641f457ba386b192c7d52f1ffb97a12a79a4"
    unused = spec.model_copy(update={"plan": TrainingPlan(quantile=0.9)})
    assert unused.digest == spec.digest
    plans = [TrainingPlan(loss="pinball", quantile=quantile) for quantile in (0.1, 0.9)]
    assert len({spec.digest, *(spec.model_copy(update={"plan": plan}).digest for plan in plans)}) == 3
    series = Series(values=np.arange(200.0)[:, None], index=pd.RangeIndex(200), columns=("y",), name="y")
    assert settings(spec.model_copy(update={"plan": plans[0]}), series)["quantile"] == 0.1
