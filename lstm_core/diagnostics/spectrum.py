"""Which cycles a series is made of, and how much order there is among them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.signal import detrend, find_peaks, periodogram, welch

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.correlogram import is_constant, without_unit

TESTED_ROWS = 20_000
"""Longer series are read in their newest rows."""
MIN_ROWS = 12
PEAKS = 5
MIN_CYCLES = 2
"""What goes up and down fewer times than this is called a trend, not a cycle."""
SEGMENTS = 8
"""The entropy is that of a mean over 15 half-overlapping pieces: the spectrum of one looks orderly by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One peak of the periodogram: its length in rows and its share of the variance."""

    length: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spectrum:
    """How the variance of a series, without its straight trend, is spread over cycles.

    Attributes
    ----------
    lengths : (frequency,) rows per cycle, longest first
    shares : (frequency,) share of the variance, summing to 1
    peaks : strongest first, of those cycles that fit twice
    n_tested : newest rows that were read
    """

    lengths: Float[np.ndarray, " frequency"]
    shares: Float[np.ndarray, " frequency"]
    peaks: tuple[Cycle, ...]
    n_tested: int


def find_spectrum(values: TimeValues) -> Spectrum | None:
    """Periodogram of the newest rows; None for a series that is too short or never changes."""
    tested = values[-TESTED_ROWS:]
    if len(tested) < MIN_ROWS or is_constant(tested):
        return None
    frequencies, power = tapered_periodogram(without_unit(tested))
    lengths, power = 1 / frequencies[1:], power[1:]
    if power.sum() == 0:
        return None
    shares = power / power.sum()
    at = peaks_of(shares)
    at = at[lengths[at] <= len(tested) / MIN_CYCLES]
    strongest = at[np.argsort(shares[at])[::-1][:PEAKS]]
    for array in (lengths, shares):
        array.flags.writeable = False
    return Spectrum(
        lengths=lengths,
        shares=shares,
        peaks=tuple(Cycle(length=float(lengths[one]), share=float(shares[one])) for one in strongest),
        n_tested=len(tested),
    )


def tapered_periodogram(
    values: TimeValues,
) -> tuple[Float[np.ndarray, " frequency"], Float[np.ndarray, " frequency"]]:
    """Frequencies in cycles per row from 0 to 1/2, and power, without the straight trend and with soft ends (Hann)."""
    return periodogram(values, detrend="linear", window="hann")


def peaks_of(power: Float[np.ndarray, " frequency"]) -> np.ndarray:
    """Places that are higher than both neighbours; the first and the last may be peaks too."""
    return find_peaks(np.r_[0.0, power, 0.0])[0] - 1


def forecastability(values: TimeValues) -> float:
    """Omega of Goerg (2013): 1 minus the entropy of the spectrum, over the largest it can have; NaN when not defined.

    0 for white noise, whose power is the same everywhere; towards 1 when all power sits in few cycles. With power
    `p_j` at `m` frequencies, scaled to sum to 1: `omega = 1 + sum(p_j log p_j) / log m`. The spectrum is Welch's mean.

    References
    ----------
    Goerg, G. M. (2013), Forecastable component analysis, Proceedings of ICML 30, 64-72.
    """
    tested = values[-TESTED_ROWS:]
    if len(tested) < 2 * MIN_ROWS or is_constant(tested):
        return float("nan")
    level = detrend(without_unit(tested))
    if np.abs(level).max() < 1e-9:  # a straight line: nothing is left to be uncertain about
        return 1.0
    power = welch(level, nperseg=max(len(level) // SEGMENTS, MIN_ROWS))[1][1:]
    return entropy_gap(power)


def entropy_gap(power: Float[np.ndarray, " frequency"]) -> float:
    """1 minus the normalised entropy of some powers: 0 when all are equal, 1 when only one is not 0."""
    share = power[power > 0] / power.sum()
    return float(np.clip(1 + (share * np.log(share)).sum() / np.log(len(power)), 0, 1))
