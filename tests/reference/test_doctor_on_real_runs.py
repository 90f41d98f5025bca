"""The doctor on trainings that really went wrong, and on one that did not: the cause comes first."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.doctor.opening import open_case
from lstm_core.doctor.rules import diagnose
from lstm_core.errors import Diverged
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import prepare
from lstm_core.series.record import Series
from lstm_core.series.samples import load_sample
from lstm_core.training.control import Unsteered
from lstm_core.training.events import RunFailed, RunFinished, fold
from lstm_core.training.loop import train
from lstm_core.training.plan import RunSpec, TrainingPlan

pytestmark = pytest.mark.slow


def keys_after(series, *, units=8, scaling="standard", **plan):
    """Train, and say which findings come out, the first one first."""
    usual = default_preparation(series)
    preparation = usual.model_copy(update={"scaling": ScalingSpec(kind=scaling)})
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=preparation,
        network=NetworkSpec(layers=(LayerSpec(units=units),)),
        plan=TrainingPlan(**{"epochs": 30, **plan}),
    )
    events, weights = [], None
    try:
        trained = train(spec, series, emit=events.append, control=Unsteered())
    except Diverged as end:
        events.append(RunFailed(cause="diverged", message=str(end)))
    else:
        weights = trained.weights
        events.append(
            RunFinished(
                best_epoch=trained.best_epoch, seconds=1.0, windows_per_second=1.0, parity=0.0, scores={}
            )
        )
    case = open_case(spec, fold(events), series, prepare(series, preparation), weights)
    return [finding.rule.key for finding in diagnose(case).findings]


def to_a_million():
    """The sunspots, stretched to 0..1 000 000."""
    sunspots = load_sample("sunspots")
    values = 1e6 * sunspots.values / sunspots.values.max()
    return Series(values=values, index=sunspots.index, columns=sunspots.columns, name="stretched")


def noise():
    values = np.random.default_rng(3).normal(50, 10, 400)[:, None]
    return Series(values=values, index=pd.RangeIndex(400), columns=("y",), name="noise")


def test_unscaled_input_is_the_first_cause():
    keys = keys_after(to_a_million(), scaling="none", epochs=8)
    assert keys[:2] == ["unscaled_input", "constant_forecast"]
    assert "saturated_gates" in keys


def test_a_rate_of_one_is_too_high():
    keys = keys_after(load_sample("sunspots"), learning_rate=1.0)
    assert keys[0] == "rate_too_high"


def test_a_rate_without_brakes_diverges():
    keys = keys_after(load_sample("sunspots"), units=50, learning_rate=1.0, optimizer="sgd", clipnorm=None)
    assert keys[0] == "diverged"
    assert "dead_units" not in keys  # nothing is said of weights that there are not


def test_noise_cannot_be_learned():
    assert keys_after(noise(), epochs=5)[0] == "nothing_to_learn"


def test_a_good_training_is_not_called_ill():
    wave = np.sin(2 * np.pi * np.arange(600) / 12) + 0.1 * np.random.default_rng(0).normal(size=600)
    series = Series(values=wave[:, None], index=pd.RangeIndex(600), columns=("y",), name="wave")
    found = keys_after(series, learning_rate=0.01, epochs=40, patience=None)
    assert not {"unscaled_input", "nothing_to_learn", "rate_too_high", "rate_too_low", "underfitting"} & set(
        found
    )
    assert not {"constant_forecast", "copy_cat", "dead_units", "diverged", "window_too_short"} & set(found)
