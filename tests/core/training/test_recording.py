"""What a training writes down beside its losses, on real Keras: true numbers, and none of them changes the training."""

import numpy as np
import pytest

from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import WindowSpec, prepare
from lstm_core.recipe import train as recipe
from lstm_core.training import plan
from lstm_core.training.control import Unsteered
from lstm_core.training.events import ExampleForecast, RunPaused, RunResumed, Wish
from lstm_core.training.example import MOST_ROWS, example
from lstm_core.training.loop import Recording, train
from lstm_core.training.plan import settings
from tests.core.training.test_loop import spec_for, train_quietly, wave


def gradient_by_hand(spec, series) -> float:
    """Length of the gradient of all train windows at the first weights, without the loop."""
    import tensorflow as tf

    prepared = prepare(series, spec.preparation)
    model = recipe.build_network(settings(spec, series))
    windows, targets = prepared.train.inputs, prepared.train.targets
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(windows, training=True) - targets) ** 2) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    return float(np.sqrt(sum((gradient.numpy() ** 2).sum() for gradient in gradients)))


@pytest.mark.parametrize("compiled", [False, True])
def test_the_gradient_is_measured_before_clipping_and_changes_no_number(compiled, monkeypatch):
    if compiled:
        monkeypatch.setattr(plan, "WORTH_COMPILING_EPOCH", 0)
        monkeypatch.setattr(plan, "WORTH_COMPILING", 0)
    series = wave()
    spec = spec_for(series, batch_size=78, clipnorm=0.001, epochs=3)  # one batch an epoch, clipped hard
    spec = spec.model_copy(update={"network": NetworkSpec(layers=(LayerSpec(units=4, l2=0.01),))})
    assert settings(spec, series)["jit_compile"] is compiled
    trained, _ = train_quietly(spec, series)
    bare = train(spec, series, emit=lambda _: None, control=Unsteered(), recording=Recording.NONE)
    assert trained.history[0].gradient_norm == pytest.approx(gradient_by_hand(spec, series), rel=1e-4)
    assert trained.history[0].gradient_norm > 100 * spec.plan.clipnorm
    assert bare.history[0].gradient_norm is bare.history[0].weight_norm is None
    assert [ended.loss for ended in trained.history] == [ended.loss for ended in bare.history]
    for name, held in trained.checkpoint.arrays.items():
        np.testing.assert_array_equal(held, bare.checkpoint.arrays[name], err_msg=name)
    assert list(bare.snapshots.epochs) == sorted({bare.best_epoch, 3})


def shown_when_it_paused(events) -> list[int]:
    """Epoch of the newest forecast of the example that was told before each pause."""
    told = [(at, event.epoch) for at, event in enumerate(events) if isinstance(event, ExampleForecast)]
    pauses = [at for at, event in enumerate(events) if isinstance(event, RunPaused)]
    return [max(epoch for at, epoch in told if at < pause) for pause in pauses]


def test_norms_rates_example_and_snapshots_of_a_steered_training():
    """Pause after 2, one step, go on, and finish after 5: nothing of it changes a number."""
    series = wave()
    spec = spec_for(series, epochs=8, schedule="exponential", decay_epochs=2)
    events = []

    class Steered(Unsteered):
        wished = Wish.GO

        def see(self, event) -> None:
            events.append(event)
            if isinstance(event, RunPaused):
                self.wished = {2: Wish.STEP, 3: Wish.GO}[event.epoch]
            elif event.kind == "epoch" and event.epoch in (2, 5):
                self.wished = {2: Wish.PAUSE, 5: Wish.FINISH}[event.epoch]

        def wish(self) -> Wish:
            return self.wished

    steered = Steered()
    trained = train(spec, series, emit=steered.see, control=steered)
    shorter = spec.model_copy(update={"plan": spec.plan.model_copy(update={"epochs": 5})})
    whole, _ = train_quietly(shorter, series)
    assert [event.epoch for event in events if isinstance(event, RunPaused)] == [2, 3]
    assert sum(isinstance(event, RunResumed) for event in events) == 2
    assert [ended.loss for ended in trained.history] == [ended.loss for ended in whole.history]
    for name, held in trained.checkpoint.arrays.items():
        np.testing.assert_array_equal(held, whole.checkpoint.arrays[name], err_msg=name)
    np.testing.assert_array_equal(
        trained.weights.to_arrays()["head.kernel"], whole.weights.to_arrays()["head.kernel"]
    )
    np.testing.assert_array_equal(trained.keras_test_predictions, whole.keras_test_predictions)

    rates = [ended.learning_rate for ended in trained.history]
    np.testing.assert_allclose(rates, 0.01 * np.exp(-np.arange(5) / 2), rtol=1e-6)
    assert list(trained.snapshots.epochs) == [1, 2, 3, 4, 5]
    for epoch, weights in zip(trained.snapshots.epochs, trained.snapshots.weights, strict=True):
        length = np.sqrt(sum((held.astype(float) ** 2).sum() for held in weights.to_arrays().values()))
        assert trained.history[epoch - 1].weight_norm == pytest.approx(length, rel=1e-5)
    best = trained.snapshots.at(trained.best_epoch).to_arrays()
    for name, held in trained.weights.to_arrays().items():
        np.testing.assert_array_equal(held, best[name])

    told = [event for event in events if isinstance(event, ExampleForecast)]
    shown = example(trained.prepared)
    for event in told:
        predicted = forward(spec.network, trained.snapshots.at(event.epoch), shown.inputs)
        expected = trained.prepared.to_original(predicted, shown.origins).ravel()
        np.testing.assert_allclose(event.values, expected, rtol=1e-6)
    assert told[0].epoch == 1
    assert shown_when_it_paused(events) == [2, 3]
    assert len({event.epoch for event in told}) == len(told)


@pytest.mark.parametrize(
    ("horizon", "stride", "blocks"), [(1, 1, 64), (5, 1, 12), (7, 3, 9), (1, 2, 60), (100, 1, 1)]
)
def test_the_example_tiles_the_end_of_the_validation_part(horizon, stride, blocks):
    series = wave(1200)
    spec = spec_for(series).preparation.model_copy(
        update={"window": WindowSpec(length=6, horizon=horizon, stride=stride)}
    )
    prepared = prepare(series, spec)
    shown, part = example(prepared), prepared.split.validation
    assert len(shown.origins) == len(shown.inputs) == blocks
    assert len(shown.rows) == blocks * horizon <= max(MOST_ROWS, horizon)
    assert (np.diff(shown.rows) > 0).all()
    assert shown.rows[0] >= part.start
    assert part.stop - stride <= shown.rows[-1] < part.stop
    np.testing.assert_array_equal(shown.actual, series.values[shown.rows, 0])
    places = np.searchsorted(prepared.validation.origins, shown.origins)
    np.testing.assert_array_equal(shown.inputs, prepared.validation.inputs[places])
