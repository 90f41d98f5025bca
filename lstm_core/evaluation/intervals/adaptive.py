"""Adaptive conformal inference: a band that widens after every miss and narrows after every hit.

Gibbs and Candes (2021), "Adaptive conformal inference under distribution shift": the level asked for moves with what
came true, `alpha <- alpha + rate * (1 - level - missed)`, and the band is that of split conformal for the level
`1 - alpha`. Over T truths the share of misses then lies within `(1 + rate) / (rate * T)` of what was asked for,
whatever the series does (their proposition 4.1). A forecast h steps ahead learns late: a truth teaches only forecasts
made after it was there, so up to h - 1 more are under way and the bound becomes `(1 + h * rate) / (rate * T)` for the
T truths that were learned from.
"""

from bisect import bisect_left, insort
from collections import deque

import numpy as np

from lstm_core.arrays import SampleRows
from lstm_core.evaluation.intervals.conformal import conformal_rank

RATE = 0.01
"""Step of the level; 0.005 to 0.05 are usual. Larger ones follow faster and swing more."""
FEWEST, MOST = 100, 5_000
"""So many of the newest errors are kept to rank by: at least, however short the validation part is, and at most."""


def adaptive_half_widths(
    past: np.ndarray, errors: np.ndarray, origins: SampleRows, *, step: int, level: float, rate: float = RATE
) -> np.ndarray:
    """Half width of the band around every forecast of one step of the horizon.

    Ranked are the newest errors known when the forecast is made, as many as there are past ones, `FEWEST` to `MOST`.

    Parameters
    ----------
    past : (past,) sizes of errors, all known before the first origin, oldest first
    errors : (sample,) sizes of the errors that come true one after the other, same unit
    origins : (sample,) row of the first forecast value of each window, ascending
    step : steps ahead, 1, 2, ...: the truth of window j is row `origins[j] + step - 1`
    level : share of truths to hold, between 0 and 1
    rate : how far one truth moves the level; 0: never

    Returns
    -------
    (sample,) unit of the errors; infinite where the level asked for has reached 1 or the errors are too few
    """
    memory = min(max(len(past), FEWEST), MOST)
    known = deque(past[-memory:].tolist())
    ranked, sizes = sorted(known), errors.tolist()
    widths, alpha, told = np.empty(len(errors)), 1 - level, 0
    for now, origin in enumerate(origins.tolist()):
        while origins[told] + step - 1 < origin:
            # A band for the level 0 holds nothing, not even a perfect forecast: else the level would rise for ever.
            missed = alpha >= 1 or sizes[told] > widths[told]
            alpha += rate * (1 - level - missed)
            known.append(sizes[told])
            insort(ranked, sizes[told])
            if len(known) > memory:
                del ranked[bisect_left(ranked, known.popleft())]
            told += 1
        widths[now] = _half_width(ranked, 1 - alpha)
    return widths


def _half_width(ranked: list[float], level: float) -> float:
    """Of split conformal for ordered errors, and for levels that have left 0 to 1."""
    if level <= 0:
        return 0.0
    rank = conformal_rank(len(ranked), level)
    return ranked[rank - 1] if rank <= len(ranked) and level < 1 else np.inf
