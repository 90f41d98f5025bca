"""A network that learned a quantile, not the middle: what judges it.

The pinball loss of a truth y and a forecast y-hat of the quantile q is `max(q (y - y-hat), (q - 1)(y - y-hat))`; its
mean is smallest where a share q of the truths lies below the forecast (Koenker and Bassett 1978, Econometrica 46,
33-50). MAE, RMSE and skill measure the distance to the middle: by them every such network looks biased, as it is meant
to be. For q = 0.5 it is half the absolute error, so a network of that quantile forecasts the median and MAE is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from lstm_core.arrays import HorizonValues
from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.forecast import Forecast, paired
from lstm_core.evaluation.headline import TIE
from lstm_core.evaluation.intervals.coverage import chance_range
from lstm_core.evaluation.residual_tests import ALPHA, ResidualTest, mean_test, memory_test
from lstm_core.evaluation.residual_tests import diagnose as diagnose_middle
from lstm_core.evaluation.residuals import Residuals
from lstm_core.evaluation.verdict import Tone, Verdict, amount, over_all, p_text
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

PINBALL = "pinball"
"""Key of the score in the scores of a run."""
NOT_THE_MIDDLE = (
    "MAE, RMSE, R² and the skill measure the distance to the middle of what may come, which this network does not aim "
    "at: they cannot judge it."
)


def pinball(actual: HorizonValues, predicted: HorizonValues, quantile: float) -> float:
    """Mean pinball loss over all windows and steps, original units; see the module."""
    return float(pinball_losses(actual - predicted, quantile).mean())


def pinball_losses(missed: np.ndarray, quantile: float) -> np.ndarray:
    """Pinball loss of every miss `y - y_hat`, of any shape, original units."""
    return np.maximum(quantile * missed, (quantile - 1) * missed)


def raised_naive(
    prepared: Prepared, part: Part, quantile: float, *, learned_from: Prepared | None = None
) -> Forecast:
    """Repeat the last value, moved at every step ahead by that quantile of what this misses on the train windows.

    Parameters
    ----------
    learned_from : whose train windows these are; None: those of `prepared`
    """
    train, made = naive(learned_from or prepared, "train"), naive(prepared, part)
    move = np.quantile(train.actual - train.predicted, quantile, axis=0)
    return paired(
        prepared, made.predicted + move, part=part, label=f"Last value, moved to its quantile {quantile:g}"
    )


def pinball_scores(
    prepared: Prepared, made: Mapping[str, Forecast], quantile: float | None
) -> dict[str, dict[str, float]]:
    """Pinball loss of the network (`lstm`) and of `raised_naive` (`naive`) by its key; empty without a quantile.

    Parameters
    ----------
    made : the network's forecast among them
    quantile : that it learned; None: the middle
    """
    if quantile is None:
        return {}
    lstm = made["lstm"]
    told = {"lstm": lstm, "naive": raised_naive(prepared, lstm.part, quantile)}
    return {key: {PINBALL: pinball(one.actual, one.predicted, quantile)} for key, one in told.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileScore:
    """What a network that learned a quantile did on the windows of a part.

    Attributes
    ----------
    quantile : share of the truths that is to lie below the forecast
    below : share that does, over all windows and steps
    low, high : shares below that lie within chance in so many independent windows
    n : windows
    horizon : steps ahead
    loss, reference : mean pinball loss of the network and of `raised_naive`, original units
    """

    quantile: float
    below: float
    low: float
    high: float
    n: int
    horizon: int
    loss: float
    reference: float

    @property
    def saved(self) -> float | None:
        """Share of the reference's pinball loss that is saved; None where it makes none."""
        return 1 - self.loss / self.reference if self.reference > 0 else None


def quantile_score(prepared: Prepared, made: Forecast, quantile: float) -> QuantileScore:
    """Judge the forecast of a quantile."""
    low, high = chance_range(len(made), quantile)
    reference = raised_naive(prepared, made.part, quantile)
    return QuantileScore(
        quantile=quantile,
        below=float((made.actual <= made.predicted).mean()),
        low=low,
        high=high,
        n=len(made),
        horizon=made.horizon,
        loss=pinball(made.actual, made.predicted, quantile),
        reference=pinball(reference.actual, reference.predicted, quantile),
    )


def quantile_verdict(found: QuantileScore, unit: str, *, name: str = "LSTM") -> Verdict:
    """Say how many truths lie below the forecast, and what its pinball loss is beside that of the last value.

    Parameters
    ----------
    unit : of the target
    name : what the network is called
    """
    side = "above" if found.quantile > 0.5 else "below"
    most = max(found.quantile, 1 - found.quantile)
    asked = f"The {name} learned the quantile {found.quantile:g}, meant to lie {side} {100 * most:.4g}% of the truths"
    held = f"{found.below:.1%} of the test truths lie below it, {100 * found.quantile:.4g}% should"
    chance = f"by chance {found.low:.1%} to {found.high:.1%} of {found.n} windows would"
    losses = (
        f"Its pinball loss is {amount(found.loss, unit)}, that of the last value moved to the same quantile "
        f"{amount(found.reference, unit)}{over_all(found.horizon)}"
    )
    tone, means = _judged(found)
    return Verdict(tone=tone, sentence=f"{asked}. {held} ({chance}). {losses}: {means}")


