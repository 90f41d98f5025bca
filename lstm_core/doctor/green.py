"""What a step of the debugging says when nothing is wrong: the number that makes it green."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_core.doctor.case import Case
from lstm_core.doctor.units import still_limit
from lstm_core.evaluation.scores import Scores, skill
from lstm_core.evaluation.verdict import amount, part_of, percent
from lstm_core.network.spec import thousands
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series
from lstm_core.training.events import Status


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """What is checked: a case, and the series and windows behind it."""

    case: Case
    series: Series
    prepared: Prepared


def filled(subject: Subject) -> float:
    """Share of the target's values that a repair made up."""
    column = subject.series.columns.index(subject.prepared.spec.target)
    return float(subject.series.filled[:, column].mean())


def gaps(subject: Subject) -> str:
    """How little was missing."""
    return f"{part_of(filled(subject)).capitalize()} of the target's values were filled by a repair."


def beyond(subject: Subject) -> str:
    """How little of the test part the train part has not seen."""
    return f"{part_of(subject.case.past.unseen).capitalize()} of the test values lie outside the train range."


def order(subject: Subject) -> str:
    """Where the parts lie."""
    split = subject.prepared.split
    return (
        f"Train rows 1 to {thousands(split.train.stop)}, validation {thousands(split.validation.start + 1)} to "
        f"{thousands(split.validation.stop)}, test {thousands(split.test.start + 1)} to "
        f"{thousands(split.test.stop)}: no row twice, scaling fitted on train rows alone, no input knows "
        "the next target."
    )


def sizes(subject: Subject) -> str:
    """How large the numbers are."""
    size = max(subject.case.inputs, key=lambda one: one.outside)
    return (
        f"In '{size.column}', the widest column, {part_of(size.outside)} of the train values lie outside −3 to 3; "
        f"the largest is {amount(size.largest)}."
    )


def reach(subject: Subject) -> str:
    """How far back the network reads, and the series remembers."""
    past, length = subject.case.past, subject.case.spec.preparation.window.length
    memory = f"; the partial autocorrelation cuts off at lag {past.window.pacf_cutoff}" if past.window else ""
    season = f", one season is {past.season.length} rows" if past.season.length > 1 else ""
    return f"The network reads {thousands(length)} rows{memory}{season}."


def pace(subject: Subject) -> str:
    """What the train loss did."""
    losses = subject.case.losses
    return f"The train loss goes from {amount(float(losses[0]))} to {amount(float(losses[-1]))} without swinging."


def liveliness(subject: Subject) -> str:
    """How many units and gates are stuck."""
    n_units = sum(len(layer.moves) for layer in subject.case.units)
    dead = sum(int((layer.moves < still_limit(layer)).sum()) for layer in subject.case.units)
    gates = subject.case.gates
    ends = float(np.mean([gate.shut + gate.open for gate in gates])) if gates else 0.0
    at_ends = f"; {ends:.0%} of the gate values stand at an end" if gates else ""
    return f"{dead} of {thousands(n_units)} units do not move{at_ends}."


def learned(subject: Subject) -> str:
    """What it knows about its own train windows."""
    return f"On its train windows {_beside_naive(subject.case.boards['train'], subject.case.unit)}."


def beats(subject: Subject) -> str:
    """What it gains where it counts."""
    beside = _beside_naive(subject.case.boards["test"], subject.case.unit)
    return f"On the test windows {beside}; no baseline is clearly better."


def _beside_naive(board: Mapping[str, Scores], unit: str) -> str:
    gained = skill(board["lstm"], board["naive"])
    told = "" if gained is None else f" (skill {percent(gained)})"
    naive = amount(board["naive"].mae, unit)
    return f"the MAE is {amount(board['lstm'].mae, unit)}, that of repeating the last value {naive}{told}"


def heart(subject: Subject) -> str:
    """What the validation loss did."""
    best = subject.case.best
    return (
        f"The validation loss stays within reach of its best, {amount(best.val_loss)} in epoch {best.epoch}."
        if best
        else "There is no epoch to judge."
    )


def end(subject: Subject) -> str:
    """When the training ended, and what ended it."""
    case = subject.case
    if case.best is None:
        return "There is no epoch to judge."
    last, plan = case.epochs[-1].epoch, case.spec.plan
    if case.state.status is not Status.FINISHED:
        ended = "the training has not finished"
    elif last >= plan.epochs:
        ended = "all planned epochs are done"
    elif plan.patience is not None and last - case.best.epoch >= plan.patience:
        ended = f"the patience of {plan.patience} ended the training"
    else:
        ended = f"it was stopped by hand, {thousands(plan.epochs)} epochs were planned"
    return f"The best epoch is {case.best.epoch} of {last}: {ended}."


def room(subject: Subject) -> str:
    """How many weights, how many windows."""
    room = subject.case.room
    return f"{thousands(room.n_parameters)} weights learn from {thousands(room.n_windows)} train windows."


def rest(subject: Subject) -> str:
    """What the residual test says."""
    left = subject.case.leftover
    return left.verdict.sentence if left else "There are no residuals to look at."
