"""Scores fold by fold: whether a forecast would have been as good at other times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.headline import NAMES, TIE
from lstm_core.evaluation.measure import MAE, measure_for, rival_it, title_of
from lstm_core.evaluation.quantile import PINBALL, pinball, raised_naive
from lstm_core.evaluation.scores import CARDS, score_all
from lstm_core.evaluation.table import row_labels
from lstm_core.evaluation.verdict import Verdict, amount, over_all, percent
from lstm_core.preparation.windows import Prepared
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.backtest import FoldSpan
from lstm_core.study.spread import UNKNOWN_LOSS, Spread, plus_minus, spread
from lstm_core.training.plan import RunSpec


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

    def skill(self, reference: str = "naive", measure: str = MAE) -> float | None:
        """Share of a baseline's error that the network saves, `1 - mae / mae_reference`; None where it makes none."""
        mae, other = (self.scores.get(name, {}).get(measure) for name in ("lstm", reference))
        return None if mae is None or not other else 1 - mae / other


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldScores:
    """Scores of the folds that have any, oldest first.

    Attributes
    ----------
    measure : key of the score that judges, `mae` or `pinball`
    horizon : steps ahead that the scores are averaged over
    """

    folds: tuple[FoldScore, ...]
    measure: str = MAE
    horizon: int = 1

    @property
    def n(self) -> int:
        """How many folds have scores."""
        return len(self.folds)

    @property
    def predictors(self) -> tuple[str, ...]:
        """Network and baselines that every fold has scores of."""
        return tuple(self.folds[0].scores) if self.folds else ()

    @property
    def skills(self) -> dict[int, float]:
        """Skill against the naive forecast by number of the fold, where it is defined."""
        found = {fold.number: fold.skill(measure=self.measure) for fold in self.folds}
        return {number: gained for number, gained in found.items() if gained is not None}

    def of(self, predictor: str, score: str = MAE) -> tuple[float | None, ...]:
        """One score of a predictor in every fold; None where it is not defined."""
        return tuple(fold.scores.get(predictor, {}).get(score) for fold in self.folds)

    def spread(self, predictor: str, score: str = MAE) -> Spread | None:
        """Mean and standard deviation (divisor n - 1) over the folds where the score is defined."""
        defined = [value for value in self.of(predictor, score) if value is not None]
        return spread(defined) if defined else None


def fold_score(number: int, run: Run, span: FoldSpan) -> FoldScore | None:
    """Scores of the run of a fold, as its worker found them; None while there are none."""
    finished = run.state.finished
    if finished is None or not finished.scores:
        return None
    return FoldScore(number=number, first=span.first, last=span.last, scores=finished.scores)


def collect(scores: Iterable[FoldScore | None], spec: RunSpec) -> FoldScores:
    """Put the scores of the folds of a backtest together, without those that there are none of yet."""
    return FoldScores(
        folds=tuple(one for one in scores if one is not None),
        measure=measure_for(spec.plan.edge).key,
        horizon=spec.preparation.window.horizon,
    )


def block_scores(
    series: Series,
    prepared: Prepared,
    made: Mapping[str, Forecast],
    n_blocks: int,
    *,
    edge: float | None = None,
) -> FoldScores:
    """Scores of one trained network over consecutive blocks of its test windows: nothing is trained anew.

    Every test window counts in one block, so that the MAE of the whole part is the mean of the blocks weighted by
    their windows.

    Parameters
    ----------
    made : network and baselines on the same test windows (`evaluation.scores.forecasts`)
    n_blocks : at most as many as there are windows
    edge : quantile that the network learned, when it is not the middle
    """
    n = len(next(iter(made.values())))
    raised = None if edge is None else raised_naive(prepared, "test", edge)
    folds = []
    for number, chosen in enumerate(np.array_split(np.arange(n), min(n_blocks, n)), start=1):
        block = {key: _windows(one, slice(chosen[0], chosen[-1] + 1)) for key, one in made.items()}
        board = score_all(prepared, block, period=series.period)
        rows = next(iter(block.values())).rows
        first, last = row_labels(series, np.array([rows[0, 0], rows[-1, -1]]))
        scores = {key: one.to_dict() for key, one in board.items()}
        if raised is not None and edge is not None:
            moved = _windows(raised, slice(chosen[0], chosen[-1] + 1))
            for key, one in (("lstm", block["lstm"]), ("naive", moved)):
                scores[key][PINBALL] = pinball(one.actual, one.predicted, edge)
        folds.append(FoldScore(number=number, first=first, last=last, scores=scores))
    return FoldScores(
        folds=tuple(folds),
        measure=measure_for(edge).key,
        horizon=prepared.spec.window.horizon,
    )


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
    key, skills = scores.measure, scores.skills
    mae, naive = scores.spread("lstm", key), scores.spread("naive", key)
    if mae is None or naive is None:
        why = UNKNOWN_LOSS if scores.n else f"No {what} is done yet, so there is nothing to tell."
        return Verdict(tone="note", sentence=why)
    told = plus_minus(mae.mean, mae.deviation, unit) if mae.deviation is not None else amount(mae.mean, unit)
    numbers = f"{title_of(key)} {told} over {scores.n} {what}s"
    numbers += over_all(scores.horizon, "and")
    numbers += " (mean ± standard deviation)" * (mae.deviation is not None)
    last = rival_it(key)
    numbers += f", {last} {amount(naive.mean)}."
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
    means = {name: one.mean for name in NAMES if (one := scores.spread(name, key)) is not None}
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
            | {key: told.get(key) for key in dict.fromkeys((*CARDS, scores.measure))}
            | {"skill_vs_naive": fold.skill(measure=scores.measure) if name == "lstm" else None}
            for fold in scores.folds
            for name, told in fold.scores.items()
        ]
    )
