"""What the survey of a layer and the tracking of its units mean, in sentences."""

import numpy as np

from lstm_core.network.memory import KEEPS
from lstm_core.network.spec import CellKind
from lstm_core.network.survey import OPEN, SHUT, Survey
from lstm_core.network.tracking import CLEAR, Signal, Tracking

STUCK = 0.5
"""Share of a gate's values at its ends from which on it is called a switch."""
NEVER = 0.01
"""Share below which a gate is not said to stand at its ends at all."""
MOST_NAMED = 8
_TRACKED: dict[Signal, str] = {
    "input": "the newest input",
    "trend": "the trend",
    "season": "the season",
    "change": "the change from row to row",
}


def say_saturation(kind: CellKind, survey: Survey) -> str:
    """Which gates stand at their ends, and what that does."""
    if KEEPS[kind] is None:
        return "A simple RNN has no gates, so none of them can stand at its end."
    shares = {
        gate: (float(survey.shut[gate].mean()), float(survey.open[gate].mean())) for gate in survey.shut
    }
    gate = max(shares, key=lambda name: sum(shares[name]))
    shut, opened = shares[gate]
    if shut + opened < NEVER:
        return (
            f"No gate stands at an end: fewer than {NEVER:.0%} of the values of each lie below {SHUT:g} or above "
            f"{OPEN:g}. All of them move with what they read, so all of them can learn."
        )
    seen = (
        f"The {gate} gate stands at its ends most: {shut:.0%} of its values below {SHUT:g}, {opened:.0%} above "
        f"{OPEN:g}."
    )
    if shut + opened > STUCK:
        return (
            f"{seen} It is a switch more than a valve: there it passes on less than a fifth of the gradient it could, "
            "so it hardly learns any more. The Doctor says what to try when most gates are like that."
        )
    return f"{seen} All gates still move with what they read, so all of them can learn."


def say_tracking(tracking: Tracking) -> str:
    """How many units track what, and which."""
    found = []
    for signal in tracking.signals:
        units = tracking.units_of(signal)
        if len(units):
            r = tracking.correlations[units[0], tracking.signals.index(signal)]
            strongest = f"unit {units[0] + 1}, r = {r:.2f}".replace("-", "−")
            found.append(f"{_TRACKED[signal]} in {_count(units)} (strongest: {strongest})")
    nothing = tracking.units_of(None)
    if not found:
        return f"No unit tracks one thing clearly (no correlation reaches {CLEAR:g}): they share the work."
    rest = f" Nothing is clear in {_count(nothing)}." if len(nothing) else ""
    return f"The state goes most with {'; '.join(found)}.{rest}"


def _count(units: np.ndarray) -> str:
    named = ", ".join(str(unit + 1) for unit in units[:MOST_NAMED])
    more = f" and {len(units) - MOST_NAMED} more" if len(units) > MOST_NAMED else ""
    return f"{'unit' if len(units) == 1 else 'units'} {named}{more}"
