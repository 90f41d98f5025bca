"""The columns of a table, one row each: what they hold, what is missing, how far they spread."""

import pandas as pd
import streamlit as st

from lstm_core.series.profile import ColumnProfile, profile
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import Table
from pages._shell import cached, services

_HELP = {
    "Missing": "Cells that are empty, or hold a word for missing such as n/a.",
    "Not numbers": "Cells of a column of numbers that are neither a number nor missing.",
    "Distinct": "How many different values there are, missing ones not counted.",
    "Constant": "One value only: nothing to learn from it.",
}


def draw(source: SeriesSource, table: Table) -> None:
    """Draw the table of columns of a source."""
    profiles = cached.look(services.owner(), "profile", source.unread, lambda: profile(table))
    st.subheader("Columns", anchor=False)
    settings = {name: st.column_config.Column(help=text) for name, text in _HELP.items()}
    numbers = st.column_config.NumberColumn(format="%.4g")
    st.dataframe(
        as_frame(profiles, table.n_rows),
        hide_index=True,
        key="profile",
        placeholder="",
        column_config={**settings, "Smallest": numbers, "Mean": numbers, "Largest": numbers},
    )


def as_frame(profiles: tuple[ColumnProfile, ...], n_rows: int) -> pd.DataFrame:
    """One row per column."""
    return pd.DataFrame(
        [
            {
                "Column": one.name,
                "Holds": one.kind + (f" [{one.unit}]" if one.unit else ""),
                "Missing": f"{one.n_missing:,}"
                + (f" ({one.n_missing / n_rows:.1%})" if one.n_missing else ""),
                "Not numbers": one.n_unread,
                "Smallest": one.low,
                "Mean": one.mean,
                "Largest": one.high,
                "Distinct": one.n_distinct,
                "First": one.first,
                "Last": one.last,
                "Constant": one.is_constant,
            }
            for one in profiles
        ]
    )


def _missing(count: int, n_rows: int) -> str:
    """Count with its share: `3 (10.0%)`; a few of many are less than 0.1%, not 0.0%."""
    if not count:
        return "0"
    share = count / n_rows
    return f"{count:,} ({share:.1%})" if share >= 0.001 else f"{count:,} (less than 0.1%)"
