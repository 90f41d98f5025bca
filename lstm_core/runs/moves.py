"""Which moves a run makes: what an event does to its status, which wish counts, which run can be continued."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes
from lstm_core.runs.refusals import cannot_go_on
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import (
    EpochEnded,
    Event,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunPaused,
    RunResumed,
    RunStarted,
    Status,
    Wish,
)
from lstm_core.training.plan import RunSpec, TrainingPlan

if TYPE_CHECKING:
    from lstm_core.runs.store import Run

FINAL = tuple(status for status in Status if status.is_final)
LOST = ("worker", "silent", "time", "memory")
"""Why a run failed that would have gone on if it could."""
GOING_ON = (Wish.GO, Wish.STEP, Wish.FINISH)
"""Wishes for which a paused run needs a worker."""
WAITED = "EarlyStopping.wait"
"""Number in a checkpoint: epochs since the best one."""
_STRENGTH = {Wish.FINISH: 1, Wish.CANCEL: 2}


def status_after(event: Event) -> Status | None:
    """Status an event leads to; None when it leads to none."""
    match event:
        case RunStarted() | RunResumed():
            return Status.RUNNING
        case RunPaused():
            return Status.PAUSED
        case RunFinished():
            return Status.FINISHED
        case RunFailed():
            return Status.FAILED
        case RunCancelled():
            return Status.CANCELLED
        case RunInterrupted():
            return Status.INTERRUPTED
    return None


def wishes_overruled_by(wish: Wish) -> tuple[Wish, ...]:
    """Wishes that give way to a new one: whoever asked for the end does not get less because of a late click."""
    return tuple(old for old in Wish if _STRENGTH.get(old, 0) <= _STRENGTH.get(wish, 0))


def can_go_on(run: "Run") -> bool:
    """Whether a run ended before its time and left what is needed to continue it."""
    lost = run.status in (Status.INTERRUPTED, Status.CANCELLED) or (
        run.status is Status.FAILED and run.state.cause in LOST
    )
    return lost and run.checkpoint is not None


def can_train_longer(run: "Run") -> bool:
    """Whether a finished run left what is needed to add epochs to it."""
    return run.status is Status.FINISHED and run.checkpoint is not None


def spec_to_go_on(run: "Run", epochs: int | None) -> RunSpec:
    """Spec of the run that continues `run`; `epochs` in place of those it was to train, for a finished run.

    Raises
    ------
    RunError
        If the run is not over, ended for a reason that would end it again, left no checkpoint, or has no epoch to add.
    """
    if not run.status.is_final:
        raise cannot_go_on("it is not over", advice="Look at it on the Training page.")
    if run.checkpoint is None:
        raise cannot_go_on("it left no checkpoint")
    if epochs is None:
        if not can_go_on(run):
            raise cannot_go_on(f"it {'is finished' if run.status is Status.FINISHED else 'would fail again'}")
        return run.spec
    if not can_train_longer(run):
        raise cannot_go_on("only a finished one takes more epochs")
    if epochs <= run.checkpoint:
        raise cannot_go_on(
            "it has these epochs", "Ask for more.", received=str(epochs), expected=f"above {run.checkpoint}"
        )
    try:
        plan = TrainingPlan.model_validate(run.spec.plan.model_dump() | {"epochs": epochs})
    except ValidationError:
        raise cannot_go_on("these are too many epochs", "Ask for fewer.", received=str(epochs)) from None
    return run.spec.model_copy(update={"plan": plan})


def inherited(run: "Run", epochs: int | None) -> dict[str, Any]:
    """What the run that continues `run` takes over from it.

    A run that takes the place of a lost one belongs to the same study; one that is trained longer does not.
    """
    return {
        "name": run.name,
        "series_name": run.series_name,
        "parent": run.run_id,
        "checkpoint": run.checkpoint,
        "study": run.study if epochs is None else None,
    }


def first_epochs(told: Iterable[Event], epochs: int | None) -> list[EpochEnded]:
    """Epochs of a curve up to a checkpoint, for the run that goes on from there."""
    return [event for event in told if isinstance(event, EpochEnded) and event.epoch <= (epochs or 0)]


def checkpoint_to_go_on(run: "Run", content: bytes) -> bytes:
    """Checkpoint for the run that trains `run` longer.

    If its patience was used up, it is given anew: the stopping rule would otherwise end the training at once.
    """
    patience = run.spec.plan.patience
    if patience is None or run.checkpoint is None or run.checkpoint >= run.spec.plan.epochs:
        return content
    kept = Checkpoint.from_arrays(arrays_from_bytes(content))
    if kept.numbers.get(WAITED, 0) < patience:
        return content
    return arrays_to_bytes(replace(kept, numbers={**kept.numbers, WAITED: 0.0}).to_arrays())
