"""How a page speaks: headings, verdicts, figures with their table, empty states, errors in words."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.errors import RunError, TrainingFailed, UserError
from lstm_core.figures.theme import DARK, LIGHT, Theme
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource
from lstm_core.training.events import Status
from pages._shell import reading_panel, services, sources, state

if TYPE_CHECKING:
    import plotly.graph_objects as go

Tone = Literal["good", "caution", "bad", "note"]
_BOXES: dict[Tone, tuple[Callable[..., Any], str]] = {
    "good": (st.success, ":material/check_circle:"),
    "caution": (st.warning, ":material/error:"),
    "bad": (st.error, ":material/cancel:"),
    "note": (st.info, ":material/info:"),
}
# Characters Streamlit's Markdown gives a meaning to; text from data must keep none of them.
_MARKUP = re.compile(r"([\\`*_\[\]()<>#$:!|~])")
# Markdown links bare addresses even when escaped; an invisible word joiner behind these makes them plain words.
_LINK_STARTS = re.compile(r"https?|ftp|mailto|www|@", re.IGNORECASE)
_NOT_FINISHED = {
    Status.QUEUED: "waits in the queue",
    Status.STARTING: "is starting",
    Status.RUNNING: "is still running",
    Status.PAUSED: "is paused",
    Status.FAILED: "failed",
    Status.CANCELLED: "was cancelled",
    Status.INTERRUPTED: "was interrupted",
}
MOST_ROWS_AT_ONCE, TABLE_HEIGHT = 6, 240
"""Rows up to which a table of numbers is as tall as they are, and the pixels of a taller one."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def theme() -> Theme:
    """Colours for the browser's light or dark mode."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def safe(text: str, *, limit: int = 80) -> str:
    """Text from data, made inert for Markdown and cut to a readable length."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    escaped = _MARKUP.sub(r"\\\1", cut)
    return _LINK_STARTS.sub("\\g<0>\u2060", escaped)


def number(value: float | None, unit: str = "", *, digits: int = 3) -> str:
    """Three significant digits, a true minus, the unit behind: `−14.2 sunspots`; groups of thousands do not break."""
    if value is None or not np.isfinite(value):
        text = "not defined"
    elif value == 0:
        text = "0"
    elif abs(value) >= 10**7 or abs(value) < 10**-4:
        text = f"{value:.{digits - 1}e}"
    else:
        decimals = max(digits - 1 - int(np.floor(np.log10(abs(value)))), 0)
        text = f"{value:,.{decimals}f}".replace(",", "\u202f")
    return f"{text.replace('-', '−')} {unit}".rstrip()


def heading(title: str, question: str) -> None:
    """Title of the page and the question it answers."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{question}]")


def verdict(tone: Tone, sentence: str) -> None:
    """Answer the page's question in one sentence: colour and icon say the same."""
    box, icon = _BOXES[tone]
    box(sentence, icon=icon)


def stop() -> NoReturn:
    """End the page here; its choices still reach the address, which Streamlit's own stop would not wait for."""
    state.sync_with_address()
    state.drawn()
    st.stop()


@contextmanager
def guard() -> Iterator[None]:
    """Show a `UserError` or a failed training in words, in place; anything else is a bug and goes on."""
    try:
        yield
    except UserError as error:
        st.error(safe(error.message, limit=2000), icon=":material/cancel:")
        stop()
    except TrainingFailed as failure:
        st.error(safe(str(failure), limit=2000), icon=":material/cancel:")
        stop()


def show(
    figure: "go.Figure",
    key: str,
    *,
    alt: str,
    table: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
    suffix: str = "",
    on_click: Callable[[], None] | None = None,
) -> None:
    """Draw a figure; `alt` says its message, `table` holds its numbers, or makes them once somebody looks.

    The name of the table's file ends in `suffix` (`OpenedRun.suffix`). `on_click` is called when a point is clicked;
    `state.held(key)` then says which one.
    """
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        width="stretch",
        alt=alt,
        on_select=on_click or "ignore",
        selection_mode="points",
        config={"displaylogo": False, "modeBarButtonsToRemove": ["sendChartToCloud", "select2d", "lasso2d"]},
    )
    if table is not None:
        with st.expander("The numbers behind the chart", key=f"{key}_table", on_change="rerun") as opened:
            if opened.open:
                table = table() if callable(table) else table
                tall = TABLE_HEIGHT if len(table) > MOST_ROWS_AT_ONCE else "auto"
                st.dataframe(table, hide_index=True, height=tall, column_config=date_columns(table))
                st.download_button(
                    "Download as CSV",
                    csv_bytes(table),
                    file_name=f"{key.removesuffix('_chart')}{suffix}.csv",
                    mime="text/csv",
                    key=f"{key}_csv",
                    on_click="ignore",
                )


