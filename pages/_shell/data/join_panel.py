"""How several files find each other on time, how they fit, and the rows that do not line up."""

from typing import Any, get_args

import pandas as pd
import streamlit as st

from lstm_core.series.layout.alignment import FileFit, How, JoinSpec
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import Table
from lstm_core.series.words import counted, date_in_words
from pages._shell import state
from pages._shell.controls import choices, field

HOW: dict[How, str] = {
    "inner": "only dates that all files have",
    "outer": "every date of any file",
    "nearest before": "newest value at or before each date of the first file",
    "stack": "one under the other",
}
_REPEATED = {"refuse": "refuse (decide first)", "mean": "take their mean", "last": "keep the last one"}
_DETECT = "detect"
_MOST_LISTED = 1000


def draw(source: SeriesSource, table: Table | None) -> SeriesSource:
    """Draw the controls and what they make of the files; returns the source as the widgets say."""
    join = _controls(source.join, table)
    if table is not None and table.files:
        if table.how == "nearest before":
            st.caption(
                "A value counts from its own date on. One that was published later, such as an index that appears "
                "weeks after its month, would be known too early: give its rows the date of publication."
            )
        _draw_files(table.files)
        _list_misaligned(table.files)
    return source.model_copy(update={"join": join})


def _controls(spec: JoinSpec, table: Table | None) -> JoinSpec:
    done = table.how if table is not None else None
    label = f"detected: {HOW[done]}" if done is not None and spec.how is None else "detect"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = st.selectbox(
            **field(JoinSpec, "how"),
            options=[_DETECT, *get_args(How)],
            format_func=lambda one: label if one == _DETECT else HOW[one],
            key=state.widget("join_how", spec.how or _DETECT),
            width=360,
        )
        update: dict[str, Any] = {"how": None if how == _DETECT else how}
        if how == "nearest before":
            update |= _tolerance(spec)
        if (done or how) != "stack":
            update["repeated"] = st.selectbox(
                **field(JoinSpec, "repeated"),
                options=choices(JoinSpec, "repeated"),
                format_func=_REPEATED.__getitem__,
                key=state.widget("join_repeated", spec.repeated),
                width=260,
            )
    return spec.model_copy(update=update)


def _tolerance(spec: JoinSpec) -> dict[str, Any]:
    age = st.number_input(
        **field(JoinSpec, "tolerance"),
        step=1,
        placeholder="until the next",
        key=state.widget("join_tolerance", spec.tolerance),
        width=170,
    )
    unit = st.selectbox(
        **field(JoinSpec, "tolerance_unit"),
        options=choices(JoinSpec, "tolerance_unit"),
        key=state.widget("join_unit", spec.tolerance_unit),
        width=130,
    )
    return {"tolerance": age, "tolerance_unit": unit}


def _draw_files(files: tuple[FileFit, ...]) -> None:
    rows = [
        {
            "File": fit.name,
            "Rows": fit.n_rows,
            "First": date_in_words(fit.first),
            "Last": date_in_words(fit.last),
            "Usual step": fit.step,
            "Do not line up": fit.n_misaligned,
            "Left out": fit.n_lost,
            "Without its value": fit.n_missing,
        }
        | ({"Values hold for": fit.reach} if any(one.reach for one in files) else {})
        for fit in files
    ]
    helps = {
        "Do not line up": "Rows whose date not all files have; or, where the newest value is taken, values that no row "
        "took and rows that found none. Of files one under the other: dates that stand in two of them.",
        "Left out": "Rows of this file that are not in the joined table.",
        "Without its value": "Rows of the joined table for which this file has no value.",
        "Values hold for": "How old the newest value may be.",
    }
    settings = {name: st.column_config.Column(help=text) for name, text in helps.items() if name in rows[0]}
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="files", column_config=settings)


def _list_misaligned(files: tuple[FileFit, ...]) -> None:
    n_rows = sum(fit.n_misaligned for fit in files)
    if not n_rows:
        return
    verb = "does" if n_rows == 1 else "do"
    with st.expander(
        f"{counted(n_rows, 'row')} that {verb} not line up", key="misaligned", on_change="rerun"
    ) as opened:
        if opened.open:
            most = _MOST_LISTED // len(files)
            listed = [
                {"File": fit.name, "Date": date_in_words(day)}
                for fit in files
                for day in fit.misaligned[:most]
            ]
            if len(listed) < n_rows:
                st.caption(f"The first {most:,} of each file.")
            st.dataframe(pd.DataFrame(listed), hide_index=True, height=240, key="misaligned_rows")
