"""The loop around Keras, on real Keras: events, best weights, early stop, cancel, divergence, repeatability."""

import itertools
import json
import subprocess
import sys
from functools import partial

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import Diverged, PreparationError
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.recipe import train as recipe
from lstm_core.series.record import Series
from lstm_core.training import witness
from lstm_core.training.control import Unsteered
from lstm_core.training.events import EpochEnded, Progress, RunStarted, Wish, fold
from lstm_core.training.loop import Cancelled, train
from lstm_core.training.plan import RunSpec, TrainingPlan, settings


def wave(n_rows: int = 120) -> Series:
    noise = np.random.default_rng(0).normal(0, 0.1, n_rows)
    values = (np.sin(np.arange(n_rows) / 3) + noise)[:, None]
    return Series(values=values, index=pd.RangeIndex(n_rows), columns=("y",), name="wave")


def spec_for(series: Series, *, units: int = 4, length: int = 6, activation: str = "tanh", **plan) -> RunSpec:
    return RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=length)),
        network=NetworkSpec(layers=(LayerSpec(units=units, activation=activation),)),
        plan=TrainingPlan(**{"epochs": 4, "batch_size": 16, "learning_rate": 0.01, **plan}),
    )


def train_quietly(spec: RunSpec, series: Series):
    events = []
    trained = train(spec, series, emit=events.append, control=Unsteered())
    return trained, events


class CancelledAtOnce(Unsteered):
    """A control that wants the training to end."""

    def wish(self) -> Wish:
        return Wish.CANCEL


def test_events_tell_the_whole_training_in_order():
    series = wave()
    trained, events = train_quietly(spec_for(series), series)
    assert events[0] == RunStarted(
        n_parameters=4 * 4 * (4 + 1 + 1) + 5, n_train=78, n_validation=12, n_test=24, epochs=4
    )
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    assert [ended.epoch for ended in epochs] == [1, 2, 3, 4]
    assert trained.history == tuple(epochs)
    assert all(a.seconds < b.seconds for a, b in itertools.pairwise(epochs))
    assert epochs[-1].loss < epochs[0].loss
    assert fold(events).best_epoch == trained.best_epoch
    assert trained.seconds == epochs[-1].seconds
    assert trained.windows_per_second == pytest.approx(
        78 * 3 / (epochs[-1].seconds - epochs[0].seconds), rel=1e-9
    )


@pytest.mark.parametrize("patience", [None, 2])
def test_weights_are_those_of_the_best_epoch(patience):
    """Too long a step: the validation loss goes up and down, so the last epoch is not the best."""
    series = wave()
    spec = spec_for(series, epochs=12, learning_rate=1.0, clipnorm=None, seed=1, patience=patience)
    trained, _ = train_quietly(spec, series)
    best = min(trained.history, key=lambda ended: ended.val_loss)
    assert best.epoch == trained.best_epoch < len(trained.history)
    if patience is None:
        assert len(trained.history) == 12
    else:
        assert len(trained.history) == best.epoch + patience
    validation = trained.prepared.validation
    errors = forward(spec.network, trained.weights, validation.inputs) - validation.targets
    assert np.mean(errors**2) == pytest.approx(best.val_loss, rel=1e-4)


def test_keras_predictions_equal_the_forward_pass_by_hand():
    series = wave()
    spec = spec_for(series)
    trained, _ = train_quietly(spec, series)
    by_hand = partial(forward, spec.network, trained.weights)(trained.prepared.test.inputs)
    assert trained.keras_test_predictions.shape == (24, 1)
    np.testing.assert_allclose(trained.keras_test_predictions, by_hand, atol=1e-5)


def test_cancel_takes_effect_at_the_next_execution():
    series = wave(250)
    asked = []

    class CancelledAtTheThird(Unsteered):
        def wish(self) -> Wish:
            asked.append(True)
            return Wish.CANCEL if len(asked) == 3 else Wish.GO

    events = []
    spec = spec_for(series, batch_size=1, length=100, units=64, epochs=50)
    assert settings(spec, series)["steps_per_execution"] < 60  # an epoch is several executions
    with pytest.raises(Cancelled):
        train(spec, series, emit=events.append, control=CancelledAtTheThird())
    assert len(asked) == 3


