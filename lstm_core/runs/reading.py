"""What a run's state means, in words: how far it is, how it went, what to try."""

from dataclasses import dataclass

from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.runs.store import Run
from lstm_core.training.events import EpochEnded, RunState, Status
from lstm_core.training.overfitting import overfitting_start
from lstm_core.training.plan import TrainingPlan

RECENT = 20
"""Epochs that the pace is measured on: the first one compiles, so it says little."""
FLAT = 0.01
"""A loss that falls by less than this share has not moved (B121)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How far a live run is.

    Attributes
    ----------
    epoch : epochs done
    share : of all planned epochs, 0 to 1, with the part of the epoch at work
    seconds_per_epoch, seconds_left : None before the first epoch; `seconds_left` assumes all planned epochs
    """

    epoch: int
    share: float
    seconds_per_epoch: float | None
    seconds_left: float | None


def pace(state: RunState, plan: TrainingPlan) -> Pace:
    """Measure the pace of a run on its last epochs."""
    done = len(state.epochs)
    share = min((done + state.share) / plan.epochs, 1.0)
    if not done:
        return Pace(epoch=0, share=share, seconds_per_epoch=None, seconds_left=None)
    recent = state.epochs[-RECENT - 1 :]
    spent = recent[-1].seconds - recent[0].seconds if done > 1 else recent[-1].seconds
    each = spent / max(len(recent) - 1, 1)
    left = max(each * (plan.epochs - done - state.share), 0.0)
    return Pace(epoch=done, share=share, seconds_per_epoch=each, seconds_left=left)


def pace_text(state: RunState, plan: TrainingPlan) -> str:
    """`Epoch 12 of 100 · 0.21 s per epoch · about 18 s left · best epoch 9 (validation loss 0.0123)`."""
    now = pace(state, plan)
    parts = [f"Epoch {now.epoch} of {plan.epochs}"]
    if now.seconds_per_epoch is not None and now.seconds_left is not None:
        parts += [
            f"{amount(now.seconds_per_epoch, 's')} per epoch",
            f"at most {duration(now.seconds_left)} left",
        ]
    best = best_epoch(state)
    if best is not None:
        parts.append(f"best epoch {best.epoch} (validation loss {amount(best.val_loss)})")
    return " · ".join(parts)


def best_epoch(state: RunState) -> EpochEnded | None:
    """Epoch with the lowest validation loss so far."""
    return next((ended for ended in state.epochs if ended.epoch == state.best_epoch), None)


def duration(seconds: float) -> str:
    """`8 s`, `3 min`, `2.5 h`."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def run_verdict(run: Run, state: RunState, unit: str = "") -> Verdict:
    """Say in one sentence what became of a run that is over.

    Parameters
    ----------
    unit : unit of the target, for the error in original units
    """
    done = len(state.epochs)
    if state.status is Status.FAILED:
        return Verdict(tone="bad", sentence=state.message)
    if state.status is Status.CANCELLED:
        sentence = (
            f"You stopped this training after {_epochs(done)}. The curve is kept; there is no forecast."
        )
        return Verdict(tone="caution", sentence=sentence)
    if state.status is Status.INTERRUPTED:
        return Verdict(tone="caution", sentence=f"{state.message} The curve up to epoch {done} is kept.")
    return _finished_verdict(run, state, unit)


def _finished_verdict(run: Run, state: RunState, unit: str) -> Verdict:
    finished, best = state.finished, best_epoch(state)
    if finished is None or best is None:
        return Verdict(tone="note", sentence="The training is over.")
    ended = (
        f"Trained {_epochs(len(state.epochs))} in {duration(state.seconds)}; the best was epoch {best.epoch} "
        f"(validation loss {amount(best.val_loss)})."
    )
    first = state.epochs[0]
    if len(state.epochs) > 1 and best.val_loss > (1 - FLAT) * first.val_loss:
        return Verdict(
            tone="caution",
            sentence=f"{ended} The validation loss hardly moved from its first value: the network learned next to "
            "nothing. Try a higher learning rate or a longer window.",
        )
    mae, naive = finished.scores["lstm"]["mae"], finished.scores["naive"]["mae"]
    compared = (
        f"Its mean absolute error on the test part is {amount_or_none(mae, unit)}, against "
        f"{amount_or_none(naive)} for repeating the last value."
    )
    if mae is None or naive is None or mae >= naive:
        return Verdict(tone="caution", sentence=f"{ended} {compared} Try more epochs or a longer window.")
    if best.epoch == run.spec.plan.epochs:
        compared += " The last epoch was the best: more epochs may help."
    elif overfitting_start(state.epochs) is not None:
        compared += " After it the validation loss rises: the network begins to learn by heart."
    return Verdict(tone="good", sentence=f"{ended} {compared}")


def amount_or_none(value: float | None, unit: str = "") -> str:
    """Three significant digits with the unit, or `not defined`."""
    return "not defined" if value is None else amount(value, unit)


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"
