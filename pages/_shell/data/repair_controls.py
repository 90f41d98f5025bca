"""Widgets of the repairs on page 1: those that the counts call for, and those already chosen."""

from typing import Any, get_args

import streamlit as st

from lstm_core.series.health import HealthCard
from lstm_core.series.missing_codes import FoundCode
from lstm_core.series.roles import ColumnRoles, Duplicates, Gaps, MissingCode, RegularStep
from lstm_core.series.words import counted
from pages._shell import present, state
from pages._shell.controls import choices, field

AS_THEY_ARE = "leave the steps as they are"
_DUPLICATES: dict[Duplicates, str] = {
    "refuse": "refuse (decide first)",
    "mean": "take their mean",
    "last": "keep the last one",
}
_GAPS: dict[Gaps, str] = {
    "refuse": "refuse (decide first)",
    "interpolate": "straight line in time",
    "linear": "straight line from row to row",
    "spline": "smooth curve (cubic spline)",
    "forward fill": "repeat the last value",
    "seasonal": "usual season and a line",
    "mean": "mean of the rows to learn from",
    "drop": "drop the row",
}
_MOST_CODES = 6
_MARKED = (
    "These values become gaps, and you choose below how gaps are filled. It stands in the list under Cleaning, where "
    "it can be taken back."
)
_FILLED = [way for way in _GAPS if way not in ("refuse", "drop")]


def draw(chosen: ColumnRoles, card: HealthCard) -> ColumnRoles:
    """Repairs that the counts call for, and those already chosen; nothing is repaired unasked."""
    update: dict[str, Any] = _missing_codes(chosen, card.codes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if card.n_unsorted or not chosen.sort:
            update["sort"] = st.toggle(**field(ColumnRoles, "sort"), key=state.widget("sort", chosen.sort))
        if card.first is not None:
            update |= _regular_step(chosen)
        regular = update.get("regular_step") is not None
        if (card.n_duplicates and not regular) or chosen.duplicates != "refuse":
            update["duplicates"] = _choice("duplicates", chosen, _DUPLICATES)
        if (card.n_absent and not regular) or chosen.missing_dates != "keep":
            words = {"keep": "keep rows as neighbours", "insert": "insert them as gaps"}
            update["missing_dates"] = _choice("missing_dates", chosen, words)
        inserted = regular or (card.n_absent and update.get("missing_dates") == "insert")
        if card.n_missing or inserted or chosen.gaps != "refuse":
            update["gaps"] = _choice("gaps", chosen, _GAPS)
        if update.get("gaps") in _FILLED:
            update["longest_fill"] = st.number_input(
                **field(ColumnRoles, "longest_fill"),
                step=1,
                key=state.widget("longest_fill", chosen.longest_fill),
                width=210,
            )
    if (
        not card.codes
        and not card.needs_repair
        and not card.n_unsorted
        and not card.n_absent
        and chosen.regular_step is None
    ):
        st.caption("Nothing to repair: the rows are in order, no date repeats, no value is missing.")
    return chosen.model_copy(update=update)


def _missing_codes(chosen: ColumnRoles, codes: tuple[FoundCode, ...]) -> dict[str, Any]:
    """What looks like a code for "no value", with the button that makes gaps of it; nothing is marked unasked."""
    marked = list[MissingCode]()
    for place, found in enumerate(codes[:_MOST_CODES]):
        told, way_out = st.columns([5, 2], vertical_alignment="center")
        told.markdown(
            f":material/warning: {present.safe(found.sentence, limit=300)}. If it stands for “no value”, the network "
            "should not learn it as one."
        )
        if way_out.button("Mark as missing", key=f"mark_code_{place}", help=_MARKED):
            marked.append(found.code)
    n_more = len(codes) - _MOST_CODES
    if n_more > 0:
        st.caption(f"{counted(n_more, 'more column')} with such values.")
    if len(codes) > 1 and st.button(f"Mark all {len(codes)} as missing", key="mark_codes", help=_MARKED):
        marked.extend(found.code for found in codes)
    return {"missing_codes": (*chosen.missing_codes, *marked)} if marked else {}


def _regular_step(chosen: ColumnRoles) -> dict[str, Any]:
    """Step of the rows, and what the rows of one step become."""
    step = st.selectbox(
        **field(ColumnRoles, "regular_step"),
        options=[AS_THEY_ARE, *get_args(RegularStep)],
        key=state.widget("regular_step", chosen.regular_step or AS_THEY_ARE),
        width=230,
    )
    if step == AS_THEY_ARE:
        return {"regular_step": None}
    ways = {way: way for way in choices(ColumnRoles, "aggregate")}
    return {"regular_step": step, "aggregate": _choice("aggregate", chosen, ways)}


def _choice(name: str, chosen: ColumnRoles, words: dict[Any, str]) -> Any:
    return st.selectbox(
        **field(ColumnRoles, name),
        options=list(words),
        format_func=words.__getitem__,
        key=state.widget(name, getattr(chosen, name)),
        width=240,
    )
