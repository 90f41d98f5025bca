"""Test error by window length: which is the shortest that does as well as any."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.study.changes import require_same_test
from lstm_core.study.trials import Study

AS_GOOD = 0.02
"""The knee is the shortest window whose error is at most this share above the lowest."""

ALIKE = 0.05
"""Errors that lie no further apart than this differ by less than other seeds usually make them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthScores:
    """Test MAE by window length, original units, of the runs that are done.

    Attributes
    ----------
    lengths : ascending
    maes : of the network with each length
    naive : MAE of repeating the last value on the same rows
    """

    lengths: tuple[int, ...]
    maes: tuple[float, ...]
    naive: float | None

    @property
    def best(self) -> int:
        """Length with the lowest error, the shorter one of two."""
        return self.lengths[int(np.argmin(self.maes))]

    @property
    def knee(self) -> int:
        """Shortest length whose error is at most 2% above the lowest: a longer one buys next to nothing."""
        return knee(self.lengths, self.maes)

    def mae(self, length: int) -> float:
        """Error with one of the lengths."""
        return self.maes[self.lengths.index(length)]

    def longer_pays(self, length: int) -> bool | None:
        """Whether a longer window than this has a lower error by more than 2%; None when it cannot be told."""
        longer = [mae for other, mae in zip(self.lengths, self.maes, strict=True) if other > length]
        if length not in self.lengths or not longer:
            return None
        return min(longer) * (1 + AS_GOOD) < self.mae(length)


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
    told = {}
    for run in study.finished:
        require_same_test(study.spec, run.spec)
        if (
            run.state.finished is not None
            and (mae := run.state.finished.scores["lstm"].get("mae")) is not None
        ):
            told[run.spec.preparation.window.length] = (mae, run.state.finished.scores["naive"].get("mae"))
    lengths = tuple(sorted(told))
    return LengthScores(
        lengths=lengths,
        maes=tuple(told[length][0] for length in lengths),
        naive=told[lengths[0]][1] if lengths else None,
    )


def length_verdict(scores: LengthScores, unit: str) -> Verdict:
    """Say which window length pays."""
    if len(scores.lengths) < 2:
        return Verdict(
            tone="note", sentence="Fewer than two lengths are done yet, so there is nothing to compare."
        )
    knee, best = scores.knee, scores.best
    if max(scores.maes) <= (1 + ALIKE) * scores.mae(best):
        return Verdict(
            tone="note",
            sentence=f"From {scores.lengths[0]} to {scores.lengths[-1]} rows the test MAE lies between "
            f"{amount(scores.mae(best))} and {amount(max(scores.maes), unit)}: the window length hardly matters here, "
            f"and one seed cannot tell these apart. The shortest within {AS_GOOD:.0%} of the lowest is {knee}.",
        )
    told = f"With a window of {knee} the test MAE is {amount(scores.mae(knee), unit)}"
    if scores.naive is not None and scores.mae(best) >= scores.naive:
        return Verdict(
            tone="bad",
            sentence=f"No length beats repeating the last value ({amount(scores.naive, unit)}); the best is {best} "
            f"with {amount(scores.mae(best))}. The window is not what is missing.",
        )
    lowest = f"{amount(scores.mae(best))} at {best}; at most {AS_GOOD:.0%} above counts as good"
    told += ", the lowest of all." if knee == best else f", as good as the lowest ({lowest})."
    if knee == scores.lengths[-1]:
        return Verdict(
            tone="note", sentence=f"{told} It is the longest that was tried: a longer one may help."
        )
    shortest = scores.lengths[0]
    if knee == shortest:
        return Verdict(
            tone="good", sentence=f"{told} It is the shortest that was tried: the network needs no more."
        )
    worse = scores.mae(shortest) / scores.mae(best) - 1
    return Verdict(
        tone="good", sentence=f"{told} The shortest, {shortest}, is {worse:.0%} worse than the lowest."
    )


def length_table(scores: LengthScores) -> pd.DataFrame:
    """One row per length, full precision."""
    return pd.DataFrame(
        {
            "window_length": scores.lengths,
            "mae": scores.maes,
            "mae_naive": [scores.naive] * len(scores.lengths),
            "above_lowest": [mae / min(scores.maes) - 1 if min(scores.maes) else None for mae in scores.maes],
        }
    )
