"""The loop around Keras: the recipe, run for a spec, told as events. Only a worker process calls it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.errors import CoreError, Diverged
from lstm_core.network.weights import Weights
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared, prepare
from lstm_core.recipe import train as recipe
from lstm_core.series.record import Series
from lstm_core.training.events import EpochEnded, Event, Progress, RunStarted
from lstm_core.training.plan import RunSpec, settings

if TYPE_CHECKING:
    import keras

SIGN_OF_LIFE = 1.0
"""Seconds between two `Progress` events, at least."""


class Cancelled(CoreError):
    """`should_stop` said yes: the training ended early and has no result. Not a failure."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A finished training.

    Attributes
    ----------
    weights : of the best epoch
    keras_test_predictions : (sample, horizon) float32, scaled, what Keras itself says about the test windows
    prepared : what the network was trained on
    history : one event per epoch, oldest first
    best_epoch : counted from 1, the first one with the lowest validation loss
    seconds : from the first batch's start to the last epoch's end, compiling included
    windows_per_second : train windows per second of training and validating, in the epochs after the first
        (which compiles); of the only epoch when there is but one
    """

    weights: Weights
    keras_test_predictions: HorizonValues
    prepared: Prepared
    history: tuple[EpochEnded, ...]
    best_epoch: int
    seconds: float
    windows_per_second: float


def train(
    spec: RunSpec, series: Series, *, emit: Callable[[Event], None], should_stop: Callable[[], bool]
) -> Trained:
    """Train the network of `spec` on `series`, through the same functions that the exported script holds.

    Emits one `RunStarted`, then one `EpochEnded` per epoch with at most one `Progress` a second between them.
    How a run ends is the caller's to tell. `should_stop` is asked after every execution: one to some dozens of
    batches, a fraction of a second.

    Raises
    ------
    Cancelled
        If `should_stop` said yes.
    Diverged
        If a loss is NaN or infinite; the events of the epochs before stand.
    UserError
        If the spec does not fit the series.
    """
    import keras

    prepared = prepare(series, spec.preparation)
    chosen = settings(spec, series)
    arrays = {part: _arrays(prepared, part) for part in PARTS}
    keras.utils.clear_session()  # a warm slot forgets the last run's network
    model = recipe.build_network(chosen)
    emit(
        RunStarted(
            n_parameters=model.count_params(),
            n_train=len(prepared.train),
            n_validation=len(prepared.validation),
            n_test=len(prepared.test),
            epochs=chosen["epochs"],
        )
    )
    witness = _Witness(emit, should_stop, n_batches=math.ceil(len(prepared.train) / chosen["batch_size"]))
    recipe.train_network(model, arrays, chosen, [_callback(witness)])
    history = tuple(witness.history)
    return Trained(
        weights=Weights.from_keras(spec.network, model.get_weights()),
        keras_test_predictions=recipe.predict_part(model, arrays, "test"),
        prepared=prepared,
        history=history,
        best_epoch=min(history, key=lambda ended: ended.val_loss).epoch,
        seconds=history[-1].seconds,
        windows_per_second=_windows_per_second(len(prepared.train), history),
    )


class _Witness:
    """Sees every execution and every epoch: tells them as events, and stops the training by raising."""

    def __init__(
        self, emit: Callable[[Event], None], should_stop: Callable[[], bool], *, n_batches: int
    ) -> None:
        self.emit, self.should_stop, self.n_batches = emit, should_stop, n_batches
        self.history: list[EpochEnded] = []
        self.began = self.told = monotonic()

    def see_execution(self, batch: int, loss: float) -> None:
        """`batch`: the last one done, from 0; `loss`: mean of the epoch so far, so NaN never leaves it again."""
        self.stop_if_asked()
        if not math.isfinite(loss):
            raise Diverged(len(self.history) + 1)
        now = monotonic()
        if now - self.told >= SIGN_OF_LIFE:
            self.told = now
            share = min((batch + 1) / self.n_batches, 1.0)
            self.emit(Progress(epoch=len(self.history) + 1, share=share, seconds=now - self.began))

    def see_epoch(self, loss: float, val_loss: float) -> None:
        """Both losses of the epoch that has just ended."""
        epoch = len(self.history) + 1
        if not (math.isfinite(loss) and math.isfinite(val_loss)):
            raise Diverged(epoch)
        self.told = monotonic()
        self.history.append(
            EpochEnded(epoch=epoch, loss=loss, val_loss=val_loss, seconds=self.told - self.began)
        )
        self.emit(self.history[-1])

    def stop_if_asked(self) -> None:
        """Leave the training, now."""
        if self.should_stop():
            raise Cancelled("The training was stopped.")


def _callback(witness: _Witness) -> "keras.callbacks.Callback":
    """Show Keras' hooks to a witness."""
    import keras

    class Callback(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            witness.see_execution(batch, logs["loss"])

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
            witness.stop_if_asked()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
            witness.see_epoch(float(logs["loss"]), float(logs["val_loss"]))

    return Callback()


def _arrays(prepared: Prepared, part: Part) -> tuple[WindowInputs, HorizonValues, SampleRows]:
    windows = prepared.part(part)
    return windows.inputs, windows.targets, windows.origins


def _windows_per_second(n_train: int, history: tuple[EpochEnded, ...]) -> float:
    if len(history) == 1:
        return n_train / max(history[0].seconds, 1e-9)
    spent = history[-1].seconds - history[0].seconds
    return n_train * (len(history) - 1) / max(spent, 1e-9)
