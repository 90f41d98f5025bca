"""Does the forecast copy? The lag check, and forecast and truth correlated by shift."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.evaluation import copycat, lag
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.verdict import Verdict
from lstm_core.figures.forecast import plot_copy_check, plot_lag_check
from pages._shell import cached, opened, present
from pages._shell.opened import OpenedRun


def draw(
    run: OpenedRun, made: Mapping[str, Forecast], checks: tuple[lag.LagCheck, lag.LagCheck], said: Verdict
) -> None:
    """Draw both checks.

    Parameters
    ----------
    checks : lag checks of the network and of the naive forecast
    said : the sentence on the first of them
    """
    theme, (check, naive_check) = present.theme(), checks
    st.subheader("Does it copy?", anchor=False)
    present.show(
        plot_lag_check(check, naive_check, name=run.name, unit=run.unit, theme=theme),
        key="lag_chart",
        alt=said.sentence,
        table=pd.DataFrame(
            {"shift": range(len(check.errors)), "lstm": check.errors, "naive": naive_check.errors}
        ),
        suffix=run.suffix,
    )
    st.caption(
        "The forecast is slid back over the truth, row by row. A good forecast is closest at shift 0; a copy of the "
        "last value is closest at shift 1, like the dotted line."
    )
    by_shift, by_copy = (
        cached.worked_out(
            run.key, "copy check", (key,), partial(copycat.copy_check, made[key], run.prepared.values[:, 0])
        )
        for key in ("lstm", "naive")
    )
    changes = copycat.changes_verdict(by_shift, name=run.name)
    present.show(
        plot_copy_check(by_shift, by_copy, name=run.name, theme=theme),
        key="copy_chart",
        alt=changes.sentence,
        table=by_shift.table,
        suffix=run.suffix,
    )
    opened.remark(changes)
    st.caption(
        "Correlation of the forecast for row t with the truth of row t − shift. On a smooth series values are alike at "
        "any shift, so look at the changes from window to window: those of a copy are highest at shift 1. In the band "
        "lies what chance makes of unrelated changes, at 95 of 100 shifts."
    )
