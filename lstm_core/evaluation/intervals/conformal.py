"""Split conformal bands: how far off a forecast was on windows it was not trained on says how sure it is of the next.

The half width for a level is the `ceil((n + 1) * level)`-th smallest of the n absolute errors of a part that the
weights were not fitted to. If those windows and the next one are exchangeable (any order of them is as likely), the
band holds the truth with a probability of at least the level, whatever the network and whatever the errors look like
(Vovk, Gammerman and Shafer 2005; Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, section 2.2). A series seldom is
exchangeable, so what the bands hold is measured on the test part (`coverage`).
"""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import HorizonValues

HalfWidths = Float[np.ndarray, "level horizon"]


def split_conformal(errors: HorizonValues, levels: Sequence[float]) -> HalfWidths:
    """Half width of the band at every step of the horizon, for several levels.

    Parameters
    ----------
    errors : (sample, horizon) truth minus forecast on the calibration windows, any unit; the sign does not matter
    levels : share of truths that a band is to hold, each between 0 and 1

    Returns
    -------
    (level, horizon) float64, unit of the errors; a band is forecast plus and minus this. Infinite where there are too
    few errors for the level: `least_errors(level)` are needed

    Raises
    ------
    ValueError
        If a level is not between 0 and 1, or an error is not finite.
    """
    for level in levels:
        _check_level(level)
    if not np.isfinite(errors).all():
        raise ValueError("errors must be finite")
    sizes = np.sort(np.abs(np.asarray(errors, dtype=np.float64)), axis=0)
    widths = np.full((len(levels), sizes.shape[1]), np.inf)
    for place, level in enumerate(levels):
        rank = conformal_rank(len(sizes), level)
        if rank <= len(sizes):
            widths[place] = sizes[rank - 1]
    return widths


def conformal_rank(n: int, level: float) -> int:
    """Which of n ordered errors is the half width, `ceil((n + 1) * level)`; above n there is none."""
    return max(_ceil((n + 1) * level), 1)


def least_errors(level: float) -> int:
    """Fewest calibration windows for a finite band, the smallest n with `ceil((n + 1) * level) <= n`."""
    _check_level(level)
    return max(_ceil(level / (1 - level)), 1)


def _ceil(value: float) -> int:
    """Round up, but 100 * 0.55 is 55.00000000000001: what is a whole number up to rounding stays that number."""
    whole = math.floor(value + 0.5)
    return whole if abs(value - whole) < 5e-10 else math.ceil(value)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
