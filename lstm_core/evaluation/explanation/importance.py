"""Permutation importance: by how much the error grows when a column, or one step, is shuffled among the windows.

Breiman (2001) shuffled one column of a table at a time; here a column is the whole past of one input, and a step is
one distance before the forecast. The network is not trained again.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from lstm_core.evaluation.explanation.replacement import Removal
from lstm_core.evaluation.forecast import Predictor
from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.preparation.windows import Prepared

N_REPEATS = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Importance:
    """Growth of the mean absolute error by shuffling, original unit of the target.

    Attributes
    ----------
    by_feature : (repeat, feature) all steps of a column shuffled together
    by_step : (repeat, window, feature) one step of a column shuffled, oldest step first
    mae : without shuffling, over the same windows
    n : number of windows
    columns : names, target first
    """

    by_feature: Float[np.ndarray, "repeat feature"]
    by_step: Float[np.ndarray, "repeat window feature"]
    mae: float
    n: int
    columns: tuple[str, ...]

    @property
    def ranking(self) -> tuple[int, ...]:
        """Columns from the most important to the least, by the mean over the repeats."""
        return tuple(int(one) for one in np.argsort(-self.by_feature.mean(axis=0), kind="stable"))

    def matters(self, feature: int) -> bool:
        """Whether shuffling the column makes the error larger by more than twice its spread over the repeats."""
        grown = self.by_feature[:, feature]
        return bool(grown.mean() > max(2 * grown.std(), 1e-3 * self.mae))

    def table(self) -> pd.DataFrame:
        """One row per column and step, "all" before single steps: mean and spread of the growth over the repeats."""
        reach, n_columns = self.by_step.shape[1:]
        every = np.concatenate(
            [self.by_feature[:, None], self.by_step], axis=1
        )  # (repeat, 1 + window, feature)
        return pd.DataFrame(
            {
                "column": np.repeat(self.columns, reach + 1),
                "steps before": np.tile(["all", *map(str, range(reach, 0, -1))], n_columns),
                "growth of MAE": every.mean(axis=0).T.ravel(),
                "spread": every.std(axis=0).T.ravel(),
            }
        )


def importance(
    predict: Predictor,
    prepared: Prepared,
    *,
    step: int | None = 1,
    every: int = 1,
    n_repeats: int = N_REPEATS,
    seed: int = 0,
) -> Importance:
    """Shuffle columns, and single steps, among the test windows, and measure the error again.

    With one feature and a predictor f the expected error after shuffling is the mean of |y_i − f(x_j)| over all pairs
    of windows.

    Parameters
    ----------
    step : step of the horizon whose error is looked at; None: mean over the horizon
    every : look at every so many-th test window only
    """
    origins = prepared.test.origins[::every]
    removal = Removal(predict, prepared, origins, kind="shuffled", step=step)
    horizon = np.arange(prepared.spec.window.horizon) if step is None else np.array([step - 1])
    actual = prepared.values[origins[:, None] + horizon, 0].mean(axis=1)
    cases, rng = np.arange(len(origins)), np.random.default_rng(seed)
    n_features, reach = len(prepared.spec.columns), removal.reach
    mae = float(np.abs(removal.forecast(cases) - actual).mean())
    by_feature, by_step = np.empty((n_repeats, n_features)), np.empty((n_repeats, reach, n_features))

    def growth(steps: slice, feature: int, donors: np.ndarray) -> float:
        gone = np.zeros((1, reach, n_features), dtype=bool)
        gone[0, steps, feature] = True
        after = removal.without(cases, np.broadcast_to(gone, (len(cases), reach, n_features)), donors)
        return float(np.abs(after - actual).mean()) - mae

    for repeat in range(n_repeats):
        donors = rng.permutation(len(cases))
        for feature in range(n_features):
            by_feature[repeat, feature] = growth(slice(None), feature, donors)
            for lag in range(reach):
                by_step[repeat, lag, feature] = growth(slice(lag, lag + 1), feature, donors)
    return Importance(
        by_feature=by_feature, by_step=by_step, mae=mae, n=len(cases), columns=prepared.spec.columns
    )


def importance_verdict(found: Importance, unit: str) -> Verdict:
    """Name the column that matters most over the test part, and those that do not matter."""
    best, reach = found.ranking[0], found.by_step.shape[1]
    grown, column = float(found.by_feature[:, best].mean()), found.columns[best]
    if not found.matters(best):
        return Verdict(
            tone="note",
            sentence=f"Shuffling no column makes the error larger (MAE {amount(found.mae, unit)}): over the "
            f"{found.n} test windows the network gains nothing from its inputs.",
        )
    lag = reach - int(found.by_step[:, :, best].mean(axis=0).argmax())
    sentence = (
        f"Without the past of {column} the MAE grows by {amount(grown, unit)}, from {amount(found.mae, unit)}; "
        f"the step that costs most alone is {'the newest' if lag == 1 else f'{lag} before the forecast'}."
    )
    idle = [one for one in found.ranking if not found.matters(one)]
    if idle:
        sentence += (
            f" Shuffling {', '.join(found.columns[one] for one in idle)} costs no more than chance does"
        )
        inputs = [found.columns[one] for one in idle if one > 0]  # the past of the target is always read
        sentence += f": try a run without {', '.join(inputs)}." if inputs else "."
    return Verdict(tone="note", sentence=sentence)
