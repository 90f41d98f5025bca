"""What was detected about a file: sentences that can be checked, each with the control that overrules it beside it."""

from typing import Any, Literal, get_args
from zoneinfo import available_timezones

import streamlit as st

from lstm_core.series.findings import Finding
from lstm_core.series.health import HealthCard
from lstm_core.series.reading.column_types import is_asked_about
from lstm_core.series.reading.dialect import NAMES
from lstm_core.series.reading.kinds import FileKind
from lstm_core.series.reading.number_forms import MARK_NAMES, Marks
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import Decimal, Delimiter, ReadOptions, Table, Thousands
from pages._shell import present, state
from pages._shell.controls import field

DETECT = "detect"
NO_ZONE = "as they stand"
_Width = int | Literal["stretch"]
_NARROW = 250
"""Pixels of a control that has no sentence beside it."""
_NOTHING_FOUND = "Nothing special was found about the rest. What you choose here is used instead."
_NOT_READ = "It could not be read so far. What you choose here is used instead of what would be detected."
KEYS = (
    "encoding", "delimiter", "skip_lines", "header", "units_row", "label_rows", "decimal", "thousands", "signs",
    "last_rows",
)  # fmt: skip
"""Keys of the controls: forgotten when another file is chosen."""
_ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252 (Western Europe)",
    "latin-1": "Latin-1 (Western Europe)",
    "utf-16": "UTF-16",
}
_FOUND_ENCODINGS = _ENCODINGS | {
    "utf-8-sig": "UTF-8 with a mark in front",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_YES_NO: dict[Any, str] = {True: "yes", False: "no"}
_WORDS: dict[str, dict[Any, str]] = {
    "encoding": dict(_ENCODINGS),
    "delimiter": {mark: NAMES[mark] for mark in get_args(Delimiter)},
    "decimal": {mark: MARK_NAMES[mark] for mark in get_args(Decimal)},
    "thousands": {mark: MARK_NAMES.get(str(mark), str(mark)) for mark in get_args(Thousands)},
    "signs": _YES_NO,
    "header": _YES_NO,
    "units_row": _YES_NO,
}
"""Choices of the controls that have some; the others take whole numbers."""
_ASKED: dict[FileKind, tuple[str, ...]] = {
    "text": KEYS,
    "Excel": ("skip_lines", "header", "units_row", "decimal", "thousands", "signs", "last_rows"),
    "Parquet": ("last_rows",),
}
"""What a person may choose about reading a file of a kind."""
_FORMATS = {
    "ISO": "Dates are written year, month, day",
    "mixed": "Every date is read on its own",
    "month name": "Dates name their month",
    "month": "Dates are months",
    "year": "Dates are years",
    "quarter": "Dates are quarters",
    "ISO week": "Dates are ISO weeks",
}


def reading(options: ReadOptions, table: Table | None, kind: FileKind) -> ReadOptions:
    """Sentences and controls about how the bytes are read; returns what is chosen after this run.

    Parameters
    ----------
    table : the file as it was read; None while it cannot be read
    kind : what the file is: says which choices there are
    """
    names = _ASKED[kind]
    if table is not None and asks(table):  # what is asked about stands first
        names = ("decimal", *(name for name in names if name != "decimal"))
    sentences = {name: _sentence(name, options, table) for name in names}
    silent = [name for name in names if not sentences[name]]
    chosen: dict[str, Any] = {}
    for name in names:
        if name not in silent:
            told, control = st.columns([3, 2], vertical_alignment="center")
            told.markdown(sentences[name])
            with control:
                chosen[name] = _choice(name, options, table)
    if silent:
        st.caption(_NOTHING_FOUND if table is not None else _NOT_READ)
        with st.container(horizontal=True, vertical_alignment="bottom", key="reading_silent"):
            chosen |= {name: _choice(name, options, table, width=_NARROW) for name in silent}
    return options.model_copy(update=chosen)


def in_words(table: Table) -> str:
    """How a file was read, in a few words: `utf-8, comma between cells, decimal point`."""
    found = table.options
    if table.kind == "Excel":
        return f"Excel, sheet {present.safe(found.sheet or '')}, names in row {(found.skip_lines or 0) + 1}"
    if table.kind == "Parquet":
        return "Parquet"
    decimal = f", decimal {MARK_NAMES[found.decimal]}" if found.decimal else ""
    return f"{_encoding(table)}, {NAMES[found.delimiter or ',']} between cells{decimal}"


def asks(table: Table | None) -> bool:
    """Whether a file waits for a choice about how it is read: the controls then stand open."""
    return table is None or (
        table.options.decimal is None and is_asked_about(table.frame, Marks.of(table.options))
    )


def dates(chosen: ColumnRoles, card: HealthCard | None) -> str | None:
    """Say how dates were read and why, below the controls that overrule it; returns the zone of their clock."""
    if chosen.time is None or card is None or card.date_format is None:
        return chosen.zone
    what = _FORMATS.get(card.date_format, f"Dates are {card.date_format}")
    if chosen.date_format is not None:
        st.caption(f"{what}: you chose it.")
    else:
        told = f"{what}, because {card.date_reason}." if card.date_reason else f"{what}."
        st.caption(present.safe(told, limit=300))
    if not card.clock_set_back and chosen.zone is None:
        return None
    if card.clock_set_back:
        st.caption(
            f"The clock was set back at {card.clock_set_back}: that hour stands twice, once in each time."
        )
    zone = st.selectbox(
        **field(ColumnRoles, "zone"),
        options=[NO_ZONE, *sorted(name for name in available_timezones() if "/" in name)],
        key=state.widget("zone", chosen.zone or NO_ZONE),
        width=300,
    )
    return None if zone == NO_ZONE else zone


def _sentence(name: str, options: ReadOptions, table: Table | None) -> str:
    """What was found about one option, or that a person chose it; empty when there is nothing to tell."""
    if getattr(options, name) is not None:
        return "You chose this."
    if table is None:
        return ""
    if name == "encoding":
        return f"The bytes are read as {_encoding(table)}."
    found = [finding for finding in table.findings if finding.field == name]
    return " ".join(map(_safe, found[:3]))


def _encoding(table: Table) -> str:
    """What the encoding of a file is called."""
    name = table.options.encoding or "text"
    return _FOUND_ENCODINGS.get(name, present.safe(name))


def _safe(finding: Finding) -> str:
    return present.safe(finding.sentence, limit=300)


def _choice(name: str, options: ReadOptions, table: Table | None, *, width: _Width = "stretch") -> Any:
    """Control of one option; None while it is left to detection."""
    chosen = getattr(options, name)
    found = getattr(table.options, name) if table and name != "last_rows" else None
    if name not in _WORDS:
        return st.number_input(
            **field(ReadOptions, name),
            step=1,
            placeholder="all"
            if name == "last_rows"
            else f"detected: {found}"
            if found is not None
            else DETECT,
            key=state.widget(name, chosen),
            width=width,
        )
    words = _WORDS[name]
    known = _FOUND_ENCODINGS if name == "encoding" else words
    label = f"detected: {known.get(found, found)}" if chosen is None and found is not None else DETECT
    value = st.selectbox(
        **field(ReadOptions, name),
        options=[DETECT, *words],
        format_func=lambda one: label if one == DETECT else words[one],
        key=state.widget(name, chosen if chosen in words else DETECT),
        width=width,
    )
    return None if value == DETECT else value
