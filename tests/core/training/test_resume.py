"""A training that stops at any epoch and goes on elsewhere ends as one that never stopped: bit by bit."""

import numpy as np
import pytest

from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.training import plan
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.control import Paused, Unsteered
from lstm_core.training.events import EpochEnded, ExampleForecast, RunStarted, Wish
from lstm_core.training.example import example
from lstm_core.training.loop import train
from lstm_core.training.plan import settings
from tests.core.training.test_loop import spec_for, wave

CHANCY = NetworkSpec(
    layers=(LayerSpec(units=4, dropout=0.2, recurrent_dropout=0.2), LayerSpec(units=3, l2=0.001))
)
PLANS = {
    "adam": {"optimizer": "adam", "seed": 3},
    "rmsprop, exponential": {"optimizer": "rmsprop", "schedule": "exponential", "restart_every": 3},
    "sgd, cosine": {"optimizer": "sgd", "momentum": 0.9, "schedule": "cosine"},
    # Steps so long that the validation loss goes up and down: rates fall, and patience ends the training.
    "plateau, early stop": {
        "learning_rate": 0.5,
        "schedule": "plateau",
        "plateau_patience": 1,
        "patience": 4,
        "epochs": 30,
    },
}


class StopsAt(Unsteered):
    """Wants a pause from the epoch on, and the slot back; keeps the checkpoint as the store does, as arrays."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.done, self.kept = epoch, 0, {}

    def see(self, event) -> None:
        if isinstance(event, EpochEnded):
            self.done = event.epoch

    def wish(self) -> Wish:
        return Wish.PAUSE if self.done >= self.epoch else Wish.GO

    def save(self, checkpoint: Checkpoint) -> None:
        self.kept = checkpoint.to_arrays()


def train_in_two(spec, series, epoch):
    first = StopsAt(epoch)
    with pytest.raises(Paused):
        train(spec, series, emit=first.see, control=first)
    events = []
    checkpoint = Checkpoint.from_arrays(first.kept)
    assert checkpoint.epoch == epoch
    return train(spec, series, emit=events.append, control=Unsteered(), checkpoint=checkpoint), events


def forecast_of_the_example(spec, trained, epoch):
    shown = example(trained.prepared)
    predicted = forward(spec.network, trained.snapshots.at(epoch), shown.inputs)
    return trained.prepared.to_original(predicted, shown.origins).ravel()


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert one.keys() == other.keys()
    for name, held in one.items():
        np.testing.assert_array_equal(held, other[name], err_msg=name)


@pytest.mark.parametrize("name", PLANS)
def test_a_training_in_two_parts_equals_one_in_one(name):
    series = wave()
    spec = spec_for(series, **({"epochs": 6} | PLANS[name])).model_copy(update={"network": CHANCY})
    whole = train(spec, series, emit=lambda _: None, control=Unsteered())
    if "early" in name:
        assert 5 < len(whole.history) < 30
        assert len({ended.learning_rate for ended in whole.history[:-1]}) > 2
    parts, events = train_in_two(spec, series, 3)
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[1], ExampleForecast), "whoever resumes sees at once where the training stands"
    assert events[1].epoch == 3
    np.testing.assert_allclose(events[1].values, forecast_of_the_example(spec, whole, 3), rtol=1e-6)
    assert events[0].first_epoch == 3
    expected = [ended.model_dump(exclude={"seconds"}) for ended in whole.history[3:]]
    assert [ended.model_dump(exclude={"seconds"}) for ended in parts.history] == expected
    assert parts.history[0].seconds > 0
    assert parts.best_epoch == whole.best_epoch
    assert_same(parts.weights.to_arrays(), whole.weights.to_arrays())
    assert_same(parts.snapshots.to_arrays(), whole.snapshots.to_arrays())
    np.testing.assert_array_equal(parts.keras_test_predictions, whole.keras_test_predictions)
    ends = [trained.checkpoint.to_arrays() for trained in (parts, whole)]
    for end in ends:
        del end["number.seconds"]
    assert_same(*ends)


def test_compiled_trainings_resume_too(monkeypatch):
    monkeypatch.setattr(plan, "WORTH_COMPILING_EPOCH", 0)
    monkeypatch.setattr(plan, "WORTH_COMPILING", 0)
    series = wave()
    spec = spec_for(series, epochs=4).model_copy(update={"network": CHANCY})
    chosen = settings(spec, series)
    assert chosen["jit_compile"]
    assert chosen["steps_per_execution"] > 1
    whole = train(spec, series, emit=lambda _: None, control=Unsteered())
    parts, _ = train_in_two(spec, series, 1)
    assert_same(parts.weights.to_arrays(), whole.weights.to_arrays())
    assert [ended.loss for ended in parts.history] == [ended.loss for ended in whole.history[1:]]


def test_a_finished_training_can_be_made_longer():
    series = wave()
    long = spec_for(series, epochs=5)
    short = long.model_copy(update={"plan": long.plan.model_copy(update={"epochs": 3})})
    whole = train(long, series, emit=lambda _: None, control=Unsteered())
    first = train(short, series, emit=lambda _: None, control=Unsteered())
    assert first.checkpoint.epoch == 3
    kept = Checkpoint.from_arrays(first.checkpoint.to_arrays())
    longer = train(long, series, emit=lambda _: None, control=Unsteered(), checkpoint=kept)
    assert_same(longer.weights.to_arrays(), whole.weights.to_arrays())


@pytest.mark.parametrize("changes", [{}, {"learning_rate": 0.5, "patience": 2, "epochs": 30}])
def test_a_training_that_was_over_gives_its_result_again(changes):
    """A worker that was lost after the last epoch, before the result was stored."""
    series = wave()
    spec = spec_for(series, **changes)
    whole = train(spec, series, emit=lambda _: None, control=Unsteered())
    kept = Checkpoint.from_arrays(whole.checkpoint.to_arrays())
    again = train(spec, series, emit=lambda _: None, control=Unsteered(), checkpoint=kept)
    assert again.history == ()
    assert again.best_epoch == whole.best_epoch
    assert_same(again.weights.to_arrays(), whole.weights.to_arrays())
    assert_same(again.snapshots.to_arrays(), whole.snapshots.to_arrays())
    np.testing.assert_array_equal(again.keras_test_predictions, whole.keras_test_predictions)
