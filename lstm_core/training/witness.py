"""The witness of a training: sees every execution and every epoch, tells them as events, and obeys wishes."""

import math
from collections.abc import Callable
from time import monotonic

from lstm_core.errors import Diverged
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.control import Cancelled, Control, Enough, Paused
from lstm_core.training.events import EpochEnded, Event, Progress, RunPaused, RunResumed, Wish

SIGN_OF_LIFE = 1.0
"""Seconds between two `Progress` events, at least."""


class Witness:
    """Stands between Keras and whoever runs the training. It ends a training by raising.

    Attributes
    ----------
    history : the epochs seen, oldest first
    epoch : how many are done, those before a checkpoint included
    kept : newest epoch whose state has been copied, so that the training can end with it
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        control: Control,
        *,
        n_batches: int,
        epoch: int = 0,
        seconds: float = 0.0,
    ) -> None:
        self.emit, self.control, self.n_batches, self.epoch = emit, control, n_batches, epoch
        self.kept = epoch
        self.history: list[EpochEnded] = []
        self._told = monotonic()
        self._began = self._told - seconds

    @property
    def seconds(self) -> float:
        """Since the training began, without the time it stood still."""
        return monotonic() - self._began

    def see_execution(self, batch: int, loss: float) -> None:
        """`batch`: the last one done, from 0; `loss`: mean of the epoch so far, so NaN never leaves it again."""
        self.obey()
        if not math.isfinite(loss):
            raise Diverged(self.epoch + 1)
        now = monotonic()
        if now - self._told >= SIGN_OF_LIFE:
            self._told = now
            share = min((batch + 1) / self.n_batches, 1.0)
            self.emit(Progress(epoch=self.epoch + 1, share=share, seconds=now - self._began))

    def see_epoch(
        self,
        *,
        loss: float,
        val_loss: float,
        learning_rate: float | None = None,
        gradient_norm: float | None = None,
        weight_norm: float | None = None,
    ) -> None:
        """Take in what was measured on the epoch that has just ended; see `EpochEnded`."""
        if not (math.isfinite(loss) and math.isfinite(val_loss)):
            raise Diverged(self.epoch + 1)
        self.epoch += 1
        self._told = monotonic()
        ended = EpochEnded(
            epoch=self.epoch,
            loss=loss,
            val_loss=val_loss,
            seconds=self._told - self._began,
            learning_rate=learning_rate,
            gradient_norm=gradient_norm,
            weight_norm=weight_norm,
        )
        self.history.append(ended)
        self.emit(ended)

    def obey(self) -> None:
        """Leave the training, now, if that is the wish.

        To finish waits for the end of an epoch when the state of the one before was not worth a copy: such epochs
        are short.

        Raises
        ------
        Cancelled, Enough
        """
        wish = self.control.wish()
        if wish is Wish.CANCEL or (wish is Wish.FINISH and not self.epoch):
            raise Cancelled("The training was stopped.")
        if wish is Wish.FINISH and self.kept == self.epoch:
            raise Enough("The training was told to keep what it has.")

    def rest(self, take: Callable[[], Checkpoint], show: Callable[[], None]) -> None:
        """At the end of an epoch with others to come: store a checkpoint when it is time, stand still when asked.

        Parameters
        ----------
        take : copies the state of the network
        show : tells what whoever pauses wants to look at, before the training stands still

        Raises
        ------
        Cancelled, Enough
        Paused
            If the slot was wanted while the training stood still.
        """
        wish = self.control.wish()
        if wish is Wish.FINISH:
            take()
        elif wish in (Wish.PAUSE, Wish.STEP):
            show()
            self._stand_still(take())
        elif self.control.wants_checkpoint():
            self.control.save(take())
        self.obey()

    def _stand_still(self, checkpoint: Checkpoint) -> None:
        stopped = monotonic()
        self.control.save(checkpoint)
        self.emit(RunPaused(epoch=self.epoch))
        while self.control.wish() is Wish.PAUSE:
            if not self.control.wait():
                raise Paused(f"The training is paused after epoch {self.epoch}.")
        self._began += monotonic() - stopped
        self._told = monotonic()
        self.emit(RunResumed())
