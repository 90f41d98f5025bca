"""Tests of the residuals: each one with its question, its statistic and a sentence.

A test says whether what is seen could be chance. It finds tiny flaws in long series and misses large ones in
short series, so every sentence also says how large the flaw is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import het_arch, het_breuschpagan
from statsmodels.stats.stattools import jarque_bera
from statsmodels.tsa.stattools import acf, q_stat

from lstm_core.evaluation.residuals import Residuals, lags_to_test
from lstm_core.evaluation.verdict import Tone, Verdict, amount, p_text

ALPHA = 0.05
FEWEST = 8
# Below these a flaw is told, but does not count: in a long series every flaw is more than chance.
WEAK_BIAS = 0.05
WEAK_CORRELATION = 0.1
WEAK_RATIO = 1.1
WEAK_SHARE = 0.02
FOUND = {
    "mean": "a bias",
    "memory": "a pattern in time",
    "size": "misses that change with the forecast",
    "clusters": "large misses in clusters",
    "normal": "a shape that is not normal",
}
ADVICE = {
    "memory": "A better forecast exists: try a longer window, more units or more epochs.",
    "mean": "The forecast is off to one side: look whether the level of the series drifts.",
}
ONE_SIDED = (
    "It may follow every move, but around the wrong level.",
    "If the level of the series drifts, train on differences or on newer rows.",
)
USED_TOO_LITTLE = (
    "What was missed before tells something about what is missed next: the forecast left a pattern unused.",
    "Try a longer window, more units or more epochs.",
)
UNEVEN = ("One average error hides that.", "A logarithm of the series often evens it out.")
CLUSTERED = (
    "There are calm and wild times, and one average error fits neither.",
    "Trust bands that follow the times, as the adaptive ones on the Intervals page do.",
)
UNDEFINED = ", so this test is not defined."
FLAT = "The forecast is the same everywhere"
STANDS = "The forecast can still be good; one average error does not describe its misses."


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualTest:
    """One test and what it means.

    Attributes
    ----------
    key : mean, normal, memory, size, clusters
    name : what the test is called
    hypothesis : what the test doubts, in words
    statistic, p_value : None when the test is not defined for these residuals; the verdict says why
    seen, means, advice : the parts of the verdict's sentence when a bias or a pattern in time or in size is found, for
        the doctor to say the same; else empty
    """

    key: str
    name: str
    hypothesis: str
    statistic: float | None
    p_value: float | None
    verdict: Verdict
    seen: str = ""
    means: str = ""
    advice: str = ""


def diagnose(residuals: Residuals, *, period: int = 1) -> tuple[ResidualTest, ...]:
    """All five tests, in the order a person asks: biased, remembering, changing size, clustered, normal."""
    return (
        mean_test(residuals),
        memory_test(residuals, period=period),
        size_test(residuals),
        cluster_test(residuals),
        normality_test(residuals),
    )


def overall_verdict(tests: Sequence[ResidualTest]) -> Verdict:
    """One sentence on all tests together, naming what was found."""
    found = [test for test in tests if test.verdict.tone == "caution"]
    if any(test.verdict.sentence.startswith(FLAT) for test in found):
        return Verdict(
            tone="caution",
            sentence=f"{FLAT}, so what is left over is the series itself, and so is what the checks find. Find out "
            "first why the network ignores its input: the Doctor page looks for the cause.",
        )
    if found:
        keys = [test.key for test in found]
        names = ", ".join(FOUND[key] for key in keys)
        advice = next((words for key, words in ADVICE.items() if key in keys), STANDS)
        return Verdict(
            tone="caution",
            sentence=f"{len(found)} of {len(tests)} checks find something in what is left over: {names}. {advice}",
        )
    if all(test.p_value is None for test in tests):
        why = tests[0].verdict.sentence.removesuffix(UNDEFINED)
        return Verdict(tone="note", sentence=f"{why}, so no check can tell noise from a pattern.")
    return Verdict(
        tone="good",
        sentence="What is left over looks like noise: no check finds a bias, a pattern or a changing size. "
        "A better forecast would need other inputs.",
    )


def mean_test(residuals: Residuals) -> ResidualTest:
    """Ask whether the mean residual is 0: z test with a Newey-West (HAC) standard error.

    Residuals remember each other, several steps ahead even those of a perfect forecaster; a plain t test would
    then call chance a bias. Lags: `4 (n / 100)^(2/9)`, at least `step - 1`.
    """
    name, asks = "Mean (z test, Newey-West)", "the mean residual is 0"
    mean = float(residuals.values.mean())
    if not np.abs(residuals.values).max() > 0:
        return _undefined("mean", name, asks, "There is not a single miss", tone="good")
    if len(residuals) >= FEWEST and not residuals.vary:
        every = f"Every residual is {amount(mean, residuals.unit)}, a bias and nothing else"
        return _undefined("mean", name, asks, every, tone="caution")
    if refusal := _refuse(residuals):
        return _undefined("mean", name, asks, refusal)
    n = len(residuals)
    lags = min(max(residuals.step - 1, int(4 * (n / 100) ** (2 / 9))), n - 2)
    fit = OLS(residuals.scaled, np.ones(n)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    z, p = float(fit.tvalues[0]), float(fit.pvalues[0])
    size = f"The mean residual is {amount(mean, residuals.unit)}"
    if p >= ALPHA:
        verdict = Verdict(
            tone="good", sentence=f"{size}, which is no more than chance ({p_text(p)}): no bias is seen."
        )
    else:
        direction = "low" if mean > 0 else "high"
        share = abs(mean) / float(np.abs(residuals.values).mean())
        seen = f"{size} ({p_text(p)}): the forecast is too {direction} on average, by {share:.0%} of a usual miss."
        return _found("mean", name, asks, (z, p), (seen, *ONE_SIDED), weak=share <= WEAK_BIAS)
    return ResidualTest(key="mean", name=name, hypothesis=asks, statistic=z, p_value=p, verdict=verdict)


def memory_test(residuals: Residuals, *, period: int = 1) -> ResidualTest:
    """Ask whether the residuals are uncorrelated: Ljung-Box over `lags_to_test`; `period`: the season in use."""
    lags, why = lags_to_test(len(residuals), period)
    over = f"{_lags(lags)}{why}"
    name, asks = f"Memory (Ljung-Box, {_lags(lags)})", "the residuals do not depend on earlier residuals"
    if refusal := _refuse(residuals):
        return _undefined("memory", name, asks, refusal)
    # `acorr_ljungbox` takes the square of the length in time; this is the same number through a fast transform.
    correlations = np.asarray(acf(residuals.scaled, nlags=lags, fft=True, result_object=False))[1:]
    statistics, p_values = q_stat(correlations, len(residuals))
    q, p = float(statistics[-1]), float(p_values[-1])
    if p >= ALPHA:
        verdict = Verdict(
            tone="good",
            sentence=f"The residuals do not remember each other over {over} ({p_text(p)}): no linear pattern is "
            "left to learn.",
        )
    else:
        strongest = int(np.abs(correlations).argmax())
        at_most = f"{correlations[strongest]:+.2f}".replace("-", "−")
        found = (
            f"The residuals remember each other over {over} ({p_text(p)}; strongest correlation {at_most}, at "
            f"lag {strongest + 1})"
        )
        if residuals.step == 1 and abs(correlations[strongest]) >= WEAK_CORRELATION:
            return _found("memory", name, asks, (q, p), (f"{found}.", *USED_TOO_LITTLE))
        verdict = _weak_memory(found, residuals.step)
    return ResidualTest(key="memory", name=name, hypothesis=asks, statistic=q, p_value=p, verdict=verdict)


def _weak_memory(found: str, step: int) -> Verdict:
    why = ": more than chance, but too weak to gain much from learning it."
    if step > 1:
        why = (
            f". {step} steps ahead that is expected up to lag {step - 1}, because neighbouring forecasts share the "
            "same surprises; look at the bars beyond it."
        )
    return Verdict(tone="note", sentence=f"{found}{why}")


def size_test(residuals: Residuals) -> ResidualTest:
    """Ask whether the misses are as large at low as at high forecasts: Breusch-Pagan (Koenker's form)."""
    name, asks = "Size (Breusch-Pagan)", "the size of a miss does not depend on the forecast"
    if refusal := _refuse(residuals):
        return _undefined("size", name, asks, refusal)
    spread = residuals.predicted.std()
    if not spread > 1e-12 * np.abs(residuals.predicted).max():
        return _undefined("size", name, asks, FLAT, tone="caution")
    level = (residuals.predicted - residuals.predicted.mean()) / spread
    design = np.column_stack([np.ones(len(level)), level])
    lm, p, *_ = map(float, het_breuschpagan(residuals.scaled, design))
    if not p < ALPHA:
        verdict = Verdict(
            tone="good",
            sentence=f"The misses are about as large at low as at high forecasts ({p_text(p)}).",
        )
    else:
        low, high = (np.abs(residuals.values[half]).mean() for half in (level <= 0, level > 0))
        seen = (
            f"The size of the misses changes with the forecast ({p_text(p)}): on average "
            f"{amount(float(low), residuals.unit)} at low and {amount(float(high), residuals.unit)} at high forecasts."
        )
        weak = bool(max(low, high) <= WEAK_RATIO * min(low, high))
        return _found("size", name, asks, (lm, p), (seen, *UNEVEN), weak=weak)
    return ResidualTest(key="size", name=name, hypothesis=asks, statistic=lm, p_value=p, verdict=verdict)


def cluster_test(residuals: Residuals) -> ResidualTest:
    """Ask whether large misses come in clusters: Engle's ARCH test over 10 lags, at most n / 5."""
    lags = max(min(10, len(residuals) // 5), 1)
    name, asks = f"Clusters (ARCH, {_lags(lags)})", "the size of a miss does not depend on earlier misses"
    if refusal := _refuse(residuals, fewest=20):
        return _undefined("clusters", name, asks, refusal)
    if np.ptp(residuals.scaled**2) <= 1e-12:
        return _undefined("clusters", name, asks, "All misses have the same size")
    found = het_arch(residuals.scaled, nlags=lags, result_object=True)
    lm, p = float(found[0]), float(found[1])
    if p >= ALPHA:
        verdict = Verdict(
            tone="good", sentence=f"No sign of large misses in clusters ({p_text(p)}): the risk looks steady."
        )
    else:
        share = lm / (len(residuals) - lags)  # the statistic is R² times the number of rows in the regression
        squares = f"earlier misses explain {share:.0%} of the square of the next"
        seen = f"Large misses come in clusters ({p_text(p)}; {squares})."
        return _found("clusters", name, asks, (lm, p), (seen, *CLUSTERED), weak=share <= WEAK_SHARE)
    return ResidualTest(key="clusters", name=name, hypothesis=asks, statistic=lm, p_value=p, verdict=verdict)


def normality_test(residuals: Residuals) -> ResidualTest:
    """Ask whether the residuals are normal: Jarque-Bera, from skewness and kurtosis."""
    name, asks = "Shape (Jarque-Bera)", "the residuals are normally distributed"
    if refusal := _refuse(residuals):
        return _undefined("normal", name, asks, refusal)
    statistic, p, skew, kurtosis = (float(value) for value in jarque_bera(residuals.scaled))
    shape = f"skewness {skew:.2f}, kurtosis {kurtosis:.2f}; a normal has 0 and 3".replace("-", "−")
    if p >= ALPHA:
        verdict = Verdict(tone="good", sentence=f"The residuals look normal ({p_text(p)}; {shape}).")
    else:
        verdict = Verdict(
            tone="caution",
            sentence=f"The residuals are not normal ({p_text(p)}; {shape}). The forecast may still be good, but "
            "'plus or minus two standard deviations' need not hold 95% of the misses.",
        )
    return ResidualTest(
        key="normal", name=name, hypothesis=asks, statistic=statistic, p_value=p, verdict=verdict
    )


def _found(
    key: str,
    name: str,
    asks: str,
    numbers: tuple[float, float],
    words: tuple[str, str, str],
    *,
    weak: bool = False,
) -> ResidualTest:
    """A flaw, its sentence made of what is seen, what it means and what to try."""
    seen, means, advice = words
    return ResidualTest(
        key=key,
        name=name,
        hypothesis=asks,
        statistic=numbers[0],
        p_value=numbers[1],
        verdict=Verdict(tone="note" if weak else "caution", sentence=" ".join(words)),
        seen=seen,
        means=means,
        advice=advice,
    )


def _refuse(residuals: Residuals, *, fewest: int = FEWEST) -> str:
    """Why a test cannot be made, or an empty text."""
    if len(residuals) < fewest:
        return f"{len(residuals)} residuals are too few ({fewest} are needed)"
    return "" if residuals.vary else "All residuals are the same"


def _undefined(key: str, name: str, asks: str, why: str, *, tone: Tone = "note") -> ResidualTest:
    verdict = Verdict(tone=tone, sentence=f"{why}{UNDEFINED}")
    return ResidualTest(key=key, name=name, hypothesis=asks, statistic=None, p_value=None, verdict=verdict)


def _lags(count: int) -> str:
    return "1 lag" if count == 1 else f"{count} lags"
