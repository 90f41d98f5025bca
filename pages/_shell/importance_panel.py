"""Which columns, and which of their steps, the error over the test part needs: permutation importance."""

from functools import partial

import numpy as np
import pandas as pd

from lstm_core.evaluation.importance import N_REPEATS, Importance, importance, importance_verdict
from lstm_core.figures.importance import plot_importance
from pages._shell import cached, effect_panels, opened, present
from pages._shell.opened import OpenedRun


def draw(run: OpenedRun, *, step: int | None, feature: int) -> None:
    """Verdict and picture; `step` of the horizon, None for its mean, and the column whose steps are drawn."""
    every = effect_panels.every_nth(run, N_REPEATS)
    make = partial(importance, run.predict, run.prepared, step=step, every=every)
    with present.guard():
        found = cached.measured(run.key, "importance", (step, every), make)
    verdict = importance_verdict(found, run.unit)
    opened.remark(verdict)
    present.show(
        plot_importance(found, feature, unit=run.unit, theme=present.theme()),
        key="importance_chart",
        alt=f"Growth of the mean absolute error when a column or a step is shuffled. {verdict.sentence}",
        table=lambda: _table(found),
        suffix=run.suffix,
    )
    effect_panels.thinned(every, len(run.prepared.test))


def _table(found: Importance) -> pd.DataFrame:
    reach, n_columns = found.by_step.shape[1:]
    return pd.DataFrame(
        {
            "column": np.repeat(found.columns, reach + 1),
            "steps before": np.tile(["all", *map(str, range(reach, 0, -1))], n_columns),
            "growth of MAE": np.concatenate(
                [found.by_feature.mean(0)[None], found.by_step.mean(0)]
            ).T.ravel(),
            "spread": np.concatenate([found.by_feature.std(0)[None], found.by_step.std(0)]).T.ravel(),
        }
    )
