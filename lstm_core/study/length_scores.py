"""Error by window length: which is the shortest that does as well as any.

The length is chosen by the error on the validation part, and the error on the test part stands beside it as the check.
Whoever chose by the test part would report the luckiest of several test errors and have no rows left that were not
asked (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd ed., section 7.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.evaluation.measure import MEASURES, measure_for
from lstm_core.evaluation.verdict import Verdict, amount, over_all
from lstm_core.study.changes import require_same_test
from lstm_core.study.trials import Study

AS_GOOD = 0.02
"""The knee is the shortest window whose error is at most this share above the lowest."""

ALIKE = 0.05
"""Errors that lie no further apart than this differ by less than other seeds usually make them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthScores:
    """Errors by window length, original units, of the runs that are done and know both.

    Attributes
    ----------
    lengths : ascending
    validation : error of the network with each length on the validation part; it chooses
    tested : the same on the test part; it checks
    naive : error of repeating the last value on the test part
    measure : what the errors are, `mae` or `pinball`
    horizon : steps ahead that they are averaged over
    n_unknown : finished runs without an error on the validation part
    """

    lengths: tuple[int, ...]
    validation: tuple[float, ...]
    tested: tuple[float, ...]
    naive: float | None
    measure: str = "mae"
    horizon: int = 1
    n_unknown: int = 0

    @property
    def best(self) -> int:
        """Length with the lowest validation error, the shorter one of two."""
        return self.lengths[int(np.argmin(self.validation))]

    @property
    def knee(self) -> int:
        """Shortest length whose validation error is at most 2% above the lowest: a longer one buys next to nothing."""
        return knee(self.lengths, self.validation)

    def chosen_by(self, length: int) -> float:
        """Validation error with one of the lengths."""
        return self.validation[self.lengths.index(length)]

    def test_error(self, length: int) -> float:
        """Test error with one of the lengths."""
        return self.tested[self.lengths.index(length)]

    def longer_pays(self, length: int) -> bool | None:
        """Whether a longer window than this has a lower validation error by more than 2%; None: it cannot be told."""
        longer = [error for other, error in zip(self.lengths, self.validation, strict=True) if other > length]
        if length not in self.lengths or not longer:
            return None
        return min(longer) * (1 + AS_GOOD) < self.chosen_by(length)


def knee(lengths: Sequence[int], errors: Sequence[float]) -> int:
    """Shortest length whose error is at most `1 + AS_GOOD` times the lowest one."""
    most = (1 + AS_GOOD) * min(errors)
    return min(length for length, error in zip(lengths, errors, strict=True) if error <= most)


def length_scores(study: Study) -> LengthScores:
    """Collect the scores of the finished runs of a sweep.

    Raises
    ------
    RunError
        If two of its runs were not tested on the same values.
    """
    measure = measure_for(study.spec.plan.edge).key
    told, n_unknown = {}, 0
    for run in study.finished:
        require_same_test(study.spec, run.spec)
        if (finished := run.state.finished) is None:
            continue
        chooses, tested = (
            part.get("lstm", {}).get(measure) for part in (finished.validation, finished.scores)
        )
        if chooses is None or tested is None:
            n_unknown += 1
            continue
        naive = finished.scores.get("naive", {}).get(measure)
        told[run.spec.preparation.window.length] = (chooses, tested, naive)
    lengths = tuple(sorted(told))
    return LengthScores(
        lengths=lengths,
        validation=tuple(told[length][0] for length in lengths),
        tested=tuple(told[length][1] for length in lengths),
        naive=told[lengths[0]][2] if lengths else None,
        measure=measure,
        horizon=study.spec.preparation.window.horizon,
        n_unknown=n_unknown,
    )


def length_verdict(scores: LengthScores, unit: str) -> Verdict:
    """Say which window length pays by the validation part, and what the test part says to it."""
    if len(scores.lengths) < 2:
        return _nothing_to_compare(scores)
    knee, best = scores.knee, scores.best
    what, low = MEASURES[scores.measure], scores.chosen_by(best)
    check = _check(scores, unit)
    if max(scores.validation) <= (1 + ALIKE) * low:
        return Verdict(
            tone="note",
            sentence=f"From {scores.lengths[0]} to {scores.lengths[-1]} rows the validation {what} lies between "
            f"{amount(low)} and {amount(max(scores.validation), unit)}{over_all(scores.horizon)}: the window length "
            "hardly matters here, and one seed cannot tell these apart. The shortest within "
            f"{AS_GOOD:.0%} of the lowest is {knee}. {check}",
        )
    if scores.naive is not None and scores.test_error(knee) >= scores.naive:
        return Verdict(
            tone="bad",
            sentence=f"The validation part chooses a window of {knee} rows, but it does not beat repeating the last "
            f"value: {check} The window is not what is missing.",
        )
    told = f"With a window of {knee} the validation {what} is {amount(scores.chosen_by(knee), unit)}"
    told += over_all(scores.horizon)
    lowest = f"{amount(low)} at {best}; at most {AS_GOOD:.0%} above counts as good"
    told += ", the lowest of all." if knee == best else f", as good as the lowest ({lowest})."
    if knee == scores.lengths[-1]:
        told += " It is the longest that was tried: a longer one may help."
        return Verdict(tone="note", sentence=f"{told} {check}")
    shortest = scores.lengths[0]
    if knee == shortest:
        told += " It is the shortest that was tried: the network needs no more."
    else:
        worse = scores.chosen_by(shortest) / low - 1
        told += f" The shortest, {shortest}, is {worse:.0%} worse than the lowest."
    return Verdict(tone="good", sentence=f"{told} {check}")


def _nothing_to_compare(scores: LengthScores) -> Verdict:
    why = "Fewer than two lengths are done yet, so there is nothing to compare."
    if scores.n_unknown:
        why = (
            "These lengths were trained when errors on the validation part were not kept yet, and the test part must "
            "not choose. Try the lengths again."
        )
    return Verdict(tone="note", sentence=why)


def _check(scores: LengthScores, unit: str) -> str:
    """What the test part, which did not choose, says about the knee."""
    naive = "" if scores.naive is None else f", repeating the last value {amount(scores.naive)}"
    error = amount(scores.test_error(scores.knee), unit)
    return f"On the test part, which did not choose, {scores.knee} rows have {error}{naive}."


def length_table(scores: LengthScores) -> pd.DataFrame:
    """One row per length, full precision."""
    low = min(scores.validation, default=0.0)
    return pd.DataFrame(
        {
            "window_length": scores.lengths,
            f"{scores.measure}_validation": scores.validation,
            f"{scores.measure}_test": scores.tested,
            f"{scores.measure}_naive_test": [scores.naive] * len(scores.lengths),
            "above_lowest_validation": [error / low - 1 if low else None for error in scores.validation],
        }
    )
