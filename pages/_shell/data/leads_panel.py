"""Which other column leads the target, and by how many rows."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.diagnostics.crosscorrelation import CrossCorrelation, cross_correlate
from lstm_core.figures.patterns import plot_crosscorrelation
from lstm_core.series.record import Series
from pages._shell import cached, present, state

_WAYS = {True: "prewhitened", False: "as they are"}


def draw(series: Series, target: str, n_lags: int) -> None:
    """Cross-correlation of one other column with the target; nothing when there is none."""
    others = [name for name in series.columns if name != target]
    if not others:
        return
    st.subheader("Does another column lead?", anchor=False)
    if state.recall("leads_of", ()) != (series.columns, target):
        state.forget_widgets("leading_column")
        state.remember("leads_of", (series.columns, target))
    column, prewhiten = _choose(others)
    look = partial(
        cross_correlate,
        series.column(target),
        series.column(column),
        n_lags=n_lags,
        prewhiten=prewhiten,
    )
    found = cached.pattern(series.fingerprint, target, "leads", (column, n_lags, prewhiten), look)
    if found is None:
        st.caption("Not defined: one of the two never changes, or there are fewer than 30 rows.")
        return
    st.markdown(f":material/swap_horiz: **{present.safe(column)}**: {found.verdict}{_caveat(found)}")
    present.show(
        plot_crosscorrelation(found, column, theme=present.theme()),
        key="leads_chart",
        alt=f"Correlation of {target} with {column} by lag. {found.verdict}",
        table=partial(_table, found),
    )


def _choose(others: list[str]) -> tuple[str, bool]:
    """Which column, and whether both series lose their own memory first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        column = st.selectbox(
            "Column",
            others,
            key=state.widget("leading_column", others[0]),
            help="The column that is compared with the target, up to as many rows earlier and later as the lags above.",
            width=240,
        )
        prewhiten = st.segmented_control(
            "Both series",
            (True, False),
            format_func=_WAYS.__getitem__,
            key=state.widget("prewhiten", True),
            required=True,
            help="Two series that remember themselves agree at many lags by chance, and the band does not know it. "
            "Prewhitened: what the column can tell of itself is taken out of both by one and the same autoregression, "
            "and what is left is compared. The band then means what it says.",
        )
    return column, bool(prewhiten)


def _caveat(found: CrossCorrelation) -> str:
    outside = int((np.abs(found.values) > found.band).sum())
    if found.filter_lags:
        return (
            f" Prewhitened by an autoregression of {found.filter_lags} rows; {outside} of {len(found.lags)} lags leave "
            "the band."
        )
    return (
        f" {outside} of {len(found.lags)} lags leave the band; of two series with a memory of their own, many do so by "
        "chance."
    )


def _table(found: CrossCorrelation) -> pd.DataFrame:
    return pd.DataFrame({"rows_earlier": found.lags, "correlation": found.values, "band": found.band})
