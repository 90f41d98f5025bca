"""How a series remembers itself: ACF, PACF, their bands, and the window length they suggest."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.tsa.stattools import acf, levinson_durbin

from lstm_core.arrays import LagValues, TimeValues
from lstm_core.errors import SeriesError

DEFAULT_LAGS = 20
MIN_OBSERVATIONS = 4
SMALLEST_PARTIAL = 0.03
"""A partial autocorrelation below this is too weak to be worth a step, however many rows prove that it is not 0."""
QUIET_LAGS = 3
"""The PACF has cut off when this many lags in a row say nothing."""
SHORTEST_SUGGESTION = 8
"""A few steps more than strictly needed let the network average noise out."""
WINDOWS_PER_STEP = 6
"""A suggestion takes at most this fraction of the rows, so that enough windows are left."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Correlogram:
    """Autocorrelations at lags 0, 1, 2, ...; lag 0 is always 1.

    A constant series has none: every value is NaN and `is_defined` is False (B65).

    Attributes
    ----------
    acf, pacf : (lag,) dimensionless, -1 to 1
    acf_band, pacf_band : (lag,) half-widths; a series without memory stays within -band..band with probability
        1 - alpha at each lag. The ACF band widens (Bartlett), the PACF band is z / sqrt(n). NaN at lag 0.
    n_observations : int
    alpha : float
    """

    acf: LagValues
    pacf: LagValues
    acf_band: LagValues
    pacf_band: LagValues
    n_observations: int
    alpha: float

    @property
    def is_defined(self) -> bool:
        """Whether the series varies at all."""
        return bool(np.isfinite(self.acf).all())

    @property
    def n_lags(self) -> int:
        """Largest lag."""
        return len(self.acf) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSuggestion:
    """A window length in rows and the sentence that explains it.

    Attributes
    ----------
    pacf_cutoff : int
        Last lag before the PACF falls silent; 0 when no lag stands out.
    """

    length: int
    reason: str
    pacf_cutoff: int


def largest_lag(n_observations: int) -> int:
    """Largest lag whose partial autocorrelation can be estimated: below half of the rows (W13)."""
    return n_observations // 2 - 1


def correlogram(values: TimeValues, *, n_lags: int = DEFAULT_LAGS, alpha: float = 0.05) -> Correlogram:
    """Estimate ACF and PACF; a million rows take half a second.

    The ACF comes from the FFT. The PACF solves the Yule-Walker equations of that same ACF by Levinson-Durbin
    (statsmodels' `pacf(method="ywm")`, Box & Jenkins 1976 section 3.2.5), so it always lies within -1..1.

    Raises
    ------
    SeriesError
        If there are fewer than 4 rows, or `n_lags` is not below half of the rows.
    """
    n = len(values)
    if n < MIN_OBSERVATIONS:
        raise SeriesError(
            "The series is too short for autocorrelations",
            received=f"{n} rows",
            expected=f"at least {MIN_OBSERVATIONS} rows",
            advice="Upload a longer series, or choose a sample.",
            field="upload",
        )
    if not 1 <= n_lags <= largest_lag(n):
        raise SeriesError(
            f"{n} rows cannot show {n_lags} lags",
            received=f"n_lags={n_lags}",
            expected=f"1 to {largest_lag(n)}, below half of the rows",
            advice="Show fewer lags.",
            field="n_lags",
        )
    undefined = np.full(n_lags + 1, np.nan)
    estimate = partial = wide = flat = undefined
    if not is_constant(values):
        result: Any = acf(without_unit(values), nlags=n_lags, alpha=alpha, fft=True, result_object=True)
        estimate, partial = result.acf, partial_autocorrelations(result.acf)
        # statsmodels centres its interval on the estimate; the band to compare with is centred on 0.
        wide = result.confint[:, 1] - estimate
        flat = np.full(n_lags + 1, stats.norm.ppf(1 - alpha / 2) / np.sqrt(n))
    return Correlogram(
        acf=_read_only(estimate),
        pacf=_read_only(partial),
        acf_band=_read_only([np.nan, *wide[1:]]),
        pacf_band=_read_only([np.nan, *flat[1:]]),
        n_observations=n,
        alpha=alpha,
    )