def _judged(found: QuantileScore) -> tuple[Tone, str]:
    saved = found.saved
    if saved is None:
        return "note", "repeating the last value is never off here, so nothing can beat it."
    if saved < -TIE:
        return (
            "bad",
            f"{-saved:.0%} more, so it is not worth its training. The Doctor page looks for the cause.",
        )
    if saved < TIE:
        return "caution", "it has learned nothing that pays. The Doctor page looks for the cause."
    if not found.low <= found.below <= found.high:
        side = "low" if found.below < found.low else "high"
        return "caution", f"{saved:.0%} less, but the forecast lies too {side} for its quantile."
    return "good", f"{saved:.0%} less."


def quantile_tests(left: Residuals, quantile: float, *, period: int = 1) -> tuple[ResidualTest, ...]:
    """The tests of `residual_tests.diagnose` for a network that learned a quantile.

    In place of the mean and the memory of the residuals, the share of them below 0 is tested, and whether it comes in
    runs: with the right quantile, `hit - q` has mean 0 and no memory (Christoffersen 1998, Int. Economic Review 39,
    841-862; Engle and Manganelli 2004). The others are told and find no fault: the edge of a band has misses of any
    shape and size.
    """
    hits = replace(left, values=(left.values <= 0) - quantile)
    told = {
        test.key: replace(test, verdict=_neutral(test.verdict), seen="", means="", advice="")
        for test in diagnose_middle(left, period=period)
    }
    told |= {"mean": _share_test(hits, quantile), "memory": _run_test(hits, period)}
    return tuple(told.values())


def overall_quantile_verdict(tests: tuple[ResidualTest, ...], quantile: float) -> Verdict:
    """One sentence on the two tests that can judge a quantile."""
    share, runs = (test.verdict for test in tests if test.key in ("mean", "memory"))
    tone: Tone = "caution" if "caution" in (share.tone, runs.tone) else share.tone
    return Verdict(
        tone=tone,
        sentence=f"This network learned the quantile {quantile:g}, so its residuals are meant to lie on one side of 0. "
        f"{share.sentence} {runs.sentence}",
    )


def _share_test(hits: Residuals, quantile: float) -> ResidualTest:
    """Ask whether the share of truths below the forecast is the quantile: z test with a Newey-West error."""
    test = mean_test(hits)
    share = float(hits.values.mean()) + quantile
    told = f"{share:.1%} of the truths lie below the forecast, {100 * quantile:.4g}% should"
    if test.p_value is None:
        verdict = Verdict(tone="note", sentence=f"{told}; whether that is chance cannot be tested.")
    elif test.p_value >= ALPHA:
        verdict = Verdict(tone="good", sentence=f"{told}: no more than chance ({p_text(test.p_value)}).")
    else:
        side = "high" if share > quantile else "low"
        verdict = Verdict(
            tone="caution",
            sentence=f"{told}: more than chance ({p_text(test.p_value)}), so the forecast lies too {side} for its "
            "quantile.",
        )
    return replace(
        test,
        name="Share below (z test, Newey-West)",
        hypothesis="the share below is the quantile",
        verdict=verdict,
        seen="",
        means="",
        advice="",
    )


def _run_test(hits: Residuals, period: int) -> ResidualTest:
    """Ask whether truths above and below the forecast come in no runs: Ljung-Box on `hit - q`."""
    test = memory_test(hits, period=period)
    if test.p_value is None:
        verdict = Verdict(tone="note", sentence="Whether they come in runs cannot be tested.")
    elif test.verdict.tone == "caution":
        verdict = Verdict(
            tone="caution",
            sentence=f"They come in runs ({p_text(test.p_value)}): at times too many lie on one side, at others too "
            "few. A longer window or more units may follow the times better.",
        )
    else:
        tone: Tone = "good" if test.p_value >= ALPHA else "note"
        words = "They do not come in runs" if tone == "good" else "They come in runs, but weakly"
        verdict = Verdict(tone=tone, sentence=f"{words} ({p_text(test.p_value)}).")
    return replace(
        test,
        name=test.name.replace("Memory", "Runs"),
        hypothesis="truths below the forecast come in no runs",
        verdict=verdict,
        seen="",
        means="",
        advice="",
    )


def _neutral(told: Verdict) -> Verdict:
    return replace(told, tone="note") if told.tone in ("caution", "bad") else told
