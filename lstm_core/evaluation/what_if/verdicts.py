"""What a scenario does to a forecast, and where it leaves what the network was trained on, in one sentence each."""

from collections.abc import Sequence

import numpy as np

from lstm_core.evaluation.verdict import Verdict, amount, amounts
from lstm_core.evaluation.what_if.outcome import Outcome


def change_verdict(outcome: Outcome, *, unit: str) -> Verdict:
    """What the scenario does to the forecast, in one sentence with its numbers."""
    change = outcome.change
    at = int(np.abs(change).argmax())
    if not outcome.n_edited:
        return Verdict(
            tone="note",
            sentence="Nothing is changed yet. Draw into the window, edit the table, or paint a shape.",
        )
    edited = f"{outcome.n_edited} changed {'value' if outcome.n_edited == 1 else 'values'}"
    moved = f"{edited} move the forecast" if outcome.n_edited > 1 else f"{edited} moves the forecast"
    if not change[at]:
        return Verdict(tone="note", sentence=f"{edited}, and the forecast does not move.")
    sign = "+" if change[at] > 0 else ""
    most = f"by {sign}{amount(float(change[at]), unit)}"
    if len(change) > 1:
        most += f" at most, {at + 1} {'step' if at == 0 else 'steps'} ahead"
    tone = "caution" if any(mark.edited for mark in outcome.marks) else "note"
    before, after = amounts(float(outcome.before[at]), float(outcome.after[at]))
    numbers = f"{before} becomes {after} {unit}".rstrip()
    return Verdict(tone=tone, sentence=f"{moved} {most}: {numbers}.")


def range_verdict(outcome: Outcome, *, target: str, unit: str, labels: Sequence[str]) -> Verdict | None:
    """Where a scenario leaves the training range, in words; None when it stays inside.

    Parameters
    ----------
    target, unit : the column that is forecast, and its unit
    labels : of the rows before the forecast, oldest first
    """
    made = [mark for mark in outcome.marks if mark.edited]
    if not made:
        return None
    far = made[0]
    own = unit if far.column == target and far.of == "value" else ""
    many = "1 changed value lies" if len(made) == 1 else f"{len(made)} changed values lie"
    side, end = ("above the highest", far.high) if far.value > far.high else ("below the lowest", far.low)
    what = f"{far.column} " + (f"at {labels[-far.lag]}" if far.lag > 0 else f"{-far.lag} ahead")
    what = f"the difference that is read of {what}" if far.of == "difference" else what
    return Verdict(
        tone="caution",
        sentence=f"{many} outside what the network was trained on: {what}, {amount(far.value, own)}, is "
        f"{amount(far.deviations)} standard deviations {side} of the train rows, {amount(end, own)}. "
        "What a network says there is a guess.",
    )
