"""Scores fold by fold: whether a forecast would have been as good at other times."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.headline import NAMES, TIE
from lstm_core.evaluation.scores import CARDS, score_all
from lstm_core.evaluation.table import row_labels
from lstm_core.evaluation.verdict import Verdict, amount, percent
from lstm_core.preparation.windows import Prepared
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.backtest import FoldSpan
from lstm_core.study.spread import Spread, plus_minus, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldScore:
    """Scores of one fold on its own test rows, original units.

    Attributes
    ----------
    number : 1 is the oldest
    first, last : times of its test rows, in words
    scores : per predictor (`lstm`, `naive`, `seasonal_naive`, `linear_ar`) its scores, by the keys of `CARDS`
    """

    number: int
    first: str
    last: str
    scores: Mapping[str, Mapping[str, float | None]]

    @property
    def when(self) -> str:
        """`1961 to 1972`."""
        return f"{self.first} to {self.last}"

    def skill(self, reference: str = "naive") -> float | None:
        """Share of a baseline's MAE that the network saves, `1 - mae / mae_reference`; None where it makes no error."""
        mae, other = (self.scores.get(name, {}).get("mae") for name in ("lstm", reference))
        return None if mae is None or not other else 1 - mae / other


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldScores:
    """Scores of the folds that have any, oldest first."""

    folds: tuple[FoldScore, ...]

    @property
    def n(self) -> int:
        """How many folds have scores."""
        return len(self.folds)

    @property
    def predictors(self) -> tuple[str, ...]:
        """Network and baselines that every fold has scores of."""
        return tuple(self.folds[0].scores) if self.folds else ()

    def of(self, predictor: str, score: str = "mae") -> tuple[float | None, ...]:
        """One score of a predictor in every fold; None where it is not defined."""
        return tuple(fold.scores.get(predictor, {}).get(score) for fold in self.folds)

    def spread(self, predictor: str, score: str = "mae") -> Spread | None:
        """Mean and standard deviation (divisor n - 1) over the folds where the score is defined."""
        defined = [value for value in self.of(predictor, score) if value is not None]
        return spread(defined) if defined else None


def fold_score(number: int, run: Run, span: FoldSpan) -> FoldScore | None:
    """Scores of the run of a fold, as its worker found them; None while there are none."""
    finished = run.state.finished
    if finished is None or not finished.scores:
        return None
    return FoldScore(number=number, first=span.first, last=span.last, scores=finished.scores)


def block_scores(
    series: Series, prepared: Prepared, made: Mapping[str, Forecast], n_blocks: int
) -> FoldScores:
    """Scores of one trained network over consecutive blocks of its test windows: nothing is trained anew.

    Every test window counts in one block, so that the MAE of the whole part is the mean of the blocks weighted by
    their windows.

    Parameters
    ----------
    made : network and baselines on the same test windows (`evaluation.scores.forecasts`)
    n_blocks : at most as many as there are windows
    """
    n = len(next(iter(made.values())))
    folds = []
    for number, chosen in enumerate(np.array_split(np.arange(n), min(n_blocks, n)), start=1):
        block = {key: _windows(one, slice(chosen[0], chosen[-1] + 1)) for key, one in made.items()}
        board = score_all(prepared, block, period=series.period)
        rows = next(iter(block.values())).rows
        first, last = row_labels(series, np.array([rows[0, 0], rows[-1, -1]]))
        scores = {key: {name: getattr(one, name) for name in CARDS} for key, one in board.items()}
        folds.append(FoldScore(number=number, first=first, last=last, scores=scores))
    return FoldScores(folds=tuple(folds))


def _windows(made: Forecast, chosen: slice) -> Forecast:
    return replace(
        made, origins=made.origins[chosen], actual=made.actual[chosen], predicted=made.predicted[chosen]
    )


def backtest_verdict(scores: FoldScores, unit: str, *, name: str = "LSTM", what: str = "fold") -> Verdict:
    """Say in how many folds a network beats the naive forecast, how far they lie apart, and where it is worst.

    Parameters
    ----------
    unit : of the target
    name : what the network is called
    what : what a fold is called here, in the singular
    """
    mae, naive = scores.spread("lstm"), scores.spread("naive")
    skills = {fold.number: gained for fold in scores.folds if (gained := fold.skill()) is not None}
    if mae is None or naive is None:
        return Verdict(tone="note", sentence=f"No {what} is done yet, so there is nothing to tell.")
    told = plus_minus(mae.mean, mae.deviation, unit) if mae.deviation is not None else amount(mae.mean, unit)
    numbers = (
        f"MAE {told} over {scores.n} {what}s{' (mean ± standard deviation)' * (mae.deviation is not None)}"
    )
    numbers += f", repeating the last value {amount(naive.mean)}."
    if not skills:
        return Verdict(
            tone="note", sentence=f"{numbers} The naive forecast makes no error, so nothing beats it."
        )
    won = sum(gained > 0 for gained in skills.values())
    lowest = min(skills, key=lambda number: skills[number])
    worst = next(fold for fold in scores.folds if fold.number == lowest)
    sentence = (
        f"The {name} is better than naive in {won} of {len(skills)} {what}s; worst in {worst.when} "
        f"(skill {percent(skills[lowest])}). {numbers}"
    )
    means = {key: one.mean for key in NAMES if (one := scores.spread(key)) is not None}
    best = min(means, key=lambda key: means[key])
    if means[best] < (1 - TIE) * mae.mean and won > 0 and best != "naive":
        sentence += f" {NAMES[best][0].upper()}{NAMES[best][1:]} has the lower mean, {amount(means[best])}."
        return Verdict(tone="caution", sentence=sentence)
    tone = "good" if won == len(skills) else "caution" if 2 * won > len(skills) else "bad"
    return Verdict(tone=tone, sentence=sentence)


def fold_table(scores: FoldScores) -> pd.DataFrame:
    """One row per fold and predictor with all scores and the skill against naive; full precision."""
    return pd.DataFrame(
        [
            {"fold": fold.number, "test_first": fold.first, "test_last": fold.last, "forecast": name}
            | {key: told.get(key) for key in CARDS}
            | {"skill_vs_naive": fold.skill() if name == "lstm" else None}
            for fold in scores.folds
            for name, told in fold.scores.items()
        ]
    )
