"""How values are spread, and where some were missing."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.distribution import Distribution, describe_distribution
from lstm_core.diagnostics.missingness import Missingness, describe_missingness
from lstm_core.evaluation.table import row_labels
from lstm_core.figures.patterns import plot_distribution, plot_missingness
from lstm_core.series.record import Series
from pages._shell import cached, present, state


def draw(series: Series, column: str, values: TimeValues, unit: str) -> None:
    """Histogram of the values or of their steps, and a map of the gaps."""
    st.subheader("How are the values spread?", anchor=False)
    kind = st.segmented_control(
        "Distribution of",
        ("values", "steps"),
        key=state.widget("spread_of", "values"),
        required=True,
        help="The values themselves, or the steps from one row to the next. A network that looks one row ahead has to "
        "get the steps right.",
    )
    steps = kind == "steps"
    shown = np.diff(values) if steps else values
    key = (series.fingerprint, column)
    spread = cached.pattern(*key, "distribution", (kind,), partial(describe_distribution, shown))
    st.markdown(f":material/bar_chart: {spread.verdict} {_moments(spread, unit)}")
    present.show(
        plot_distribution(
            spread, name=f"Step of {column}" if steps else column, unit=unit, theme=present.theme()
        ),
        key="distribution_chart",
        alt=f"Distribution of the {kind} of {column}. {spread.verdict}",
        table=pd.DataFrame({"from": spread.edges[:-1], "to": spread.edges[1:], "count": spread.counts}),
    )
    _missing(series)


def _moments(spread: Distribution, unit: str) -> str:
    number = partial(present.number, unit=unit)
    return (
        f"From {number(spread.smallest)} to {number(spread.largest)}, mean {number(spread.mean)}, median "
        f"{number(spread.median)}, standard deviation {number(spread.deviation)}."
    )


def _missing(series: Series) -> None:
    gaps = cached.pattern(
        series.fingerprint, "", "missing", (int(series.filled.sum()),), partial(describe_missingness, series)
    )
    if gaps is None:
        st.markdown(":material/check: No value was missing.")
        return
    st.markdown(f":material/grid_on: {present.safe(gaps.verdict, limit=300)}")
    present.show(
        plot_missingness(gaps, series, theme=present.theme()),
        key="missingness_chart",
        alt=f"Where values were missing. {gaps.verdict}",
        table=partial(_table, gaps, series),
    )


def _table(gaps: Missingness, series: Series) -> pd.DataFrame:
    starts = row_labels(series, gaps.longest_at)
    return pd.DataFrame(
        {
            "column": gaps.columns,
            "missing": gaps.counts,
            "share": gaps.counts / series.n_rows,
            "longest_gap": gaps.longest,
            "longest_gap_starts": [
                start if length else "" for start, length in zip(starts, gaps.longest, strict=True)
            ],
        }
    )