def test_a_slot_trains_on_after_a_cancelled_and_a_diverged_training():
    series = wave()
    before, _ = train_quietly(spec_for(series), series)
    with pytest.raises(Cancelled):
        train(spec_for(series, seed=1), series, emit=lambda _: None, control=CancelledAtOnce())
    after, _ = train_quietly(spec_for(series), series)
    np.testing.assert_array_equal(before.weights.head.kernel, after.weights.head.kernel)
    np.testing.assert_array_equal(before.keras_test_predictions, after.keras_test_predictions)
    assert [ended.loss for ended in before.history] == [ended.loss for ended in after.history]


def test_divergence_stops_at_once_and_keeps_the_curve():
    """B120: sgd without a limit on linear-looking relu cells explodes."""
    series = wave()
    spec = spec_for(
        series,
        activation="relu",
        optimizer="sgd",
        learning_rate=1.0,
        clipnorm=None,
        epochs=50,
        length=24,
        units=32,
    )
    events = []
    with pytest.raises(Diverged) as caught:
        train(spec, series, emit=events.append, control=Unsteered())
    told = [event for event in events if isinstance(event, EpochEnded)]
    assert caught.value.epoch == len(told) + 1 < 50
    assert all(np.isfinite([ended.loss, ended.val_loss]).all() for ended in told)


def test_progress_is_told_between_epochs_but_not_more_often_than_agreed(monkeypatch):
    series = wave(250)
    spec = spec_for(series, batch_size=1, length=100, units=64, epochs=1)
    monkeypatch.setattr(witness, "SIGN_OF_LIFE", 0.0)
    _, events = train_quietly(spec, series)
    shares = [event.share for event in events if isinstance(event, Progress)]
    assert len(shares) >= 2
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    monkeypatch.setattr(witness, "SIGN_OF_LIFE", 1e9)
    _, events = train_quietly(spec, series)
    assert not [event for event in events if isinstance(event, Progress)]


def test_a_window_that_does_not_fit_is_refused_before_keras_builds_anything():
    series = wave()
    with pytest.raises(PreparationError):
        train_quietly(spec_for(series, length=100), series)


def test_xla_and_batches_per_execution_change_the_speed_not_the_numbers():
    """Same seed, same order of windows; XLA adds in another order, hence the tolerance."""
    series = wave()
    trained, _ = train_quietly(spec_for(series), series)
    chosen = settings(spec_for(series), series)
    assert chosen["jit_compile"] is False
    values = trained.prepared.values
    _, curves, forecast, prepared = recipe.run(
        values, {**chosen, "jit_compile": True, "steps_per_execution": 3}
    )
    assert curves["loss"] == pytest.approx([ended.loss for ended in trained.history], rel=1e-4)
    scaled = (forecast - prepared["centre"][0]) / prepared["spread"][0]
    np.testing.assert_allclose(scaled, trained.keras_test_predictions, atol=1e-4)


IN_A_FRESH_PROCESS = """
from tests.core.training.test_loop import chancy
print(chancy())
"""


def chancy() -> str:
    """Numbers of a training with every source of chance in play: weights, order of windows, both kinds of dropout."""
    series = wave()
    layers = (LayerSpec(units=4, dropout=0.2, recurrent_dropout=0.2), LayerSpec(units=3))
    spec = spec_for(series, seed=7).model_copy(update={"network": NetworkSpec(layers=layers)})
    trained, _ = train_quietly(spec, series)
    losses = [[ended.loss.hex(), ended.val_loss.hex()] for ended in trained.history]
    return json.dumps([losses, trained.keras_test_predictions.tolist()])


def test_the_same_seed_gives_the_same_bits_in_another_process():
    done = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.splitlines()[-1] == chancy()
