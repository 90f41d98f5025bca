"""Two settings, each with several seeds: whether what changed is larger than the seed noise.

The noise is measured, not assumed: every setting was trained with several seeds, and their test MAE differ although
nothing but the seed did. Decision 0015 says what is called seed noise here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from lstm_core.evaluation.measure import MAE, MEASURES
from lstm_core.evaluation.verdict import Verdict, amount, over_all
from lstm_core.study.changes import Change, changes, require_same_test
from lstm_core.study.repetition import Repetition
from lstm_core.study.spread import Spread, seed_spread, spread

CONFIDENCE = 0.95
FEWEST = 3
"""Seeds per side below which nothing is said: with two, the interval is as wide as the chance allows."""
FEW = 5
FORMULA = (
    r"(\bar b-\bar a)\;\pm\;t_{0.975,\,\nu}\sqrt{\frac{s_a^2}{n_a}+\frac{s_b^2}{n_b}},\qquad"
    r"\nu=\frac{\left(\frac{s_a^2}{n_a}+\frac{s_b^2}{n_b}\right)^2}"
    r"{\frac{(s_a^2/n_a)^2}{n_a-1}+\frac{(s_b^2/n_b)^2}{n_b-1}}"
)
NOISE_FORMULA = r"s=\sqrt{\frac{(n_a-1)\,s_a^2+(n_b-1)\,s_b^2}{n_a+n_b-2}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedComparison:
    """Mean test MAE of two settings and what the seeds alone make of it; original units.

    Attributes
    ----------
    first, second : spread of the test MAE of each side
    first_seeds, second_seeds : seeds with a score
    difference : second mean minus first mean; negative: the second is better
    reach : how far seeds alone move the difference, 95 times in 100: half of Welch's interval; None with fewer than
        two seeds on a side
    freedom : Welch-Satterthwaite degrees of freedom; None where nothing varies
    noise : pooled standard deviation, the seed noise of one run; None with fewer than two seeds on a side
    changes : settings that differ, without the seed
    measure : key of the score that is compared, `mae` or `pinball`
    horizon : steps ahead that it is averaged over
    """

    first: Spread
    second: Spread
    first_seeds: tuple[int, ...]
    second_seeds: tuple[int, ...]
    difference: float
    reach: float | None
    freedom: float | None
    noise: float | None
    changes: tuple[Change, ...]
    measure: str = MAE
    horizon: int = 1

    @property
    def interval(self) -> tuple[float, float] | None:
        """95% interval of the difference."""
        return None if self.reach is None else (self.difference - self.reach, self.difference + self.reach)

    @property
    def can_say(self) -> bool:
        """Whether both sides have enough seeds for a sentence."""
        return min(self.first.n, self.second.n) >= FEWEST and self.reach is not None

    @property
    def is_larger(self) -> bool:
        """Whether the difference is larger than the seed noise: its interval leaves 0 out."""
        return self.reach is not None and abs(self.difference) > self.reach


def welch(first: Spread, second: Spread) -> tuple[float, float | None]:
    """How far the seeds alone move `mean(second) - mean(first)`, 95 times in 100.

    Welch's interval does not assume that both settings have the same noise: a longer window or a higher rate often
    changes that too. It treats the sides as independent even when they share their seeds. A seed fixes the first
    weights and the order of the batches, so pairs mean something only where the change leaves both alone; more units
    or another window draw other numbers from the same seed. Even where only the learning rate differs, two trainings
    from one start mostly part (decision 0015 has the measured correlation). Pairs that agree make this interval wider
    than it need be: the error is on the careful side. And a paired test of three seeds has 2 degrees of freedom
    instead of up to 4.

    Welch, B. L. (1947), The generalization of Student's problem when several different population variances are
    involved, Biometrika 34, 28-35.

    Parameters
    ----------
    first, second : of at least two values each

    Returns
    -------
    reach : half the width of the interval, original units; 0 where nothing varies on either side
    freedom : Welch-Satterthwaite degrees of freedom; None where nothing varies
    """
    if not first.deviation and not second.deviation:
        return 0.0, None
    size = max(first.deviation or 0.0, second.deviation or 0.0)  # so that no square overflows
    ours, theirs = (((side.deviation or 0.0) / size) ** 2 / side.n for side in (first, second))
    freedom = (ours + theirs) ** 2 / (ours**2 / (first.n - 1) + theirs**2 / (second.n - 1))
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * size * np.sqrt(ours + theirs)), freedom


def pooled_deviation(first: Spread, second: Spread) -> float | None:
    """Standard deviation of one run around its own setting's mean, from both sides together."""
    if first.deviation is None or second.deviation is None:
        return None
    shares = ((side.n - 1) / (first.n + second.n - 2) for side in (first, second))
    # The length of a vector, because squares of errors beyond 1e154 would overflow.
    return math.hypot(
        *(np.sqrt(share) * d for share, d in zip(shares, (first.deviation, second.deviation), strict=True))
    )


