"""Widgets of page 1: what the columns mean (`detected_panel`: how a file is read; `repair_controls`: repairs).

Every group takes what is chosen now and returns what is chosen after this run; "detect" stands for None.
"""

from typing import get_args

import streamlit as st

from lstm_core.series.detect import number_columns
from lstm_core.series.health import HealthCard
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.samples import SAMPLES
from lstm_core.series.table import Table
from pages._shell import state
from pages._shell.controls import field
from pages._shell.data import detected_panel

DETECT = "detect"
NUMBERED = "number the rows"
KEYS = (
    "parameter_", *detected_panel.KEYS, "sheet", "zone", "time", "date_format", "target", "features", "sort",
    "duplicates", "missing_dates", "gaps", "longest_fill",
    "regular_step", "aggregate", "step_", "known_share", "stage",
)  # fmt: skip
"""Beginnings of the keys below: forgotten when another file or sample is chosen."""


def parameters(sample: str, values: dict[str, float]) -> dict[str, float]:
    """Settings of a generated sample; only those that differ from its defaults."""
    asked = SAMPLES[sample].parameters
    chosen = dict[str, float]()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, parameter in asked.items():
            kind = int if parameter.whole else float
            value = st.number_input(
                parameter.title,
                kind(parameter.low),
                kind(parameter.high),
                step=1 if parameter.whole else None,
                key=state.widget(f"parameter_{name}", kind(values.get(name, parameter.default))),
                width=190,
            )
            if value != parameter.default:
                chosen[name] = float(value)
    return chosen


def roles(table: Table, chosen: ColumnRoles, card: HealthCard | None) -> ColumnRoles:
    """Which column is the time, which is forecast, which are read beside it."""
    numeric = number_columns(table)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = st.selectbox(
            **field(ColumnRoles, "target"),
            options=list(dict.fromkeys([chosen.target, *numeric])),
            key=state.widget("target", chosen.target),
            width=200,
        )
        time, form = _dates(table, chosen, card)
        unit = st.text_input(
            **field(ColumnRoles, "unit"),
            max_chars=40,
            key=state.widget("target_unit", chosen.unit),
            width=140,
        )
    zone = detected_panel.dates(chosen, card)
    features = st.multiselect(
        **field(ColumnRoles, "features"), options=numeric, key=state.widget("features", list(chosen.features))
    )
    update = {"target": target, "time": time, "date_format": form, "zone": zone, "unit": unit}
    update["features"] = tuple(features)
    return chosen.model_copy(update=update)


def _dates(table: Table, chosen: ColumnRoles, card: HealthCard | None) -> tuple[str | None, str | None]:
    """Time column and date format; None where rows are numbered or the format is detected."""
    found = card.date_format if card else None
    detected = f"detected: {found}" if found and chosen.date_format is None else "detect"
    if not state.still_offers("time", columns := [NUMBERED, *table.columns]):
        state.forget_widgets("time", "date_format", "zone")  # of another sheet or file: detected afresh
    time = st.selectbox(
        **field(ColumnRoles, "time"),
        options=columns,
        key=state.widget("time", chosen.time or NUMBERED),
        width=200,
    )
    form = st.selectbox(
        **field(ColumnRoles, "date_format"),
        options=[DETECT, *get_args(DateFormat)],
        format_func=lambda one: detected if one == DETECT else one,
        key=state.widget("date_format", chosen.date_format or DETECT),
        disabled=time == NUMBERED,
        width=200,
    )
    return None if time == NUMBERED else time, None if form == DETECT else form