def date_columns(table: pd.DataFrame) -> dict[str, Any]:
    """How a table shows its dates: no time of day where every row is at midnight, years alone where all begin one."""
    shown: dict[str, Any] = {}
    for name in table.columns[[pd.api.types.is_datetime64_any_dtype(kind) for kind in table.dtypes]]:
        dates = table[name].dropna().dt
        if (dates.normalize() == table[name].dropna()).all():
            years = len(table) > 1 and (dates.day_of_year == 1).all()
            shown[str(name)] = st.column_config.DateColumn(format="YYYY" if years else "YYYY-MM-DD")
    return shown


def csv_bytes(table: pd.DataFrame) -> bytes:
    """CSV in full precision; text that a spreadsheet would run as a formula gets a leading quote."""

    def inert(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell

    text_columns = {
        str(name): table[name].map(inert) for name in table if not pd.api.types.is_numeric_dtype(table[name])
    }
    return table.assign(**text_columns).rename(columns=inert).to_csv(index=False).encode()


def explain(*, means: str, misleads: str) -> None:
    """Two closed boxes: how to read the page, and when it fools a reader."""
    with st.expander("What this means"):
        st.markdown(means)
    with st.expander("When it misleads"):
        st.markdown(misleads)


def code(functions: Sequence[Callable[..., Any] | str], settings: dict[str, Any]) -> None:
    """Show the source that runs, with the settings of this page; copy and download.

    Code that imports Keras comes as text (`delivery.source`): a page must not import it.
    """
    with st.expander("Show the code", key="code", on_change="rerun") as opened:
        if opened.open:
            literal = ",\n".join(f"    {key!r}: {value!r}" for key, value in settings.items())
            source = "\n\n".join(one if isinstance(one, str) else inspect.getsource(one) for one in functions)
            text = f"import numpy as np\n\nsettings = {{\n{literal},\n}}\n\n\n{source}"
            st.caption("This is the source the app runs, with the settings of this page.")
            st.code(text, language="python", height=360)
            st.download_button(
                "Download this code", text, file_name="lstm_step.py", key="download_code", on_click="ignore"
            )


def next_step(page: str, label: str, reason: str) -> None:
    """Lead to the next station, and say why."""
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            label, key="next", type="primary", icon=":material/arrow_forward:", icon_position="right"
        ):
            st.switch_page(page)
        st.markdown(f":gray[{reason}]", width="content")


def empty(what: str, label: str, page: str, *, tone: Tone = "note") -> NoReturn:
    """Say what is missing, lead to the page that makes it, offer the sample; then stop the page."""
    verdict(tone, what)
    with st.container(horizontal=True):
        if st.button(label, key="empty_go", type="primary"):
            st.switch_page(page)
        if state.journey().source is None:
            st.button("Use the sunspot sample", key="empty_sample", on_click=use_sample, args=("sunspots",))
    stop()


def use_sample(name: str) -> None:
    """Choose a built-in sample series."""
    state.choose(source=SeriesSource(kind="sample", sample=name))
    state.forget_widgets("sample", "upload")


def require_series() -> Series:
    """Return the series of the journey, or draw the empty state and stop."""
    source = state.journey().source
    if source is None:
        empty("There is no series yet. Upload a file or pick a sample.", "Choose a series", "pages/series.py")
    if not reading_panel.settle(source, partial(services.store().load_upload, services.owner())):
        stop()
    try:
        return sources.series_of(source)
    except UserError as error:
        empty(safe(error.message, limit=2000), "Go to the series", "pages/series.py", tone="bad")


def require_finished_run() -> Run:
    """Return the selected run when it is finished, or say what it is instead and stop."""
    selected = state.journey().selected_run
    if selected is None:
        empty(
            "No run is selected. Train a network, or open a run from the list.", "Train", "pages/training.py"
        )
    try:
        run = services.store().get(services.owner(), selected)
    except RunError:
        empty(
            "The run in this address does not exist, was deleted, or belongs to somebody else.",
            "See your runs",
            "pages/training.py",
        )
    if run.status is not Status.FINISHED:
        empty(
            f"The selected run {_NOT_FINISHED[run.status]}. This page needs a finished one.",
            "See the run",
            "pages/training.py",
        )
    return run
