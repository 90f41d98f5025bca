"""The files of an upload: how each is read and laid out, how they are joined, and what did not line up."""

from collections.abc import Callable
from typing import Any, get_args

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.layout.reshape import LAYOUT_STEPS, series_names
from lstm_core.series.layout.spec import AS_IT_STANDS, LayoutSpec, find_layout
from lstm_core.series.reading.kinds import FileKind, identify
from lstm_core.series.roles import DateFormat
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import Table
from pages._shell import cached, present, services, state
from pages._shell.controls import field
from pages._shell.data import (
    detected_panel,
    join_panel,
    kept_roles,
    layout_panel,
    sheet_choice,
    upload_choice,
)

ONE_FILE = ("layout", "date_parts", "join_time", "join_format", "sheet", *detected_panel.KEYS)
"""Beginnings of the keys of widgets that speak of one file: forgotten when another one is looked at."""
KEYS = ("chosen_file", "join_", *ONE_FILE)
_DETECT = "detect"


def draw(source: SeriesSource, table: Table | None, load_upload: Callable[[str], bytes]) -> SeriesSource:
    """Draw everything about the files of an upload; returns the source as the widgets say.

    Parameters
    ----------
    table : what the files make together; None when they cannot be read or joined yet
    """
    several = len(source.files) > 1
    place = _pick(source) if several else 0
    file = source.files[place]
    raw = _read(file, load_upload)
    sheet_choice.draw(source, place, raw, load_upload)
    which = f"“{present.safe(file.file_name)}”" if several else "the file"
    told = f": {detected_panel.in_words(raw)}" if raw else ""
    kind = raw.kind if raw else _kind(file, load_upload)
    if kind is not None:
        with st.expander(f"How {which} was read{told}", expanded=detected_panel.asks(raw), key="reading"):
            options = detected_panel.reading(file.options, raw, kind)
        if options != file.options:
            return source.with_file(place, file.model_copy(update={"options": options}))
    if raw is not None:
        source = source.with_file(place, _lay_out(file, raw, table, several=several))
    return join_panel.draw(source, table) if several else source


def _pick(source: SeriesSource) -> int:
    """Which file the controls below speak of, and a way to take it out."""
    names = [f"{number}. {file.file_name}" for number, file in enumerate(source.files, start=1)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            f"Files ({len(names)})",
            range(len(names)),
            format_func=names.__getitem__,
            key=state.widget("chosen_file", 0),
            on_change=state.forget_widgets,
            args=ONE_FILE,
            help="Files are joined on time. The columns of the first one keep their names. What is chosen below "
            "belongs to the file that is shown here.",
            width=320,
        )
        st.button(
            "Take this file out",
            key="remove_file",
            icon=":material/close:",
            on_click=_take_out,
            args=(place,),
        )
    return place


def _take_out(place: int) -> None:
    """Go on without a file; a callback."""
    source = state.journey().source
    if source is not None and len(source.files) > 1:
        state.forget_widgets(*KEYS)
        upload_choice.leave_out(source.files[place].sha256)
        state.choose(source=kept_roles.loosen(source.without_file(place)))


def _read(file: FileChoice, load_upload: Callable[[str], bytes]) -> Table | None:
    """The file as it stands; None when it cannot be read, which the place of the verdict tells."""
    try:
        return cached.file(services.owner(), file.as_it_stands, load_upload)
    except UserError:
        return None


def _kind(file: FileChoice, load_upload: Callable[[str], bytes]) -> FileKind | None:
    """What an unread file is; None for what no choice makes readable: an empty file, a picture."""
    try:
        return identify(load_upload(file.sha256), file.file_name)
    except UserError:
        return None


def _lay_out(file: FileChoice, raw: Table, table: Table | None, *, several: bool) -> FileChoice:
    """Layout of a file, and the dates it is joined on."""
    wanted = file.layout or AS_IT_STANDS
    try:
        found, names = cached.look(services.owner(), "layout", file, lambda: _found(raw, wanted))
    except UserError:
        found, names = wanted, ()
    label = f"Layout: {layout_panel.MEANINGS[found.kind]}" + (f", {len(names):,} series" if names else "")
    with st.expander(label, expanded=table is None and found.kind != "wide", key="layout_box"):
        if table is not None:
            _say_why(file, table, several=several)
        layout = layout_panel.draw(raw, wanted, found, names)
        update: dict[str, Any] = {} if layout == wanted else {"layout": layout}
        if several:
            update |= _dates(file, raw)
    return file.model_copy(update=update)


def _say_why(file: FileChoice, table: Table, *, several: bool) -> None:
    """What was taken for what, so that a person can check it."""
    start = f"{file.file_name}: " if several else ""
    for step in table.steps:
        if step.name in LAYOUT_STEPS and step.detail.startswith(start):
            st.caption(present.safe(step.detail.removeprefix(start), limit=300))


def _found(raw: Table, wanted: LayoutSpec) -> tuple[LayoutSpec, tuple[str, ...]]:
    return find_layout(raw, wanted), series_names(raw, wanted)


def _dates(file: FileChoice, raw: Table) -> dict[str, Any]:
    """Time column of a file and how its dates are written."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        time = st.selectbox(
            **field(FileChoice, "time"),
            options=list(dict.fromkeys([_DETECT, *([file.time] if file.time else []), *raw.columns])),
            key=state.widget("join_time", file.time or _DETECT),
            width=220,
        )
        form = st.selectbox(
            **field(FileChoice, "date_format"),
            options=[_DETECT, *get_args(DateFormat)],
            key=state.widget("join_format", file.date_format or _DETECT),
            width=220,
        )
    return {"time": None if time == _DETECT else time, "date_format": None if form == _DETECT else form}
