"""What page 1 says about a series: its span, its verdict, its health card."""

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.series.health import HealthCard
from lstm_core.series.reading.header import clean_names
from lstm_core.series.record import Series, Step
from lstm_core.series.table import Table
from lstm_core.series.words import counted, date_in_words
from pages._shell import present

_DONE = {
    "sort",
    "missing codes",
    "insert dates",
    "interpolate",
    "linear",
    "spline",
    "seasonal",
    "mean",
    "regular step",
    "rows without a past",
    "forward fill",
    "drop",
    "drop open ends",
    "drop end rows",
    "last rows",
    "rows left out",
    "rows not filled",
    "shared dates",
    "no time zone",
}

_REPAIRS = pd.CategoricalDtype(["", "merged", "filled"])
_GRAVE = {"likely missing", "irregular steps", "absent dates", "future dates", "constant columns"}


def moment(date: object, step: str) -> str:
    """A date in ISO, or only its year when the series has only years; a row number as such."""
    if isinstance(date, pd.Timestamp) and step.endswith(("year", "years")):
        return str(date.year)
    return date_in_words(date)


def span(series: Series) -> str:
    """First and last row with the usual step: `from 1700 to 2008, in steps of 1 year`."""
    if not isinstance(series.index, pd.DatetimeIndex):
        return "numbered without dates"
    first, last = ends(series)
    return f"from {first} to {last}" + (
        f", steps {series.step}" if series.step.startswith("varying") else f", in steps of {series.step}"
    )


def ends(series: Series) -> tuple[str, str]:
    """First and last date in words; "none" when rows are only numbered."""
    if not isinstance(series.index, pd.DatetimeIndex):
        return "none", "none"
    return moment(series.index[0], series.step), moment(series.index[-1], series.step)


def repairs(series: Series) -> str:
    """What a repair made, as a sentence that follows another: ` 59 values filled.`; empty when nothing was."""
    counts = ((int(series.filled.sum()), "value", "filled"), (int(series.merged.sum()), "date", "merged"))
    told = [f"{counted(count, noun)} {done}" for count, noun, done in counts if count]
    return f" {', '.join(told)}." if told else ""


def numbers(series: Series) -> pd.DataFrame:
    """The series as a table: dates or row numbers first, under a name that no column has; last what was repaired."""
    table = pd.DataFrame(series.values).set_index(series.index).reset_index()
    names = ["date" if series.is_dated else "row", *series.columns]
    filled = series.filled.any(axis=1)
    if filled.any() or series.merged.any():
        kind = np.where(filled, 2, series.merged.astype(np.int8))
        table["repair"] = pd.Categorical.from_codes(kind, dtype=_REPAIRS)
        names.append("repair")
    table.columns = clean_names(names)[0]
    return table


def verdict(series: Series, card: HealthCard) -> None:
    """Whether the series can be used, and what was done or should be known about it."""
    n_rows = f"{series.n_rows:,}".replace(",", "\u202f")
    sentence = f"{n_rows} rows {span(series)}"
    if series.columns[0] in card.constant:
        present.verdict(
            "bad", f"{sentence}. The series never changes: there is nothing to learn. Choose another target."
        )
        return
    repaired = [step for step in series.steps if step.name in _DONE or step.name.startswith("duplicates")]
    noted = [step for step in series.steps if step not in repaired and step.name != "row numbers"]
    noted.sort(key=lambda step: step.name not in _GRAVE)
    if not repaired and not noted:
        present.verdict("good", f"{sentence}: complete, in order and ready to learn from.")
        return
    first = _closed(present.safe((repaired or noted)[0].detail, limit=200))
    more = len(repaired) + len(noted) - 1
    rest = f" {counted(more, 'more remark')} below." if more else ""
    doubtful = card.n_irregular or card.n_absent or card.n_future or card.codes
    tone = "caution" if repaired or doubtful else "good"
    present.verdict(tone, f"{sentence}: ready. {first}{rest}")


def health(card: HealthCard) -> None:
    """Counts of the table as it came, before repairs."""
    first, last = (
        moment(date, card.step) if date is not None else "none" for date in (card.first, card.last)
    )
    counts = {
        "Rows": (f"{card.n_rows:,}", "Rows of observations in the file, without totals at the end."),
        "First": (first, "Earliest date; none when rows are only numbered."),
        "Last": (last, "Latest date."),
        "Usual step": (card.step or "none", "The most frequent distance between two neighbouring dates."),
        "Missing values": (
            f"{card.n_missing:,}",
            "Cells of the chosen columns without a number, or with one that you marked as missing.",
        ),
        "Absent dates": (f"{card.n_absent:,}", "Dates that the usual step would have and no row has."),
        "Duplicate dates": (f"{card.n_duplicates:,}", "Rows that share the date of another row."),
        "Irregular steps": (f"{card.n_irregular:,}", "Steps that are no whole multiple of the usual one."),
        "Out of order": (f"{card.n_unsorted:,}", "Rows that stand elsewhere once sorted by date."),
        "Constant columns": (
            f"{len(card.constant)}",
            "Chosen columns with one value only: nothing to learn.",
        ),
    }
    if card.n_misaligned is not None:
        counts["Misaligned rows"] = (
            f"{card.n_misaligned:,}",
            "Rows of the files that do not line up in time with the others; listed under the files.",
        )
    metrics(counts)


def metrics(counts: dict[str, tuple[str, str]]) -> None:
    """Counts with their meaning under the heading of the health card: label -> (value, meaning)."""
    st.subheader("Health", anchor=False)
    with st.container(horizontal=True, key="health"):
        for label, (value, meaning) in counts.items():
            st.metric(label, value.replace(",", "\u202f"), help=meaning, width="content")


def preview(table: Table) -> None:
    """First rows of the table as they were read, before any repair."""
    st.subheader("First rows", anchor=False)
    st.dataframe(table.frame.head(8), hide_index=True, key="preview")


def steps(series: Series, listed: tuple[Step, ...] = ()) -> None:
    """What was done on the way from the file to the series, without what the page lists above.

    Parameters
    ----------
    listed : repairs and steps of the Cleaning list
    """
    st.subheader("What was done", anchor=False)
    rows = [
        {"Step": step.name, "Count": step.count, "What happened": step.detail}
        for step in series.steps
        if step not in listed
    ]
    if listed:
        st.caption(
            "Repairs and steps stand in the list under Cleaning" + (", all else here." if rows else ".")
        )
    elif not rows:
        st.caption("Nothing was changed: the values are those of the source.")
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="steps", row_height=36)


def _closed(sentence: str) -> str:
    """A remark that another one follows: it ends with a mark."""
    return sentence if sentence.endswith((".", "…", "?", ":")) else f"{sentence}."
