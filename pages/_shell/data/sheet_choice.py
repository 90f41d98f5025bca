"""Which sheet of a workbook is read: asked beside the table, and still there when the chosen sheet holds none."""

from collections.abc import Callable

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import ReadOptions, Table
from pages._shell import cached, services, state
from pages._shell.controls import field
from pages._shell.data import kept_roles

_OF_A_SHEET = ("header", "skip_lines", "units_row", "decimal")
"""Choices that another sheet forgets: it has a layout of its own."""


def draw(source: SeriesSource, place: int, table: Table | None, load_upload: Callable[[str], bytes]) -> None:
    """Draw the choice for a workbook with several sheets: the file at `place` of the source, read as `table`."""
    file = source.files[place]
    if table is None and cached.desk(services.owner(), load_upload).reading(file.as_it_stands).is_cancelled:
        return  # who did not want to wait for the file does not want to wait for its sheets
    sheets = table.sheets if table else _sheets(file, load_upload)
    if len(sheets) < 2:
        return
    current = (table.options if table else file.options).sheet
    st.selectbox(
        **field(ReadOptions, "sheet"),
        options=sheets,
        key=state.follow("sheet", current if current in sheets else None),
        placeholder="Choose a sheet",
        on_change=_take,
        args=(source, place),
        width=320,
    )


def _take(source: SeriesSource, place: int) -> None:
    """Read the chosen sheet; a callback."""
    file = source.files[place]
    options = file.options.model_copy(
        update={"sheet": state.widget_value("sheet"), **dict.fromkeys(_OF_A_SHEET)}
    )
    state.forget_widgets(*_OF_A_SHEET)
    state.choose(
        source=kept_roles.loosen(source.with_file(place, file.model_copy(update={"options": options})))
    )


def _sheets(file: FileChoice, load_upload: Callable[[str], bytes]) -> tuple[str, ...]:
    try:
        return cached.sheets(services.owner(), file.sha256, file.file_name, load_upload)
    except UserError:
        return ()  # the place of the verdict says why