def compare_values(
    first: Sequence[float],
    second: Sequence[float],
    *,
    seeds: tuple[Sequence[int], Sequence[int]],
    changed: tuple[Change, ...] = (),
) -> SeedComparison:
    """Compare two sides of test MAE, one value per seed, at least one each."""
    ours, theirs = spread(first), spread(second)
    reach, freedom = welch(ours, theirs) if min(ours.n, theirs.n) > 1 else (None, None)
    return SeedComparison(
        first=ours,
        second=theirs,
        first_seeds=tuple(seeds[0]),
        second_seeds=tuple(seeds[1]),
        difference=theirs.mean - ours.mean,
        reach=reach,
        freedom=freedom,
        noise=pooled_deviation(ours, theirs),
        changes=changed,
    )


def compare(first: Repetition, second: Repetition) -> SeedComparison | None:
    """Compare the test error of two repetitions; None while one of them has no finished run.

    Raises
    ------
    RunError
        If they are not judged on the same rows.
    """
    require_same_test(first.spec, second.spec)
    ours, theirs = seed_spread(first), seed_spread(second)
    sides = ours.defined(ours.measure), theirs.defined(theirs.measure)
    if not all(sides):
        return None
    found = compare_values(*sides, seeds=(ours.seeds, theirs.seeds), changed=changes(first.spec, second.spec))
    return replace(found, measure=ours.measure, horizon=ours.horizon)


def comparison_verdict(found: SeedComparison, unit: str) -> Verdict:
    """Say whether the change is larger than the seed noise, and what that means; the second setting is called B."""
    n = f"{found.first.n} and {found.second.n} seeds"
    if not found.can_say or found.reach is None or found.noise is None:
        return Verdict(
            tone="note",
            sentence=f"With {n} this cannot be said: the seed noise is not known well enough. Repeat both with at "
            f"least {FEWEST} seeds.",
        )
    subject = _subject(found)
    moved = (
        f"the mean test {MEASURES[found.measure]}{over_all(found.horizon)} {_moved(found.difference, unit)}"
    )
    if not found.is_larger:
        return Verdict(
            tone="note",
            sentence=f"{subject} is smaller than the seed noise: {moved}, and the seeds alone may move it by "
            f"± {amount(found.reach, unit)} (95%, {n}). {_few(found)}Do not build on it.",
        )
    direction = "better" if found.difference < 0 else "worse"
    single = ""
    if abs(found.difference) < found.noise:
        single = f" A single run still varies by ± {amount(found.noise)}: it shows on average only."
    return Verdict(
        tone="good" if found.difference < 0 else "caution",
        sentence=f"{subject} is larger than the seed noise: {moved}, and the seeds alone may move it by "
        f"± {amount(found.reach, unit)} (95%, {n}). B is {direction}.{single}",
    )


def _subject(found: SeedComparison) -> str:
    if not found.changes:
        return "Nothing was changed but the seeds, and the difference"
    if len(found.changes) == 1:
        return "The change you made"
    return f"What you changed, {len(found.changes)} settings at once,"


def _moved(difference: float, unit: str) -> str:
    if difference == 0:
        return "does not move"
    return f"{'falls' if difference < 0 else 'rises'} by {amount(abs(difference), unit)}"


def _few(found: SeedComparison) -> str:
    if min(found.first.n, found.second.n) >= FEW:
        return "More seeds would show smaller changes. "
    return "With so few seeds only large changes show: repeat with more to be sure. "
