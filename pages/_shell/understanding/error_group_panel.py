"""The error by hour, weekday, month, level and step of the horizon."""

from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.evaluation.error_groups import Grouping, error_groups, worst_first
from lstm_core.evaluation.error_splits import Kind
from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.verdict import amount
from lstm_core.figures.error_groups import plot_error_groups
from pages._shell import cached, opened, present, state
from pages._shell.opened import OpenedRun

_NAMES: dict[Kind, str] = {
    "hour": "hour",
    "weekday": "weekday",
    "month": "month",
    "level": "level of the forecast",
    "truth": "level of the truth",
    "step": "steps ahead",
}
_HOW = (
    "Bars are the mean absolute error (MAE) of each group, diamonds its bias, the mean of actual minus forecast; the "
    "dashed line is the MAE of all, "
)
_OF_THE_LEVEL = "Diamonds near zero: when it says so much, that much comes on average."
_OF_THE_TRUTH = (
    "Grouped by the truth even the best forecast is too low at the top and too high at the bottom, because the part "
    "nobody can foresee is in the truth. What to expect of a forecast stands in the levels of the forecast."
)
_HOW_QUANTILE = (
    "Bars are the mean pinball loss of each group, the number on a bar is the share of the truths that lie below the "
    "forecast, {share:.4g}% should; the dashed line is the loss of all, "
)
_TRUTH_QUANTILE = (
    "Grouped by the truth even the best forecast has all low truths below it and the highest above. What to expect of "
    "a forecast stands in the levels of the forecast."
)
_ABOUT: dict[Kind, str] = {"level": _OF_THE_LEVEL, "truth": _OF_THE_TRUTH}


def draw(run: OpenedRun, *, step: int) -> None:
    """Draw one grouping at a time; what is clearly worse in any of them is said above."""
    st.subheader("When is it worse?", anchor=False)
    with present.guard():
        forecast = run.forecasts()["lstm"]
        measure = partial(
            error_groups, forecast, run.series, step=step, measure=measure_for(run.run.spec.plan.edge)
        )
        made = cached.measured(run.key, "error groups", (step,), measure)
    groupings = {one.kind: one for one in made}
    worst = worst_first(made)
    opened.remark(worst)
    if not groupings:
        return
    first = next((one.kind for one in made if one.verdict.tone == "caution"), made[0].kind)
    if not state.still_offers("residuals_groups", groupings):
        state.forget_widgets("residuals_groups")
    kind = st.segmented_control(
        "Errors by",
        tuple(groupings),
        format_func=_NAMES.__getitem__,
        key=state.widget("residuals_groups", first),
        required=True,
        help="Only what the dates and the values of this series can show. Levels are fifths: each holds a fifth of "
        "the rows, lowest first.",
    )
    chosen = groupings[kind or first]
    _one(run, chosen)
    if not worst.sentence.startswith(chosen.verdict.sentence):
        opened.remark(chosen.verdict)


def _one(run: OpenedRun, chosen: Grouping) -> None:
    zone = getattr(run.series.index, "tz", None)
    present.show(
        plot_error_groups(chosen, zone=str(zone or ""), theme=present.theme()),
        key="residuals_groups_chart",
        alt=f"{chosen.measure.title} by {_NAMES[chosen.kind]}. {chosen.verdict.sentence}",
        table=_table(chosen),
        suffix=run.suffix,
    )
    overall, quantile = present.safe(amount(chosen.loss, chosen.unit)), chosen.measure.quantile
    how, about = _HOW, _ABOUT.get(chosen.kind, "")
    if quantile is not None:
        how = _HOW_QUANTILE.format(share=100 * quantile)
        about = _TRUTH_QUANTILE if chosen.kind == "truth" else ""
    st.caption(f"{how}{overall}. {about}".rstrip())


def _table(chosen: Grouping) -> pd.DataFrame:
    return pd.DataFrame(
        [(group.name, group.n, group.loss, group.bias, group.below) for group in chosen.groups],
        columns=[_NAMES[chosen.kind], "n", chosen.measure.key, "bias", "share_below"],
    )
