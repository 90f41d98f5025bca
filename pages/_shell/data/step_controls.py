"""Widgets of one cleaning step: its kind, then what that kind needs. Labels, help and bounds come from the step."""

from types import NoneType
from typing import Any, get_args

import streamlit as st
from pydantic import BaseModel

from lstm_core.series.cleaning.spec import (
    CalendarStep,
    CombinationStep,
    DifferenceStep,
    LagStep,
    MovingAverageStep,
    OneHotStep,
    OutlierStep,
    StepSpec,
)
from lstm_core.series.detect import number_columns
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import Table
from pages._shell import state
from pages._shell.controls import choices, field

__all__ = ["StepSpec", "draw", "text_columns"]

_KINDS: dict[str, type[BaseModel]] = {
    "Outliers": OutlierStep,
    "Lag": LagStep,
    "Moving average": MovingAverageStep,
    "Change, or change per day": DifferenceStep,
    "Two columns": CombinationStep,
    "Calendar": CalendarStep,
    "Text as columns of 0 and 1": OneHotStep,
}
_COLUMNS = ("column", "left", "right")


def text_columns(table: Table, roles: ColumnRoles) -> list[str]:
    """Columns that may be turned into 0 and 1: those without a role, words before numbers."""
    free = [name for name in table.columns if name not in (*roles.columns, roles.time)]
    numeric = set(number_columns(table))
    return sorted(free, key=lambda name: name in numeric)


def draw(columns: tuple[str, ...], texts: list[str]) -> StepSpec | None:
    """Kind and settings of a step that may be added; None while it lacks a column."""
    kind = st.selectbox(
        "Kind of step",
        list(_KINDS),
        key=state.widget("kind_of_step", "Outliers"),
        help="Outliers: count and treat values far from their usual one. The others add columns the network may read.",
    )
    step = _KINDS[kind]
    options = texts if step is OneHotStep else list(columns)
    if not options:
        st.caption("Every column of the table has a role already, so there is no text column left.")
        return None
    chosen: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in step.model_fields:
            if name != "kind" and _is_asked(name, chosen):
                chosen[name] = _draw_field(step, name, options)
    return step(**chosen)  # pyright: ignore[reportReturnType]


def _is_asked(name: str, chosen: dict[str, Any]) -> bool:
    """Whether a setting matters beside those chosen before it."""
    if name == "period":
        return chosen.get("method") == "season and trend"
    return name != "pairs" or chosen.get("form") == "Fourier pairs"


def _draw_field(step: type[BaseModel], name: str, options: list[str]) -> Any:
    """Widget of one setting; every kind of step has its own, so that one does not inherit another's value."""
    definition = step.model_fields[name]
    key = f"step_{step.__name__}_{name}"
    if name in _COLUMNS:
        first = options[min(1, len(options) - 1)] if name == "right" else options[0]
        return st.selectbox(**field(step, name), options=options, key=state.widget(key, first), width=220)
    if get_args(definition.annotation) and NoneType not in get_args(definition.annotation):
        return st.selectbox(
            **field(step, name),
            options=choices(step, name),
            key=state.widget(key, definition.default),
            width=200,
        )
    optional = NoneType in get_args(definition.annotation)
    whole = definition.annotation is not float
    return st.number_input(
        **_bounds(step, name, optional=optional),
        step=1 if whole else 0.5,
        placeholder="that of the series" if optional else None,
        key=state.widget(key, definition.default),
        width=170,
    )


def _bounds(step: type[BaseModel], name: str, *, optional: bool) -> dict[str, Any]:
    return field(step, name) | ({"value": None} if optional else {})
