"""The recorder of a training: measures every epoch, keeps snapshots and checkpoints, shows the example."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from lstm_core.network.forward import forward
from lstm_core.preparation.windows import Prepared
from lstm_core.training.allowance import Allowance
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import ExampleForecast
from lstm_core.training.example import example, in_original_units
from lstm_core.training.gradients import GradientNorm
from lstm_core.training.oven import Oven
from lstm_core.training.plan import RunSpec
from lstm_core.training.snapshots import Album
from lstm_core.training.witness import Witness

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is written down while a network trains, beside its losses."""

    norms: bool = True
    snapshots: bool = True
    example: bool = True

    ALL: ClassVar["Recording"]
    NONE: ClassVar["Recording"]


Recording.ALL = Recording()
Recording.NONE = Recording(norms=False, snapshots=False, example=False)


class Recorder:
    """Looks at the network at the end of every epoch, as often as little time allows.

    Attributes
    ----------
    newest : checkpoint of the newest epoch that was copied; the last one of a training always is
    """

    def __init__(
        self, spec: RunSpec, prepared: Prepared, oven: Oven, witness: Witness, recording: Recording
    ) -> None:
        self._spec, self._prepared, self._recording = spec, prepared, recording
        self._example = example(prepared)
        self.oven, self.witness = oven, witness
        self._gradient = GradientNorm(oven.model.optimizer) if recording.norms else None
        self._album = Album()
        self._rate: float | None = None
        self._shown = 0
        self._showing = Allowance(share=0.02, spacing=0.5)
        self._copying = Allowance(share=0.005)
        self.newest: Checkpoint

    def go_on_from(self, checkpoint: Checkpoint) -> None:
        """Take over what was kept before, and tell where the training stands."""
        self._album = Album(checkpoint.snapshots, stride=int(checkpoint.numbers["stride"]))
        self.newest = checkpoint
        self._show()

    def begin_epoch(self) -> None:
        """Note the learning rate that the schedule has set."""
        self._rate = self.oven.learning_rate

    def end_epoch(self, loss: float, val_loss: float) -> None:
        """Measure, tell, keep; stand still if that is the wish."""
        gradient = self._gradient.take() if self._gradient else None
        norm = self.oven.weight_norm if self._gradient else None
        self.witness.see_epoch(
            loss=loss, val_loss=val_loss, learning_rate=self._rate, gradient_norm=gradient, weight_norm=norm
        )
        epoch = self.witness.epoch
        if self._recording.snapshots and self._album.wants(epoch):
            self._album.add(epoch, self.oven.now)
        is_last = self.oven.model.stop_training or epoch == self._spec.plan.epochs
        if is_last or self._showing.is_due:
            self._show()
        if is_last or self._copying.is_due:
            with self._copying.spend():
                self._take()
        if not is_last:
            self.witness.rest(self._take, self._show)

    def _take(self) -> Checkpoint:
        """Copy the state at the end of the newest epoch, unless that has been done."""
        epoch, best = self.witness.epoch, self.oven.best_epoch
        if self.witness.kept == epoch:
            return self.newest
        arrays, numbers = self.oven.take()
        extra = {epoch: self.oven.now}
        if best is not None:
            extra[best] = self.oven.best
        self.witness.kept = epoch
        self.newest = Checkpoint(
            epoch=epoch,
            arrays=arrays,
            numbers=numbers | {"stride": self._album.stride, "seconds": self.witness.seconds},
            snapshots=self._album.snapshots(extra),
        )
        return self.newest

    def _show(self) -> None:
        """Tell the forecast of the example at the newest epoch, unless that has been done."""
        epoch = self.witness.epoch
        if not self._recording.example or self._shown == epoch:
            return
        self._shown = epoch
        with self._showing.spend():
            predicted = forward(self._spec.network, self.oven.now, self._example.inputs)
            values = in_original_units(self._prepared, self._example, predicted)
        if np.isfinite(values).all():
            self.witness.emit(ExampleForecast(epoch=epoch, values=values))


def callback(recorder: Recorder, checkpoint: Checkpoint | None) -> "keras.callbacks.Callback":
    """Show Keras' hooks to a recorder and its witness. It stands behind the rules and sees what they have done."""
    import keras

    class Callback(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002
            if checkpoint is not None:
                recorder.oven.remind(checkpoint)

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
            recorder.begin_epoch()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            recorder.witness.see_execution(batch, logs["loss"])

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
            recorder.witness.obey()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
            recorder.end_epoch(float(logs["loss"]), float(logs["val_loss"]))

    return Callback()
