"""Which columns, and which of their steps, the error over the test part needs: permutation importance."""

from functools import partial

from lstm_core.evaluation.explanation.importance import N_REPEATS, importance, importance_verdict
from lstm_core.figures.importance import plot_importance
from pages._shell import cached, opened, present
from pages._shell.opened import OpenedRun
from pages._shell.understanding import effect_panels


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
        table=found.table,
        suffix=run.suffix,
    )
    effect_panels.thinned(every, len(run.prepared.test))
