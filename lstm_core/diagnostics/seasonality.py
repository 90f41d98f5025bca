"""Whether the series repeats itself, and how often."""

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from lstm_core.arrays import LagValues, TimeValues
from lstm_core.diagnostics.correlogram import autocorrelations, is_constant, without_unit
from lstm_core.diagnostics.spectrum import peaks_of, tapered_periodogram

TESTED_ROWS = 20_000
"""Longer series are searched in their newest rows: no window could hold a longer season anyway."""
CANDIDATES = 5
MIN_CYCLES = 3
MULTIPLES = 6
"""Repeats that are followed to measure the season to a fraction of a row."""
WEAKEST_REPEAT = 0.25
"""Autocorrelation that one season must show, once slower movements are taken out."""
SECOND_SHARE = 0.4
"""Two seasons apart, at least this share of the correlation must be left."""
MOST_SEASONS = 3
STEADY = 0.1
"""Share of the quick movement that one repeated season must explain before a second one is looked for beside it."""
APART = 1.3
"""Two seasons differ at least by this factor; nearer ones are one season measured twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A season, or its absence.

    Attributes
    ----------
    length : int
        Rows from one season to the next; 1 when none was found.
    strength : float
        Autocorrelation at that distance after a moving average of one season is taken out, 0 when none; at most 1.
    n_cycles : float
        How many seasons fit the rows that were searched.
    verdict : str
    """

    length: int
    strength: float
    n_cycles: float
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSeason:
    """The season that the seasonal naive forecast repeats and MASE is measured with.

    Attributes
    ----------
    length : rows; 1 when there is none
    origin : given (by the dates, or by the person), found (in the train rows), or none
    """

    length: int
    origin: Literal["given", "found", "none"]


def baseline_season(train_values: TimeValues, period: int) -> BaselineSeason:
    """The season of a series for its baselines: the given one, or else one that the train rows show.

    Parameters
    ----------
    train_values : train rows only; a season seen in the test part would be knowledge of the future
    period : rows that the dates or the person name, 1 when they name none
    """
    if period > 1:
        return BaselineSeason(length=period, origin="given")
    length = find_season(train_values).length
    return BaselineSeason(length=length, origin="found" if length > 1 else "none")


def find_season(values: TimeValues) -> Season:
    """Find the season length: strongest peaks of the periodogram, snapped to peaks of the autocorrelation.

    The periodogram proposes (a cycle of 10.8 rows shows as 309 / 10.8 = 28.6 cycles); the autocorrelation, after a
    moving average as long as the candidate is taken out, must agree with a peak within 15% of the proposal. The first
    proposal that it confirms wins. At least three seasons must fit.
    """
    tested = values[-TESTED_ROWS:]
    n = len(tested)
    if n < 3 * MIN_CYCLES:
        return _no_season("Too few rows to see a season")
    if is_constant(tested):
        return _no_season("The series never changes")
    unit_free = without_unit(tested)
    for proposal in _propose(unit_free):
        length, strength = _snap(unit_free, proposal)
        cycles = n / length
        # Few seasons agree by chance: drifting noise correlates by about 1/sqrt(cycles), quick noise by 1/sqrt(n).
        by_chance = max(1.5 / np.sqrt(cycles), 3.5 / np.sqrt(n))
        if length >= 2 and cycles >= MIN_CYCLES and strength >= max(WEAKEST_REPEAT, by_chance):
            sentence = (
                f"The series repeats about every {length} rows: one season apart, values agree with correlation "
                f"{strength:.2f} ({cycles:.3g} seasons seen)."
            )
            return Season(length=length, strength=strength, n_cycles=cycles, verdict=sentence)
    return _no_season("No season found")


def find_seasons(values: TimeValues) -> tuple[Season, ...]:
    """Find several seasons, strongest first: an hourly series may repeat every 24 and every 168 rows.

    Each season that is found is taken out, as the mean of every place in it, before the next one is looked for. A cycle
    that drifts (sunspots) cannot be taken out that way, and ends the search: its echoes are no further seasons.
    """
    tested, found = values[-TESTED_ROWS:], list[Season]()
    if len(tested) < 3 * MIN_CYCLES or is_constant(tested):
        return ()
    rest = without_unit(tested)
    while len(found) < MOST_SEASONS:
        season = find_season(rest)
        lengths = [season.length, *(one.length for one in found)]
        near = any(max(a, b) < APART * min(a, b) for a, b in itertools.combinations(lengths, 2))
        if season.length == 1 or near:
            break
        found.append(season)
        quick = rest - uniform_filter1d(rest, size=season.length, mode="nearest")
        place = np.arange(len(rest)) % season.length
        profile = np.bincount(place, weights=quick) / np.bincount(place)
        rest = rest - profile[place]
        if 1 - np.var(quick - profile[place]) / np.var(quick) < STEADY:
            break
    return tuple(found)


def _propose(values: TimeValues) -> list[float]:
    """Cycle lengths in rows of the strongest peaks of the periodogram, strongest first."""
    n = len(values)
    frequencies, power = tapered_periodogram(values)
    peaks = peaks_of(power)  # a two-row cycle sits at the last frequency
    peaks = peaks[(frequencies[peaks] >= MIN_CYCLES / n) & (power[peaks] > 0)]
    strongest = peaks[np.argsort(power[peaks])[::-1][:CANDIDATES]]
    return [1 / frequency for frequency in frequencies[strongest]]


def _snap(values: TimeValues, proposal: float) -> tuple[int, float]:
    """Highest peak of the autocorrelation within 15% of the proposal, and its height if two seasons agree as well."""
    slack = max(1, round(0.15 * proposal))
    first, last = max(round(proposal) - slack, 2), min(round(proposal) + slack, len(values) - 2)
    if last < first:
        return 1, 0.0
    slower = uniform_filter1d(values, size=max(round(proposal), 2), mode="nearest")
    quick = values - slower
    if is_constant(quick):
        return 1, 0.0
    correlation = autocorrelations(quick, n_lags=min(MULTIPLES * last + 1, len(quick) - 1))
    around = correlation[first - 1 : last + 2]
    peaks = find_peaks(around)[0]
    if not len(peaks):
        return 1, 0.0
    length = int(first - 1 + peaks[np.argmax(around[peaks])])
    twice = correlation[2 * length - 1 : 2 * length + 2].max(initial=-1.0)
    if length < 2 or twice < SECOND_SHARE * correlation[length]:
        return 1, 0.0
    # Two estimates, each within a fraction of a row: the repeats of the correlation, and the periodogram.
    length = round((_measure(correlation, length) + proposal) / 2)
    return length, float(correlation[length])


def _measure(correlation: LagValues, length: int) -> float:
    """Divide the lag of a later repeat by its number: a season of 10.8 rows shows at 11, 22, 32, 43, ...

    The first peak alone can be off by a row: 309 years of sunspots peak at lag 10 and then at 21, 32 and 42.
    """
    estimate, weakest = float(length), SECOND_SHARE * correlation[length]
    for number in range(2, MULTIPLES + 1):
        slack = max(1, round(0.15 * length))
        first, last = round(number * estimate) - slack, round(number * estimate) + slack
        around = correlation[first : last + 1]
        if last >= len(correlation) or around.max() < weakest:
            break
        estimate = (first + int(np.argmax(around))) / number
    return estimate


def _no_season(sentence: str) -> Season:
    return Season(length=1, strength=0.0, n_cycles=0.0, verdict=sentence + ".")
