"""What the units of a layer track: the newest input, its trend, its season, its change, or nothing that is clear.

A unit has no name. What it is about is read from how its state goes with what the series did, over many windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from lstm_core.arrays import TimeValues

Signal = Literal["input", "trend", "season", "change"]
CLEAR = 0.7
"""Correlation from which on a unit is said to track something: it shares half of its variance with it (0.7² = 0.49)."""
FEWEST = 12
"""Values that a correlation is computed from, at least: two numbers always agree."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signals:
    """What units may track, row by row.

    Attributes
    ----------
    values : per signal (row, 1), for the season (row, 2): cosine and sine of the place in it
    known : (row,) whether every signal exists there: a trend needs the rows before
    """

    values: Mapping[Signal, Float[np.ndarray, "row part"]]
    known: Bool[np.ndarray, "row"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tracking:
    """How the state of every unit goes with every signal.

    Attributes
    ----------
    signals : in the order of the columns
    correlations : (unit, signal) from -1 to 1, for the season from 0 to 1; 0 where a unit or a signal stands still
    leading : (unit,) signal that goes with it most, -1 where none reaches `CLEAR`
    n : values each correlation was computed from
    """

    signals: tuple[Signal, ...]
    correlations: Float[np.ndarray, "unit signal"]
    leading: Int[np.ndarray, "unit"]
    n: int

    def units_of(self, signal: Signal | None) -> Int[np.ndarray, "unit"]:
        """Units that track a signal, the clearest first, counted from 0; None: those that track nothing clearly."""
        at = -1 if signal is None else self.signals.index(signal)
        units = np.flatnonzero(self.leading == at)
        strength = np.abs(self.correlations[units]).max(axis=1, initial=0.0)
        return units[np.argsort(-strength, kind="stable")]

    @property
    def order(self) -> Int[np.ndarray, "unit"]:
        """Every unit, group by group, the clearest of each first; those that track nothing last."""
        return np.concatenate([self.units_of(signal) for signal in (*self.signals, None)])


def signals(values: TimeValues, rows: Int[np.ndarray, "row"], *, season: int, span: int) -> Signals:
    """What the series did up to some rows.

    ========  ==================================================================
    signal    at row r
    ========  ==================================================================
    input     ``x_r``
    trend     mean of the newest `span` rows, ``x_{r - span + 1} ... x_r``
    season    ``cos`` and ``sin`` of ``2 pi r / season``
    change    ``x_r - x_{r - 1}``
    ========  ==================================================================

    Parameters
    ----------
    values : of the target as the network reads it, before scaling; NaN where it has none
    season : rows of one season; there is no such signal without one (1), nor when the rows span less than two: within
        one season everything that moves slowly looks like it
    span : rows the trend is the mean of: a season, so that nothing of it is left
    """
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
    gaps = np.concatenate([[0], np.cumsum(np.isnan(values))])
    back = max(span, 2)  # a change needs two rows
    known = (rows >= back - 1) & (gaps[rows + 1] == gaps[np.maximum(rows + 1 - back, 0)])
    newest = values[rows]
    trend = (sums[rows + 1] - sums[np.maximum(rows + 1 - span, 0)]) / span
    found: dict[Signal, np.ndarray] = {"input": newest[:, None], "trend": trend[:, None]}
    if season > 1 and len(rows) and np.ptp(rows) >= 2 * season:
        angle = 2 * np.pi * (rows % season) / season
        # Rounded: of a season of two rows the sine is 0, and not rounding that would count as a signal.
        found["season"] = np.column_stack([np.cos(angle), np.sin(angle)]).round(12)
    found["change"] = (newest - values[np.maximum(rows - 1, 0)])[:, None]
    return Signals(values=found, known=known)


def track(states: Float[np.ndarray, "row unit"], signals: Signals) -> Tracking | None:
    """Correlate the state of every unit with every signal; None when fewer than `FEWEST` rows are known.

    With the season it is the multiple correlation with cosine and sine, the root of R², corrected for the two numbers
    it may choose: ``1 - (1 - R²)(n - 1) / (n - 3)``, at least 0. A season of two rows has no sine and one number to
    choose: ``n - 2``.

    Parameters
    ----------
    states : (row, unit) after the rows of the signals
    """
    known = signals.known & np.isfinite(states).all(axis=1)
    n = int(known.sum())
    if n < FEWEST:
        return None
    units = _standardized(states[known])
    found = np.column_stack([_correlate(units, part[known]) for part in signals.values.values()])
    strongest = np.abs(found).argmax(axis=1)
    clear = np.abs(found)[np.arange(len(found)), strongest] >= CLEAR
    return Tracking(
        signals=tuple(signals.values), correlations=found, leading=np.where(clear, strongest, -1), n=n
    )


def _standardized(values: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and length 1; a column that stands still becomes 0."""
    moved = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
    length = np.sqrt((moved**2).sum(axis=0))
    still = length <= 1e-6 * np.sqrt(len(values)) * np.abs(values).max(axis=0, initial=0.0)
    return np.where(still, 0.0, moved / np.where(still, 1.0, length))


def _correlate(units: np.ndarray, signal: np.ndarray) -> Float[np.ndarray, "unit"]:
    parts = _standardized(signal)
    if signal.shape[1] == 1:
        return units.T @ parts[:, 0]
    basis, _ = np.linalg.qr(parts[:, parts.any(axis=0)])  # a season of two rows has no sine
    explained = ((basis.T @ units) ** 2).sum(axis=0)
    n, chosen = basis.shape
    return np.sqrt(np.maximum(1 - (1 - explained) * (n - 1) / (n - 1 - chosen), 0.0))
