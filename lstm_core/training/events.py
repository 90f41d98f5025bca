"""What a training tells: events, in order, and the state they fold into.

::

    QUEUED -> STARTING -> RUNNING -> FINISHED | FAILED | CANCELLED | INTERRUPTED
                 ^         |  ^
                 |         v  |
               QUEUED <-- PAUSED

The last four of the first line are final. A paused run holds its slot for a while and then gives it up; resumed after
that it waits in the queue again. Losses are on the scaled target: the one scale on which train and validation compare.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Status(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
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
    """The worker has built the network and begins to train.

    `first_epoch` counts the epochs that were done before: those of the checkpoint it goes on from.
    """

    kind: Literal["started"] = "started"
    n_parameters: int
    n_train: int
    n_validation: int
    n_test: int
    epochs: int
    first_epoch: int = 0


class Progress(_Event):
    """A sign of life between epochs."""

    kind: Literal["progress"] = "progress"
    epoch: int
    share: float
    seconds: float


class EpochEnded(_Event):
    """One pass over the train windows is done. `epoch` counts from 1; `seconds` since the training began.

    `learning_rate` of the epoch; `gradient_norm`: mean over its batches, before clipping; `weight_norm` at its end,
    all kernels and biases together.
    """

    kind: Literal["epoch"] = "epoch"
    epoch: int
    loss: float
    val_loss: float
    seconds: float
    learning_rate: float | None = None
    gradient_norm: float | None = None
    weight_norm: float | None = None


class ExampleForecast(_Event):
    """What the network says about the fixed example after an epoch; `values` in original units (see `example`)."""

    kind: Literal["example"] = "example"
    epoch: int
    values: tuple[float, ...]


class RunPaused(_Event):
    """The training stands still after an epoch; its state is stored."""

    kind: Literal["paused"] = "paused"
    epoch: int


class RunResumed(_Event):
    """The training goes on in the slot that it held while it was paused."""

    kind: Literal["resumed"] = "resumed"


class RunFinished(_Event):
    """The best weights and the test predictions are stored.

    `parity` is the largest difference between Keras' own test predictions and the NumPy forward pass (scaled
    units); `scores` holds `{predictor: {score: value}}` on the test part in original units. `validation` holds the
    same of network and naive forecast on the validation part, for choosing between runs; runs of before it was kept
    have none.
    """

    kind: Literal["finished"] = "finished"
    best_epoch: int
    seconds: float
    windows_per_second: float
    parity: float
    scores: dict[str, dict[str, float | None]]
    validation: dict[str, dict[str, float | None]] = {}


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
    RunStarted
    | Progress
    | EpochEnded
    | ExampleForecast
    | RunPaused
    | RunResumed
    | RunFinished
    | RunFailed
    | RunCancelled
    | RunInterrupted,
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
    example, first_example : the newest and the first forecast of the fixed example
    message, cause : why the run failed or was interrupted, for people and for rules; "" when it was not
    """

    status: Status = Status.QUEUED
    started: RunStarted | None = None
    epochs: tuple[EpochEnded, ...] = ()
    best_epoch: int | None = None
    share: float = 0.0
    seconds: float = 0.0
    example: ExampleForecast | None = None
    first_example: ExampleForecast | None = None
    finished: RunFinished | None = None
    message: str = ""
    cause: str = ""


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
        if isinstance(event, EpochEnded):
            epochs.append(event)
            if isfinite(event.val_loss) and (best is None or event.val_loss < best.val_loss):
                best = event
        elif isinstance(event, ExampleForecast) and state.first_example is None:
            state = replace(state, first_example=event)
        state = replace(state, **_told_by(event))
    best_epoch = state.finished.best_epoch if state.finished else (best.epoch if best else None)
    return replace(state, epochs=tuple(epochs), best_epoch=best_epoch)


def _told_by(event: Event) -> dict[str, Any]:
    """Fields of the state that an event changes by itself."""
    match event:
        case RunStarted():
            return {"status": Status.RUNNING, "started": event}
        case Progress():
            return {"share": event.share, "seconds": event.seconds}
        case EpochEnded():
            return {"share": 0.0, "seconds": event.seconds}
        case ExampleForecast():
            return {"example": event}
        case RunFinished():
            return {"status": Status.FINISHED, "finished": event, "seconds": event.seconds}
        case RunFailed():
            return {"status": Status.FAILED, "message": event.message, "cause": event.cause}
        case RunInterrupted():
            return {"status": Status.INTERRUPTED, "message": event.message}
    return {"status": _TURNS[type(event)]}


_TURNS = {RunPaused: Status.PAUSED, RunResumed: Status.RUNNING, RunCancelled: Status.CANCELLED}


class Wish(StrEnum):
    """What a person wants of a run that is not over.

    ==========  ==========================================================================
    wish        what the training does
    ==========  ==========================================================================
    go          trains
    pause       stands still at the end of the epoch, until the wish changes
    step        trains one epoch and pauses
    finish      ends within a batch and keeps the best epoch so far, as if it were the last
    cancel      ends within a batch without a result
    ==========  ==========================================================================
    """

    GO = "go"
    PAUSE = "pause"
    STEP = "step"
    FINISH = "finish"
    CANCEL = "cancel"
