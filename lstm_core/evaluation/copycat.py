"""The copy-cat check in full: how the forecast correlates with the truth, shifted row by row, in values and in changes.

On a smooth series the values of neighbouring rows are nearly the same, so a forecast correlates with the truth at any
small shift. Its changes do not: those of a copy are the changes of the row before, exactly.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from scipy import stats

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import MAX_SHIFT
from lstm_core.evaluation.verdict import Verdict

FEWEST = 8
"""Pairs that a correlation is made of, at least; with fewer it is not told."""

ShiftValues = Float[np.ndarray, "shift"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CopyCheck:
    """Correlation of the forecast, one step ahead, with the truth of other rows.

    Attributes
    ----------
    shifts : (shift,) -10 to 10 rows: the forecast for row t is compared with the truth of row t - shift. Above 0 the
        forecast comes late; a copy of the last value fits at 1
    values, changes : (shift,) -1 to 1, NaN where it cannot be told: of the values, and of their changes from window to
        window
    band : half-width; changes that have nothing to do with each other stay within -band..band at 95 of 100 shifts
    """

    shifts: Int[np.ndarray, "shift"]
    values: ShiftValues
    changes: ShiftValues
    band: float

    def at(self, shift: int) -> tuple[float, float]:
        """Correlation of values and of changes at a shift."""
        place = int(np.flatnonzero(self.shifts == shift)[0])
        return float(self.values[place]), float(self.changes[place])

    @property
    def best(self) -> int | None:
        """Shift at which the changes fit best; None when none can be told."""
        return None if np.isnan(self.changes).all() else int(self.shifts[np.nanargmax(self.changes)])

    def table(self) -> pd.DataFrame:
        """Table with shift, and the correlation of values and of changes."""
        return pd.DataFrame({"shift": self.shifts, "values": self.values, "changes": self.changes})


def copy_check(forecast: Forecast, values: TimeValues, *, max_shift: int = MAX_SHIFT) -> CopyCheck:
    """Correlate the first step of a forecast with the truth at every shift, over all windows that have both.

    Parameters
    ----------
    values : (time,) the whole target in original units, so that shifts are rows even where windows have a stride
    """
    told, rows = forecast.predicted[:, 0], forecast.origins
    shifts = np.arange(-max_shift, max_shift + 1)
    by_value, by_change = np.full(len(shifts), np.nan), np.full(len(shifts), np.nan)
    for place, shift in enumerate(shifts):
        there = (rows - shift >= 0) & (rows - shift < len(values))
        truth, said = values[rows[there] - shift], told[there]
        by_value[place] = _correlation(said, truth)
        by_change[place] = _correlation(np.diff(said), np.diff(truth))
    band = float(stats.norm.ppf(0.975) / np.sqrt(max(len(rows) - 1, 1)))
    return CopyCheck(shifts=shifts, values=by_value, changes=by_change, band=band)


def changes_verdict(check: CopyCheck, *, name: str = "LSTM") -> Verdict:
    """Say whether the forecast moves with the series or after it."""
    best, own = check.best, check.at(0)[1]
    if best is None:
        return Verdict(
            tone="note",
            sentence=f"The {name}'s changes cannot be compared with those of the truth: one of the two never changes, "
            "or there are too few windows.",
        )
    there = check.at(best)[1]
    other = f"{_told(own)} at shift 0" if best else f"{_told(check.at(1)[1])} at shift 1"
    numbers = f"correlation {_told(there)} at shift {str(best).replace('-', '−')}, {other}"
    # One of 21 shifts leaves a 95% band by chance: together all shall do so in 5% (Bonferroni).
    wide = check.band / stats.norm.ppf(0.975) * stats.norm.ppf(1 - 0.025 / len(check.shifts))
    if there <= wide:
        return Verdict(
            tone="caution",
            sentence=f"The {name}'s changes fit those of the truth at no shift better than chance would ({numbers}).",
        )
    if best == 0:
        start = f"The {name} moves with the series: its changes fit those of the same row best"
        return Verdict(tone="good", sentence=f"{start} ({numbers}).{_on_values(check)}")
    return _elsewhere(check, best, numbers, is_tie=there - own <= check.band, name=name)


def _elsewhere(check: CopyCheck, best: int, numbers: str, *, is_tie: bool, name: str) -> Verdict:
    """Words for changes that fit those of another row best."""
    rows = "the row before" if best == 1 else f"{abs(best)} rows {'before' if best > 0 else 'later'}"
    fits = f"changes fit those of {rows}"
    if is_tie:
        start = f"The {name}'s {fits} about as well as those of its own row"
        return Verdict(tone="note", sentence=f"{start} ({numbers}).{_on_values(check)}")
    if best > 0:
        start = f"The {name} moves after the series: its {fits} best"
        return Verdict(
            tone="caution", sentence=f"{start} ({numbers}), as those of a copy do.{_on_values(check)}"
        )
    return Verdict(
        tone="caution",
        sentence=f"The {name}'s {fits} best ({numbers}). In a series that swings, a forecast that comes late by most "
        "of a swing looks like that; in any other, check the inputs for values from later.",
    )


def _on_values(check: CopyCheck) -> str:
    """What the values alone would say, which is less."""
    own, before = check.at(0)[0], check.at(1)[0]
    if np.isnan(own) or np.isnan(before):
        return ""
    return (
        f" The values alone say less: they correlate at {_told(own)} with their own row and at {_told(before)} with "
        "the row before."
    )


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's correlation; NaN for too few pairs, or when one of the two never changes."""
    if len(first) < FEWEST or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    # Divided by their size first: the squares of values beyond 1e154 would overflow.
    first, second = first / np.abs(first).max(), second / np.abs(second).max()
    first, second = first - first.mean(), second - second.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0 else float("nan")


def _told(correlation: float) -> str:
    return "unknown" if np.isnan(correlation) else f"{correlation:.2f}".replace("-", "−")
