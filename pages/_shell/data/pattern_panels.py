"""The panels of the Patterns page: ACF beside PACF, and the two tests."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.correlogram import DEFAULT_LAGS, Correlogram, largest_lag, stands_out
from lstm_core.diagnostics.learnable import Learnability, check_learnability
from lstm_core.diagnostics.seasonality import Season, find_season
from lstm_core.diagnostics.stationarity import StationarityCheck, check_stationarity
from lstm_core.figures.diagnostics import plot_acf, plot_pacf
from lstm_core.network.spec import thousands
from lstm_core.preparation.cautions import FAR_OUT, count_far_out
from lstm_core.series.record import Series
from lstm_core.series.words import counted
from pages._shell import cached, present, state

MOST_LAGS = 400
_ICONS = {True: "check_circle", False: "error", None: "info"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """A column of a series, and what is known about its memory."""

    fingerprint: str
    column: str
    values: TimeValues
    season: int
    cutoff: int

    @property
    def most_lags(self) -> int:
        """Where the lag slider ends: below half of the rows, and where a chart is still readable."""
        return min(largest_lag(len(self.values)), MOST_LAGS)


def diagnose(
    fingerprint: str, column: str, values: TimeValues
) -> tuple[Learnability, Season, StationarityCheck]:
    """What can be learned from a column, how it repeats, and whether it keeps its level."""

    def look() -> tuple[Learnability, Season, StationarityCheck]:
        return check_learnability(values), find_season(values), check_stationarity(values)

    return cached.pattern(fingerprint, column, "diagnosis", (), look)


def memory(seen: Seen) -> int:
    """Lag slider, ACF and PACF; returns the number of lags shown."""
    n_lags = st.slider(
        "Lags",
        1,
        seen.most_lags,
        key=state.widget("n_lags", min(state.recall("n_lags", DEFAULT_LAGS), seen.most_lags)),
        help="A lag is a distance in rows. The PACF can be estimated for lags below half of the rows only; "
        f"the slider ends at {seen.most_lags} here.",
    )
    state.remember("n_lags", n_lags)
    shown, theme = cached.memory(seen.fingerprint, seen.column, n_lags, seen.values), present.theme()
    left, right = st.columns(2, gap="medium")
    with left:
        present.show(
            plot_acf(shown, theme=theme, season=seen.season),
            key="acf_chart",
            alt=f"ACF: {stands_out(shown.acf[1:], shown.acf_band[1:]).sum()} of {n_lags} lags stand out.",
            table=_table("acf", shown),
        )
    with right:
        cutoff = seen.cutoff if seen.cutoff <= n_lags else 0
        present.show(
            plot_pacf(shown, theme=theme, cutoff=cutoff),
            key="pacf_chart",
            alt=f"PACF: {stands_out(shown.pacf[1:], shown.pacf_band[1:]).sum()} of {n_lags} lags stand out."
            + (f" It cuts off at lag {cutoff}." if cutoff else ""),
            table=_table("pacf", shown),
        )
    return n_lags


def tests(check: StationarityCheck) -> None:
    """ADF and KPSS: the sentence, then the numbers."""
    st.markdown(f":material/{_ICONS[check.stationary]}: {check.verdict}")
    rows = [
        {
            "Test": test.name,
            "Assumes": test.null,
            "Statistic": present.number(test.statistic),
            "p-value": test.p_text,
            "Lags": test.lags,
            "At 5%": "rejected" if test.rejects else "not rejected",
        }
        for test in (check.adf, check.kpss)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="stationarity")


def checklist(
    series: Series, learnable: Learnability, season: Season, stationarity: StationarityCheck
) -> None:
    """What must hold before an LSTM makes sense (C9), and what to look for in the series itself (C6)."""
    st.subheader("Before an LSTM makes sense", anchor=False)
    depends = "yes" if learnable.something else "hardly"
    level = {True: "no", False: "yes", None: "not sure"}[stationarity.stationary]
    st.markdown(
        f"- Rows in time order: **yes** ({thousands(series.n_rows)} rows"
        + (f", one step is {series.step}" if series.step else "")
        + ").\n"
        f"- The next value depends on earlier ones: **{depends}** (Ljung-Box up to {learnable.lags} lags of the steps "
        "from row to row; a small p-value means memory).\n"
        f"- It trends or wanders: **{level}** (ADF and KPSS).\n"
        f"- It repeats: **{f'every {season.length} rows' if season.length > 1 else 'no season found'}**."
    )


def _table(name: str, shown: Correlogram) -> pd.DataFrame:
    columns = {name: getattr(shown, name), "band": getattr(shown, f"{name}_band")}
    return pd.DataFrame({"lag": range(shown.n_lags + 1), **columns})


def far_out(fingerprint: str, column: str, values: TimeValues) -> None:
    """Say that few values may hide what all others show, and where they are cleaned."""
    n_far = cached.pattern(fingerprint, column, "far out", (), partial(count_far_out, values))
    if not n_far:
        return
    present.verdict(
        "caution",
        f"{counted(n_far, 'value')} {'lies' if n_far == 1 else 'lie'} more than {FAR_OUT} times as far from the "
        "median as the usual value. So few can hide memory and season from every test on this page.",
    )
    st.page_link(
        "pages/series.py", label="Mark, clip or replace them in a cleaning step", icon=":material/cleaning:"
    )
