"""Whether the series keeps its level: ADF and KPSS, and what the pair of them says."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.stattools import adfuller, kpss
from threadpoolctl import threadpool_limits

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.correlogram import is_constant, without_unit

TESTED_ROWS = 5_000
"""Longer series are tested on their newest rows: the tests cost too much beyond, and would refuse every series."""
MAX_ADF_LAGS = 30
MIN_ROWS = 12
ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTest:
    """One test in numbers.

    Attributes
    ----------
    name, null : what the test is called, and what it assumes until the series contradicts it
    statistic, p_value : dimensionless; NaN when not defined
    p_text : the p-value as it may be shown: KPSS' table ends at 0.01 and 0.1
    lags : int
        Lags the test used to soak up autocorrelation.
    rejects : bool
        Whether `null` is contradicted at 5%.
    """

    name: str
    null: str
    statistic: float
    p_value: float
    p_text: str
    lags: int
    rejects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StationarityCheck:
    """ADF and KPSS on the newest `n_tested` rows, and one sentence.

    Attributes
    ----------
    stationary : bool or None
        None when the tests disagree or are not defined.
    """

    adf: UnitTest
    kpss: UnitTest
    n_tested: int
    stationary: bool | None
    verdict: str


_ADF_NULL = "the series has a unit root: it wanders"
_KPSS_NULL = "the series keeps its level"
_VERDICTS: dict[tuple[bool, bool], tuple[bool | None, str]] = {
    (True, False): (
        True,
        "The series keeps its level (ADF rejects a unit root, KPSS finds no trend): windows from any time look alike.",
    ),
    (False, True): (
        False,
        "The series wanders or trends (ADF finds no evidence against a unit root, KPSS rejects a fixed level): test "
        "values may lie outside everything the network has seen.",
    ),
    (True, True): (
        None,
        "The tests disagree (both reject): no unit root, yet the level or the spread changes, as with a trend, a "
        "shift or a long cycle.",
    ),
    (False, False): (
        None,
        "The tests cannot tell (neither rejects): there are too few rows, or the memory is too long, to decide.",
    ),
}


def check_stationarity(values: TimeValues) -> StationarityCheck:
    """Test for a unit root (ADF) and for a fixed level (KPSS), both with a constant and no trend.

    ADF takes the number of lags, at most 30, by AIC (Dickey & Fuller 1979; MacKinnon 2010); KPSS takes Hobijn's
    automatic bandwidth (Kwiatkowski et al. 1992). Constant or very short series give "not defined" (B65).
    """
    tested = values[-TESTED_ROWS:]
    n = len(tested)
    if n < MIN_ROWS or is_constant(tested):
        why = "the series never changes" if n >= MIN_ROWS else f"fewer than {MIN_ROWS} rows"
        return StationarityCheck(
            adf=_undefined("ADF", _ADF_NULL),
            kpss=_undefined("KPSS", _KPSS_NULL),
            n_tested=n,
            stationary=None,
            verdict=f"ADF and KPSS are not defined: {why}.",
        )
    unit_free = without_unit(tested)
    # ADF is thirty small regressions; several BLAS threads spin in each and cost up to fifty times one thread's time.
    with threadpool_limits(limits=1, user_api="blas"):
        adf, level = _adf(unit_free), _kpss(unit_free)
    stationary, verdict = _VERDICTS[adf.rejects, level.rejects]
    if n < len(values):
        verdict += f" Tested on the newest {n:,} rows.".replace(",", "\u202f")
    return StationarityCheck(adf=adf, kpss=level, n_tested=n, stationary=stationary, verdict=verdict)


def _adf(values: TimeValues) -> UnitTest:
    n = len(values)
    # Schwert's rule, as statsmodels; the cap keeps long series fast.
    lags = min(int(np.ceil(12 * (n / 100) ** 0.25)), n // 2 - 2, MAX_ADF_LAGS)
    try:
        # A series that follows its own past exactly leaves no residual and a singular regression.
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result: Any = adfuller(values, maxlag=lags, autolag="AIC", result_object=True)
    except (ValueError, np.linalg.LinAlgError):
        return _undefined("ADF", _ADF_NULL)
    statistic, p_value = float(result.statistic), float(result.pvalue)
    if not np.isfinite(statistic) or not np.isfinite(p_value):
        return _undefined("ADF", _ADF_NULL)
    return UnitTest(
        name="ADF",
        null=_ADF_NULL,
        statistic=statistic,
        p_value=p_value,
        p_text="< 0.001" if p_value < 0.001 else f"{p_value:.3f}",
        lags=int(result.lags),
        rejects=p_value < ALPHA,
    )


def _kpss(values: TimeValues) -> UnitTest:
    with warnings.catch_warnings():
        # The table of p-values ends at 0.01 and 0.1; the text below says so.
        warnings.simplefilter("ignore", InterpolationWarning)
        result: Any = kpss(values, regression="c", nlags="auto", result_object=True)
    p_value = float(result.pvalue)
    text = {0.01: "< 0.01", 0.1: "> 0.1"}.get(round(p_value, 6), f"{p_value:.3f}")
    return UnitTest(
        name="KPSS",
        null=_KPSS_NULL,
        statistic=float(result.statistic),
        p_value=p_value,
        p_text=text,
        lags=int(result.lags),
        rejects=p_value < ALPHA,
    )


def _undefined(name: str, null: str) -> UnitTest:
    return UnitTest(
        name=name,
        null=null,
        statistic=float("nan"),
        p_value=float("nan"),
        p_text="not defined",
        lags=0,
        rejects=False,
    )
