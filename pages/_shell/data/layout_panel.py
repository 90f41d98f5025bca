"""How one file is laid out: what was found, what it means, and every choice to overrule it."""

from typing import Any, get_args

import streamlit as st

from lstm_core.series.layout.spec import AS_IT_STANDS, Kind, LayoutSpec
from lstm_core.series.table import Table
from pages._shell import state
from pages._shell.controls import choices, field

MEANINGS: dict[Kind, str] = {
    "wide": "a row per moment, a column per quantity",
    "long": "a row per moment and series",
    "calendar": "a row per year with a column per month or quarter (or a row per day with 24 hours)",
    "dates across": "a row per series, a column per date",
}
_REPEATED = {
    "refuse": "refuse (decide first)",
    "mean": "take their mean",
    "sum": "add them up",
    "last": "keep the last one",
}


def draw(table: Table, wanted: LayoutSpec, found: LayoutSpec, names: tuple[str, ...]) -> LayoutSpec:
    """Layout as the widgets say.

    Parameters
    ----------
    table : the file as it was read
    wanted : what is chosen now
    found : the same with nothing left open
    names : the series in the file
    """
    kinds: tuple[Kind, ...] = get_args(LayoutSpec.model_fields["kind"].annotation)
    kind = st.selectbox(
        **field(LayoutSpec, "kind"),
        options=kinds,
        format_func=lambda one: MEANINGS.get(one) or f"detected: {MEANINGS[found.kind]}",
        key=state.widget("layout", wanted.kind),
        on_change=state.forget_widgets,
        args=("layout_", "date_parts"),
    )
    if kind != wanted.kind:
        return AS_IT_STANDS if kind == "wide" else LayoutSpec(kind=kind)
    update: dict[str, Any] = {}
    if kind in ("wide", "long"):
        update["date_parts"] = _columns("date_parts", table, found.date_parts)
    if kind == "long":
        update |= _long_columns(table, found)
    if found.kind != "wide" and names:
        update["chosen"] = tuple(
            st.multiselect(
                **field(LayoutSpec, "chosen"),
                options=list(dict.fromkeys([*wanted.chosen, *names])),
                placeholder=f"all {len(names):,} series",
                key=state.widget("layout_chosen", list(wanted.chosen)),
            )
        )
    if found.kind != "wide":
        update["repeated"] = st.selectbox(
            **field(LayoutSpec, "repeated"),
            options=choices(LayoutSpec, "repeated"),
            format_func=_REPEATED.__getitem__,
            key=state.widget("layout_repeated", wanted.repeated),
            width=260,
        )
    return wanted.model_copy(update=update)


def _long_columns(table: Table, found: LayoutSpec) -> dict[str, Any]:
    """Which columns of a long table say when, which series, and how much."""
    made = ["date"] if found.date_parts else []
    options = list(dict.fromkeys([*([found.time] if found.time else []), *made, *table.columns]))
    time = st.selectbox(
        **field(LayoutSpec, "time"),
        options=options,
        placeholder="choose a column",
        key=state.widget("layout_time", found.time),
        width=260,
    )
    return {
        "time": time,
        "series": _columns("series", table, found.series),
        "values": _columns("values", table, found.values),
    }


def _columns(name: str, table: Table, chosen: tuple[str, ...]) -> tuple[str, ...]:
    key = name if name == "date_parts" else f"layout_{name}"
    return tuple(
        st.multiselect(
            **field(LayoutSpec, name),
            options=list(dict.fromkeys([*chosen, *table.columns])),
            key=state.widget(key, list(chosen)),
        )
    )
