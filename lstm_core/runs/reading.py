"""What a run's state means, in words: how far it is, how it went, what to try."""

from dataclasses import dataclass, replace

from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.verdict import Verdict, amount, over_all
from lstm_core.runs.moves import LOST, can_go_on
from lstm_core.runs.store import Run
from lstm_core.training.events import EpochEnded, RunState, Status, Wish
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


def live_text(run: Run, state: RunState, *, hold_seconds: float) -> str:
    """Say where a run is that is at work or stands still, and what it is about to do.

    Parameters
    ----------
    hold_seconds : how long a paused run keeps its slot, at most
    """
    done = state.epochs[-1].epoch if state.epochs else 0
    if run.wish is Wish.CANCEL:
        return "Stopping"
    if run.wish is Wish.FINISH:
        return "Stopping; the best epoch so far is kept"
    if run.status is Status.PAUSED:
        return _standing_text(run, done, hold_seconds)
    if run.wish is Wish.PAUSE:
        return f"Pausing at the end of epoch {done + 1}"
    if run.wish is Wish.STEP:
        return f"One epoch: pausing at the end of epoch {done + 1}"
    return pace_text(state, run.spec.plan)


def _standing_text(run: Run, done: int, hold_seconds: float) -> str:
    if run.wish is not Wish.PAUSE:
        return f"Going on after epoch {done}"
    if run.alone:
        return f"Paused after epoch {done}. It gave its slot up: it waits in the queue when you resume."
    return (
        f"Paused after epoch {done}. It keeps its slot for at most {duration(hold_seconds)}; after that it waits in "
        "the queue when you resume."
    )


def best_epoch(state: RunState) -> EpochEnded | None:
    """Epoch with the lowest validation loss so far."""
    return next((ended for ended in state.epochs if ended.epoch == state.best_epoch), None)


def duration(seconds: float) -> str:
    """`8 s`, `3 min`, `2.5 h`."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def run_verdict(run: Run, state: RunState, unit: str = "") -> Verdict:
    """Say in one sentence what became of a run that is over. What to try is the doctor's to say.

    Parameters
    ----------
    unit : unit of the target, for the error in original units
    """
    done, run = len(state.epochs), replace(run, status=state.status, state=state)
    if run.status is Status.FAILED:
        return Verdict(tone="bad", sentence=f"{state.message}{_way_on(run)}")
    if run.status is Status.CANCELLED:
        kept = f"You stopped this training after {_epochs(done)}. The curve is kept; there is no forecast."
        return Verdict(tone="caution", sentence=f"{kept}{_way_on(run)}")
    if run.status is Status.INTERRUPTED:
        sentence = f"{state.message} The curve up to epoch {done} is kept.{_way_on(run)}"
        return Verdict(tone="caution", sentence=sentence)
    return _finished_verdict(run, state, unit)


def _way_on(run: Run) -> str:
    if can_go_on(run):
        return f" Resume it: the training goes on after epoch {run.checkpoint}."
    lost = run.status is Status.INTERRUPTED or run.state.cause in LOST
    return " Train it again." if lost else ""


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
            "nothing.",
        )
    measure = measure_for(run.spec.plan.edge)
    mae, naive = (finished.scores[name].get(measure.key) for name in ("lstm", "naive"))
    over = over_all(run.spec.preparation.window.horizon)
    compared = (
        f"Its {measure.in_full} on the test part is {amount_or_none(mae, unit)}{over}, "
        f"against {amount_or_none(naive)} for {measure.rival}."
    )
    if mae is None or naive is None or mae >= naive:
        return Verdict(tone="caution", sentence=f"{ended} {compared}")
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
