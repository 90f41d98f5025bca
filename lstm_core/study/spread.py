"""How far the scores of several seeds lie apart: the seed noise of one result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_core.evaluation.headline import NAMES, TIE
from lstm_core.evaluation.measure import MAE, MEASURES, measure_for, rival_it
from lstm_core.evaluation.scores import CARDS
from lstm_core.evaluation.verdict import Verdict, amount, over_all
from lstm_core.study.repetition import Repetition

LUCKY = 0.1
"""A standard deviation above this share of the mean is too much luck for a single run to be trusted."""
UNKNOWN_LOSS = (
    "These runs learned a quantile, which MAE cannot judge, and were trained when the pinball loss was not kept yet. "
    "Train them again to compare them."
)
LARGE = 1e100
"""Values beyond this are divided by the largest first: their squares might overflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where several values lie.

    Attributes
    ----------
    n : how many values
    mean : arithmetic mean
    deviation : sample standard deviation, divisor n - 1; None for a single value, which has none
    low, high : smallest and largest value
    """

    n: int
    mean: float
    deviation: float | None
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Mean, standard deviation with divisor n - 1, smallest and largest of at least one value.

    Raises
    ------
    ValueError
        If there is no value.
    """
    if not values:
        raise ValueError("nothing to spread")
    array = np.asarray(values, dtype=np.float64)
    largest = float(np.abs(array).max())
    size = largest if largest > LARGE else 1.0
    deviation = size * float(np.std(array / size, ddof=1)) if len(array) > 1 else None
    return Spread(
        n=len(array),
        mean=size * float(np.mean(array / size)),
        deviation=deviation,
        low=float(array.min()),
        high=float(array.max()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSpread:
    """Scores of the finished seeds of a repetition on the test part, original units.

    Attributes
    ----------
    seeds : of the runs that have scores, ascending
    values : per score of `CARDS` and the one that judges, one value per seed; None where it is not defined
    baselines : per baseline, its scores; they know no seed and so have no spread
    measure : key of the score that judges, `mae` or `pinball`
    horizon : steps ahead that the scores are averaged over
    """

    seeds: tuple[int, ...]
    values: Mapping[str, tuple[float | None, ...]]
    baselines: Mapping[str, Mapping[str, float | None]]
    measure: str = MAE
    horizon: int = 1

    @property
    def n(self) -> int:
        """How many seeds have scores."""
        return len(self.seeds)

    def of(self, score: str) -> Spread | None:
        """Spread of a score over the seeds for which it is defined; None when there are none."""
        defined = self.defined(score)
        return spread(defined) if defined else None

    def defined(self, score: str) -> tuple[float, ...]:
        """Values of a score that are defined."""
        return tuple(value for value in self.values[score] if value is not None)

    def baseline(self, name: str, score: str) -> float | None:
        """Score of a baseline; None when unknown or not defined."""
        return self.baselines.get(name, {}).get(score)


def seed_spread(repetition: Repetition) -> SeedSpread:
    """Collect the scores of the finished runs of a repetition."""
    told = [
        (seed, run.state.finished.scores)
        for seed, run in zip(repetition.seeds, repetition.runs, strict=True)
        if run.state.finished is not None and run.state.finished.scores
    ]
    measure = measure_for(repetition.spec.plan.edge).key
    keys = dict.fromkeys((*CARDS, measure))
    return SeedSpread(
        seeds=tuple(seed for seed, _ in told),
        values={key: tuple(scores["lstm"].get(key) for _, scores in told) for key in keys},
        measure=measure,
        horizon=repetition.spec.preparation.window.horizon,
        baselines={} if not told else {name: one for name, one in told[0][1].items() if name != "lstm"},
    )


def spread_verdict(scores: SeedSpread, unit: str) -> Verdict:
    """Say how much of the result is luck, beside the error of repeating the last value.

    Parameters
    ----------
    unit : unit of the target, for the error
    """
    key, what = scores.measure, f"test {MEASURES[scores.measure]}{over_all(scores.horizon)}"
    mae, naive = scores.of(key), scores.baseline("naive", key)
    if mae is None:
        why = UNKNOWN_LOSS if scores.n else "No seed is done yet, so there is nothing to tell."
        return Verdict(tone="note", sentence=why)
    last = rival_it(key)
    compared = f"; {last} gives {amount(naive)}." if naive is not None else "."
    if mae.deviation is None:
        return Verdict(
            tone="note",
            sentence=f"With 1 seed the {what} is {amount(mae.mean, unit)}{compared} One value has no spread: "
            "repeat with at least 3 seeds to see how much of it is luck.",
        )
    numbers = (
        f"Over {mae.n} seeds the {what} is {plus_minus(mae.mean, mae.deviation, unit)} "
        f"(mean ± standard deviation), from {amount(mae.low)} to {amount(mae.high)}{compared}"
    )
    if naive is not None and (lost := sum(value >= naive for value in scores.defined(key))):
        return _not_always_better(numbers, lost, mae.n)
    rivals = {name: told[key] for name, told in scores.baselines.items() if told.get(key) is not None}
    best = min(rivals, key=lambda name: rivals[name] or 0.0, default="")
    if best and (lead := rivals[best] or 0.0) < (1 - TIE) * mae.mean:
        return Verdict(
            tone="caution",
            sentence=f"{numbers} But {NAMES[best]} gives {amount(lead)}: no number of seeds makes up for that. "
            "Try a longer window or more epochs.",
        )
    share = mae.deviation / mae.mean if mae.mean else 0.0
    if share > LUCKY:
        return Verdict(
            tone="caution",
            sentence=f"{numbers} The seed alone moves the score by about {share:.0%}: do not trust a single run. "
            "Try a lower learning rate or more patience, and compare settings over several seeds.",
        )
    return Verdict(tone="good", sentence=f"{numbers} The seed alone moves the score by about {share:.1%}.")


def plus_minus(mean: float, deviation: float, unit: str = "") -> str:
    """`14.2 ± 0.6 sunspots`: the deviation with the decimals of the mean, or its own where those say nothing."""
    text = amount(mean)
    decimals = len(text.partition(".")[2]) if "e" not in text else 0
    rounded = f"{deviation:.{decimals}f}"
    if "e" in text or (float(rounded) == 0 and deviation > 0) or deviation >= 1e4:
        rounded = amount(deviation)
    return f"{text} ± {rounded} {unit}".rstrip()


def _not_always_better(numbers: str, lost: int, n: int) -> Verdict:
    if lost == n:
        return Verdict(
            tone="bad",
            sentence=f"{numbers} No seed beats that, so it is not bad luck: try another window, network or rate.",
        )
    return Verdict(
        tone="caution",
        sentence=f"{numbers} {lost} of {n} seeds do not beat that: whether this network pays is a matter of luck.",
    )
