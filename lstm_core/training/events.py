"""What a training tells: events, in order, and the state they fold into.

::

    QUEUED -> STARTING -> RUNNING -> FINISHED | FAILED | CANCELLED | INTERRUPTED

The last four are final. Losses are on the scaled target: the one scale on which train and validation compare.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Status(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to the run."""
        return self in (Status.FINISHED, Status.FAILED, Status.CANCELLED, Status.INTERRUPTED)


class _Event(BaseModel):
    # A loss that is no longer a number must survive being written and read again.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class RunStarted(_Event):
    """The worker has built the network and begins to train."""

    kind: Literal["started"] = "started"
    n_parameters: int
    n_train: int
    n_validation: int
    n_test: int
    epochs: int


class Progress(_Event):
    """A sign of life between epochs."""

    kind: Literal["progress"] = "progress"
    epoch: int
    share: float
    seconds: float


class EpochEnded(_Event):
    """One pass over the train windows is done. `epoch` counts from 1; `seconds` since the training began."""

    kind: Literal["epoch"] = "epoch"
    epoch: int
    loss: float
    val_loss: float
    seconds: float


class RunFinished(_Event):
    """The best weights and the test predictions are stored.

    `parity` is the largest difference between Keras' own test predictions and the NumPy forward pass (scaled
    units); `scores` holds `{predictor: {score: value}}` on the test part in original units.
    """

    kind: Literal["finished"] = "finished"
    best_epoch: int
    seconds: float
    windows_per_second: float
    parity: float
    scores: dict[str, dict[str, float | None]]


class RunFailed(_Event):
    """The run cannot go on; `message` says why and what to try."""

    kind: Literal["failed"] = "failed"
    cause: Literal["diverged", "worker", "memory", "silent", "time", "settings", "error"]
    message: str


class RunCancelled(_Event):
    """A person stopped the run."""

    kind: Literal["cancelled"] = "cancelled"


class RunInterrupted(_Event):
    """The server or the machine went away under the run."""

    kind: Literal["interrupted"] = "interrupted"
    message: str


Event = Annotated[
    RunStarted | Progress | EpochEnded | RunFinished | RunFailed | RunCancelled | RunInterrupted,
    Field(discriminator="kind"),
]
EVENT = TypeAdapter[Event](Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """All events of a run so far, as one value.

    Attributes
    ----------
    best_epoch : epoch with the lowest validation loss so far, None before the first
    seconds : since the training began, at the last event that says so
    """

    status: Status = Status.QUEUED
    started: RunStarted | None = None
    epochs: tuple[EpochEnded, ...] = ()
    best_epoch: int | None = None
    share: float = 0.0
    seconds: float = 0.0
    finished: RunFinished | None = None
    message: str = ""


def fold(events: Iterable[Event], state: RunState | None = None) -> RunState:
    """Fold events, oldest first, into a state; `state` continues from an earlier fold."""
    state = state or RunState()
    epochs = list(state.epochs)
    best = min(
        (ended for ended in epochs if isfinite(ended.val_loss)),
        key=lambda ended: ended.val_loss,
        default=None,
    )
    for event in events:
        match event:
            case RunStarted():
                state = replace(state, status=Status.RUNNING, started=event)
            case Progress():
                state = replace(state, share=event.share, seconds=event.seconds)
            case EpochEnded():
                epochs.append(event)
                if isfinite(event.val_loss) and (best is None or event.val_loss < best.val_loss):
                    best = event
                state = replace(state, share=0.0, seconds=event.seconds)
            case RunFinished():
                state = replace(state, status=Status.FINISHED, finished=event, seconds=event.seconds)
            case RunFailed():
                state = replace(state, status=Status.FAILED, message=event.message)
            case RunCancelled():
                state = replace(state, status=Status.CANCELLED)
            case RunInterrupted():
                state = replace(state, status=Status.INTERRUPTED, message=event.message)
    best_epoch = state.finished.best_epoch if state.finished else (best.epoch if best else None)
    return replace(state, epochs=tuple(epochs), best_epoch=best_epoch)