def autocorrelations(values: TimeValues, *, n_lags: int) -> LagValues:
    """ACF at lags 0 to `n_lags` by the FFT, shape (lag,)."""
    result: Any = acf(values, nlags=n_lags, fft=True, result_object=True)
    return np.asarray(result.acf)


def partial_autocorrelations(autocorrelation: LagValues) -> LagValues:
    """PACF at lags 0 to n from the ACF at the same lags: Levinson-Durbin, shape (lag,)."""
    # A perfectly predictable series leaves nothing to explain at later lags: 0/0, which is "no more memory".
    with np.errstate(divide="ignore", invalid="ignore"):
        partial = levinson_durbin(autocorrelation, nlags=len(autocorrelation) - 1, isacov=True)[2]
    return np.nan_to_num(np.asarray(partial), nan=0.0, posinf=0.0, neginf=0.0)


def stands_out(values: LagValues, band: LagValues | float) -> Bool[np.ndarray, "lag"]:
    """Which lags lie outside the band -band..band, where a series without memory would seldom be."""
    return np.abs(values) > band


def pacf_cutoff(correlogram: Correlogram) -> int:
    """Last lag whose partial autocorrelation stands out before `QUIET_LAGS` silent lags; 0 when none does."""
    loud = np.abs(correlogram.pacf[1:]) > np.maximum(correlogram.pacf_band[1:], SMALLEST_PARTIAL)
    last = 0
    for lag in np.flatnonzero(loud) + 1:
        if lag - last > QUIET_LAGS:
            break
        last = int(lag)
    return last


def suggest_window(correlogram: Correlogram, *, season: int = 1) -> WindowSuggestion:
    """Suggest how many rows the network should read, and say why.

    The longer of two memories: the lag at which the PACF cuts off, and one season. Never fewer than 8 rows and
    never more than a sixth of the series.

    Parameters
    ----------
    season : int
        Season length in rows, 1 when there is none (`seasonality.find_season`).
    """
    most = max(correlogram.n_observations // WINDOWS_PER_STEP, 1)
    if not correlogram.is_defined:
        length = min(SHORTEST_SUGGESTION, most)
        return WindowSuggestion(
            length=length, reason="The series never changes: any length will do.", pacf_cutoff=0
        )
    cutoff = pacf_cutoff(correlogram)
    wanted = max(cutoff, season if season > 1 else 0, SHORTEST_SUGGESTION)
    length = min(wanted, most)
    return WindowSuggestion(
        length=length, reason=_explain(correlogram, cutoff, season, wanted, most), pacf_cutoff=cutoff
    )


def _explain(correlogram: Correlogram, cutoff: int, season: int, wanted: int, most: int) -> str:
    if cutoff == 0:
        memory = "no lag of the PACF stands out"
    elif cutoff == correlogram.n_lags:
        memory = f"the PACF still speaks at lag {cutoff}, the last one shown"
    else:
        memory = f"the PACF cuts off at lag {cutoff}"
    if season > 1:
        memory += f", and the series repeats every {season} rows"
    reason = memory[0].upper() + memory[1:]
    if wanted == SHORTEST_SUGGESTION > max(cutoff, season):
        reason += f"; {SHORTEST_SUGGESTION} rows are a floor that lets the network average noise out"
    if wanted > most:
        reason += f"; {wanted} rows would leave too few windows in {correlogram.n_observations} rows"
    return reason + "."


def is_constant(values: TimeValues) -> bool:
    """Whether the series never changes."""
    return bool(values.max() == values.min())


def without_unit(values: TimeValues) -> TimeValues:
    """Shift and scale to about -1..1: correlations do not notice, and huge or tiny numbers cannot overflow."""
    halves = values / 2
    centred = halves - (halves.max() / 2 + halves.min() / 2)
    return centred / np.abs(centred).max()


def _read_only(values: ArrayLike) -> LagValues:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array
