"""Widgets of page 1: how a file is read, what its columns mean (`repair_controls`: which repairs are allowed).

Every group takes what is chosen now and returns what is chosen after this run; "detect" stands for None.
"""

from typing import Any, get_args

import streamlit as st

from lstm_core.series.detect import number_columns
from lstm_core.series.dialect import NAMES
from lstm_core.series.health import HealthCard
from lstm_core.series.kinds import FileKind
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.samples import SAMPLES
from lstm_core.series.table import Decimal, Delimiter, ReadOptions, Table
from pages._shell import state
from pages._shell.controls import field
from pages._shell.present import safe

DETECT = "detect"
NUMBERED = "number the rows"
KEYS = (
    "parameter_", "encoding", "delimiter", "decimal", "header", "skip_lines", "units_row", "last_rows", "sheet",
    "time", "date_format", "target", "features", "sort", "duplicates", "missing_dates", "gaps", "longest_fill",
    "regular_step", "aggregate", "step_", "known_share", "stage",
)  # fmt: skip
"""Beginnings of the keys below: forgotten when another file or sample is chosen."""
ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16")
_ASKED: dict[FileKind, tuple[str, ...]] = {
    "text": ("encoding", "delimiter", "decimal", "header", "units_row", "skip_lines", "last_rows"),
    "Excel": ("decimal", "header", "units_row", "skip_lines", "last_rows"),
    "Parquet": ("last_rows",),
}
"""What a person may choose about reading a file of a kind."""
_YES_NO = {True: "yes", False: "no"}


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


def reading(options: ReadOptions, table: Table | None) -> ReadOptions:
    """How the bytes are read; each choice says what was detected. A file that is not text is asked less."""
    found = table.options if table else None
    asked = _ASKED[table.kind] if table else _ASKED["text"]
    words: dict[str, dict[Any, str]] = {
        "encoding": dict(zip(ENCODINGS, ENCODINGS, strict=True)),
        "delimiter": {mark: NAMES[mark] for mark in get_args(Delimiter)},
        "decimal": {mark: NAMES.get(mark, "point") for mark in get_args(Decimal)},
        "header": _YES_NO,
        "units_row": _YES_NO,
    }
    chosen: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in asked:
            if name in words:
                chosen[name] = _detectable(name, options, found, words[name])
            else:
                chosen[name] = _whole_number(name, options, found if name == "skip_lines" else None)
    return options.model_copy(update=chosen)


def in_words(table: Table) -> str:
    """How a file was read, in a few words: `utf-8, comma between cells, decimal point`."""
    found = table.options
    if table.kind == "Excel":
        return f"Excel, sheet {safe(found.sheet or '')}, names in row {(found.skip_lines or 0) + 1}"
    if table.kind == "Parquet":
        return "Parquet"
    mark = {".": "point", ",": "comma"}[found.decimal or "."]
    return f"{found.encoding}, {NAMES[found.delimiter or ',']} between cells, decimal {mark}"


def _detectable(name: str, options: ReadOptions, found: ReadOptions | None, words: dict[Any, str]) -> Any:
    """Choose between detection and the values in `words`."""
    detected = getattr(found, name) if found and getattr(options, name) is None else None
    label = f"detected: {words.get(detected, detected)}" if detected is not None else "detect"
    chosen = getattr(options, name)
    value = st.selectbox(
        **field(ReadOptions, name),
        options=[DETECT, *words],
        format_func=lambda one: label if one == DETECT else words[one],
        key=state.widget(name, chosen if chosen in words else DETECT),
        width=210,
    )
    return None if value == DETECT else value


def _whole_number(name: str, options: ReadOptions, found: ReadOptions | None) -> int | None:
    bounds = field(ReadOptions, name)
    return st.number_input(
        **bounds,
        step=1,
        placeholder=f"detected: {getattr(found, name)}" if found else "all",
        key=state.widget(name, getattr(options, name)),
        width=210,
    )


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
    features = st.multiselect(
        **field(ColumnRoles, "features"), options=numeric, key=state.widget("features", list(chosen.features))
    )
    update = {"target": target, "time": time, "date_format": form, "unit": unit, "features": tuple(features)}
    return chosen.model_copy(update=update)


def _dates(table: Table, chosen: ColumnRoles, card: HealthCard | None) -> tuple[str | None, str | None]:
    """Time column and date format; None where rows are numbered or the format is detected."""
    found = card.date_format if card else None
    detected = f"detected: {found}" if found and chosen.date_format is None else "detect"
    time = st.selectbox(
        **field(ColumnRoles, "time"),
        options=[NUMBERED, *table.columns],
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
