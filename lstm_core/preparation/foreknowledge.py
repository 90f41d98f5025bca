"""What further inputs know of the target that its own past does not: copies, shifts, and sums of several columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import correlate

from lstm_core.arrays import SeriesValues, TimeFlags, TimeValues

TESTED_ROWS = 5_000
"""Longer series are examined in their newest rows: a column that was made from the target is so everywhere."""
OWN_LAGS = 24
"""Rows of its own past that the target is forecast from, to know what is a surprise in it."""
JOINT_LAGS = 3
"""Newest rows of all inputs that are tried together."""
MOST_SHIFTS = 400
ROWS_PER_NUMBER = 5
"""A linear fit with more coefficients than a fifth of the rows would explain anything."""
PREDICTABLE = 1e-10
"""Below this share of its variance the target's own past leaves no surprise that an input could know of."""
EXACT = 1e-6
"""An input that leaves less than this share of the surprise is the target in other words; the rest is rounding."""
NEARLY = 1e-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A column that shows the target before its time.

    Attributes
    ----------
    ahead : rows; the column's row t is the target's row t + ahead, up to a factor and a constant
    left : share of the target's surprise that it leaves, 0 when it is exact
    """

    column: str
    ahead: int
    left: float

    @property
    def is_exact(self) -> bool:
        """Whether nothing but rounding is left."""
        return self.left < EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreknowledge:
    """What the further inputs know.

    A surprise is what the target's own past cannot say: 24 rows, one season ago, and the older row that resembles it
    most.

    Attributes
    ----------
    copies : columns that are the target of the same row, up to a factor and a constant
    shifts : columns that are the target of a later row, at most one shift each
    together : columns whose newest 3 rows, added up, are the next target
    parts : columns that, added up, are the target of the same row
    surprise : share of the target's variance that its own past leaves
    n_tested : newest rows that were examined
    """

    copies: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
    together: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    surprise: float
    n_tested: int


def find_foreknowledge(
    values: SeriesValues,
    *,
    names: Sequence[str],
    reach: int,
    period: int = 1,
    measured: TimeFlags | None = None,
) -> Foreknowledge:
    """Look for the target in its inputs.

    Each find is measured against the surprise of the target, not against its variance: two trends agree with
    correlation 1 and know nothing of each other. A target without surprise (a straight line, a pure sine) cannot be
    leaked.

    Parameters
    ----------
    values : (time, feature) original units, target first
    names : (feature,)
    reach : rows ahead that are tried; a window of this many rows holds such a shift
    period : rows of one season, which the target's own past knows too
    measured : (time,) rows without filled values; the others are left out
    """
    values = values[-TESTED_ROWS:]
    n = len(values)
    kept = np.ones(n, dtype=bool) if measured is None else measured[-TESTED_ROWS:]
    target, *inputs = (_standard(column) for column in values.T)
    newest = min(OWN_LAGS, n // (2 * ROWS_PER_NUMBER))
    own = _lags(target, [*range(1, newest + 1), period, _echo(target, after=newest)])
    surprise = _left(target, own, kept)
    varying = [(name, column) for name, column in zip(names[1:], inputs, strict=True) if column.any()]
    if surprise < PREDICTABLE or not varying:
        return Foreknowledge(surprise=surprise, n_tested=n)
    copies = tuple(
        name for name, column in varying if _apart(column, target, kept, ahead=0) < EXACT * surprise
    )
    others = [(name, column) for name, column in varying if name not in copies]
    shifts = tuple(
        shift
        for name, column in others
        if (shift := _shift(name, column, target, kept, reach=reach, surprise=surprise))
    )
    found = {*copies, *(shift.column for shift in shifts)}
    others = [(name, column) for name, column in others if name not in found]
    return Foreknowledge(
        copies=copies,
        shifts=shifts,
        together=_together(others, target, own, kept, surprise),
        parts=_parts(others, target, kept, surprise),
        surprise=surprise,
        n_tested=n,
    )


def _shift(
    name: str, column: TimeValues, target: TimeValues, kept: TimeFlags, *, reach: int, surprise: float
) -> Shift | None:
    """The shift that leaves least of the target, if it leaves hardly anything."""
    most = min(reach, MOST_SHIFTS, len(target) // 3)
    left = {ahead: _apart(column, target, kept, ahead=ahead) / surprise for ahead in range(1, most + 1)}
    best = min(left, key=left.__getitem__, default=None)
    return Shift(column=name, ahead=best, left=left[best]) if best and left[best] < NEARLY else None


def _together(
    inputs: list[tuple[str, TimeValues]],
    target: TimeValues,
    own: list[TimeValues],
    kept: TimeFlags,
    surprise: float,
) -> tuple[str, ...]:
    """Columns whose newest rows make up the next target, beside its own past."""
    lagged = [lag for _, column in inputs for lag in _lags(column, range(1, JOINT_LAGS + 1))]
    if not inputs or ROWS_PER_NUMBER * (len(own) + len(lagged)) > len(target):
        return ()
    # The newest rows of a column made from the future cannot be known and hold some filler.
    usable = kept & (np.arange(len(target)) < len(target) - JOINT_LAGS)
    if _left(target, own + lagged, usable) >= EXACT * surprise:
        return ()
    weights = np.abs(_fit(target, own + lagged, usable)[len(own) + 1 :]).reshape(len(inputs), JOINT_LAGS)
    return tuple(name for (name, _), weight in zip(inputs, weights, strict=True) if weight.max() > EXACT)


def _parts(
    inputs: list[tuple[str, TimeValues]], target: TimeValues, kept: TimeFlags, surprise: float
) -> tuple[str, ...]:
    """Columns that add up to the target of the same row."""
    columns = [column for _, column in inputs]
    if len(inputs) < 2 or ROWS_PER_NUMBER * len(columns) > len(target):
        return ()
    if _left(target, columns, kept) >= EXACT * surprise:
        return ()
    weights = np.abs(_fit(target, columns, kept)[1:])
    return tuple(name for (name, _), weight in zip(inputs, weights, strict=True) if weight > EXACT)


def _standard(column: TimeValues) -> TimeValues:
    """Mean 0 and deviation 1, whatever the unit; all 0 when the column never changes."""
    halves = column / 2
    centred = halves - (halves.max() / 2 + halves.min() / 2)
    size = np.abs(centred).max()
    if size <= 1e-12 * np.abs(halves).max():
        return np.zeros(len(column))
    centred = centred / size
    centred = centred - centred.mean()
    return centred / centred.std()


def _lags(column: TimeValues, lags: Sequence[int]) -> list[TimeValues]:
    """The column as it was `lag` rows earlier, NaN where it was not yet."""
    shifted = []
    for lag in sorted({lag for lag in lags if 0 < lag < len(column) // 3}):
        earlier = np.full(len(column), np.nan)
        earlier[lag:] = column[:-lag]
        shifted.append(earlier)
    return shifted


def _echo(target: TimeValues, *, after: int) -> int:
    """The lag beyond the newest ones at which the target resembles itself most: a season that nobody named."""
    n = len(target)
    resembles = correlate(target, target, mode="full", method="fft")[n - 1 :] / (n - np.arange(n))
    return after + 1 + int(np.argmax(resembles[after + 1 : n // 3])) if after + 1 < n // 3 else 1


def _apart(column: TimeValues, target: TimeValues, kept: TimeFlags, *, ahead: int) -> float:
    """Mean square that the column's row t leaves of the target's row t + ahead, at the best factor and constant."""
    n = len(target) - ahead
    both = kept[:n] & kept[ahead:]
    now, later = column[:n][both], target[ahead:][both]
    if len(now) < ROWS_PER_NUMBER:
        return np.inf
    now, later = now - now.mean(), later - later.mean()
    size = now @ now
    if size == 0:
        return np.inf
    # The residual itself, not 1 - r²: the difference of two numbers near 1 has lost its digits.
    return float(np.mean((later - now * (now @ later / size)) ** 2))


def _fit(target: TimeValues, regressors: list[TimeValues], kept: TimeFlags) -> np.ndarray:
    """Intercept and one coefficient per regressor, least squares over the rows where all are known."""
    design, rows = _design(target, regressors, kept)
    return np.linalg.lstsq(design, target[rows], rcond=None)[0]


def _left(target: TimeValues, regressors: list[TimeValues], kept: TimeFlags) -> float:
    """Mean square of the target that a linear fit on the regressors leaves."""
    design, rows = _design(target, regressors, kept)
    if len(design) < ROWS_PER_NUMBER:
        return 0.0
    return float(np.mean((target[rows] - design @ _fit(target, regressors, kept)) ** 2))


def _design(
    target: TimeValues, regressors: list[TimeValues], kept: TimeFlags
) -> tuple[np.ndarray, TimeFlags]:
    design = np.column_stack([np.ones(len(target)), *regressors])
    rows = kept & np.isfinite(design).all(axis=1)
    return design[rows], rows
