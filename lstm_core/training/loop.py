"""The loop around Keras: the recipe, run for a spec, told as events. Only a worker process calls it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.network.weights import Weights
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared, prepare
from lstm_core.recipe import train as recipe
from lstm_core.series.record import Series
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.control import Cancelled, Control, Enough
from lstm_core.training.events import EpochEnded, Event, RunStarted
from lstm_core.training.oven import Oven
from lstm_core.training.plan import RunSpec, settings
from lstm_core.training.recorder import Recorder, Recording, callback
from lstm_core.training.snapshots import Snapshots
from lstm_core.training.witness import Witness

__all__ = ["Cancelled", "Recording", "Trained", "train"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A finished training.

    Attributes
    ----------
    weights : of the best epoch
    keras_test_predictions : (sample, horizon) float32, scaled, what Keras itself says about the test windows
    prepared : what the network was trained on
    history : one event per epoch, oldest first; without those before the checkpoint that the training went on from
    best_epoch : counted from 1, the first one with the lowest validation loss
    seconds : from the first batch's start to the last epoch's end, compiling included, standing still excluded
    windows_per_second : train windows per second of training and validating, in the epochs after the first
        (which compiles); of the only epoch when there is but one
    snapshots : weights of some epochs, the first, the best and the last among them
    checkpoint : of the last epoch, from which the training could go on
    """

    weights: Weights
    keras_test_predictions: HorizonValues
    prepared: Prepared
    history: tuple[EpochEnded, ...]
    best_epoch: int
    seconds: float
    windows_per_second: float
    snapshots: Snapshots
    checkpoint: Checkpoint


def train(
    spec: RunSpec,
    series: Series,
    *,
    emit: Callable[[Event], None],
    control: Control,
    checkpoint: Checkpoint | None = None,
    recording: Recording = Recording.ALL,
) -> Trained:
    """Train the network of `spec` on `series`, through the same functions that the exported script holds.

    Emits one `RunStarted`, then one `EpochEnded` per epoch with at most one `Progress` a second between them, and
    now and then an `ExampleForecast`. How a run ends is the caller's to tell. Wishes are asked for after every
    execution: one to some dozens of batches, a fraction of a second.

    Parameters
    ----------
    checkpoint : of a training of the same network that is to go on; the result is the one it would have had
    recording : what is written down beside the losses; less of it saves a little time and changes no number

    Raises
    ------
    Cancelled
        If that was the wish, or to finish before the first epoch was over.
    Paused
        If the training stood still and its slot was wanted.
    Diverged
        If a loss is NaN or infinite; the events of the epochs before stand.
    UserError
        If the spec does not fit the series.
    """
    prepared = prepare(series, spec.preparation)
    chosen = settings(spec, series)
    arrays = {part: _arrays(prepared, part) for part in PARTS}
    oven = Oven(chosen, spec.network)
    before = checkpoint.numbers["seconds"] if checkpoint else 0.0
    witness = Witness(
        emit,
        control,
        n_batches=math.ceil(len(prepared.train) / chosen["batch_size"]),
        epoch=checkpoint.epoch if checkpoint else 0,
        seconds=before,
    )
    emit(_started(oven, prepared, epochs=chosen["epochs"], first_epoch=witness.epoch))
    recorder = Recorder(spec, prepared, oven, witness, recording)
    _fit(recorder, oven, arrays, chosen, checkpoint)
    history = tuple(witness.history)
    return Trained(
        weights=oven.now,
        keras_test_predictions=recipe.predict_part(oven.model, arrays, "test"),
        prepared=prepared,
        history=history,
        best_epoch=oven.best_epoch or witness.epoch,
        seconds=history[-1].seconds if history else witness.seconds,
        windows_per_second=_windows_per_second(len(prepared.train), history, before),
        snapshots=recorder.newest.snapshots,
        checkpoint=recorder.newest,
    )


def _fit(
    recorder: Recorder, oven: Oven, arrays: dict[str, tuple], chosen: dict, checkpoint: Checkpoint | None
) -> None:
    """Train until the end, and leave the network with the weights of its best epoch."""
    epochs_done = 0
    if checkpoint is not None:
        oven.put_back(checkpoint)
        oven.remind(checkpoint)
        recorder.go_on_from(checkpoint)
        epochs_done = chosen["epochs"] if oven.is_done else checkpoint.epoch
    if epochs_done >= chosen["epochs"]:
        oven.restore_best()
        return
    try:
        recipe.train_network(
            oven.model, arrays, chosen, [*oven.rules, callback(recorder, checkpoint)], epochs_done
        )
    except Enough:
        oven.restore_best()


def _started(oven: Oven, prepared: Prepared, *, epochs: int, first_epoch: int) -> RunStarted:
    return RunStarted(
        n_parameters=oven.model.count_params(),
        n_train=len(prepared.train),
        n_validation=len(prepared.validation),
        n_test=len(prepared.test),
        epochs=epochs,
        first_epoch=first_epoch,
    )


def _arrays(prepared: Prepared, part: Part) -> tuple[WindowInputs, HorizonValues, SampleRows]:
    windows = prepared.part(part)
    return windows.inputs, windows.targets, windows.origins


def _windows_per_second(n_train: int, history: tuple[EpochEnded, ...], before: float) -> float:
    if not history:
        return 0.0
    if len(history) == 1:
        return n_train / max(history[0].seconds - before, 1e-9)
    spent = history[-1].seconds - history[0].seconds
    return n_train * (len(history) - 1) / max(spent, 1e-9)
