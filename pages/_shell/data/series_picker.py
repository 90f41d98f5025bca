"""Where the series of the session comes from: an upload, stored at once, or a sample."""

import streamlit as st

from lstm_core.series.samples import SAMPLES
from lstm_core.series.source import SeriesSource, from_files
from pages._shell import present, services, state
from pages._shell.data import file_panel, series_controls, upload_choice

PASTED = "pasted table"
"""What a table from the clipboard is called."""


def upload_or_sample() -> SeriesSource | None:
    """Draw all choices; returns the source of the journey, None before the first choice."""
    left, right = st.columns(2)
    with left:
        _take_upload()
        _take_pasted()
    with right:
        _pick_sample()
    return state.journey().source


def _take_upload() -> None:
    """One file, or several that are joined on time."""
    uploaded = st.file_uploader(
        "Upload a table, or several: text, Excel or Parquet",
        type=["csv", "tsv", "txt", "xlsx", "parquet"],
        accept_multiple_files=True,
        max_upload_size=services.settings().max_upload_mb,
        key="upload",
        help="One row per moment, one column per quantity; other layouts are turned. Several files are joined on time. "
        "Files stay on the machine that runs this program.",
    )
    source = upload_choice.take(uploaded)
    if source is not None:
        _start_afresh(source)
    if names := upload_choice.not_in_use(uploaded):
        listed = ", ".join(f"“{present.safe(name, limit=60)}”" for name in names)
        st.caption(f"Listed here, and not in use: {listed}. The cross takes it off the list.")


def _take_pasted() -> None:
    """A table from the clipboard becomes an upload like any other: it has a hash, and a link can name it."""
    with st.expander("Or paste a table", key="paste"):
        pasted = st.text_area(
            "Rows with their names above",
            key=state.widget("pasted", ""),
            height=160,
            placeholder="date,demand\n2026-01-01,12.5\n2026-01-02,13.1",
            help="Copy cells in a spreadsheet or rows of a text file. The table is kept like an uploaded file.",
        )
        wanted = st.button("Use the pasted table", key="use_pasted", disabled=not pasted.strip())
    if wanted:
        content = pasted.encode()
        file = upload_choice.keep(lambda: content, len(content), PASTED)
        if file is not None:
            _start_afresh(from_files([file]))


def _pick_sample() -> None:
    source = state.journey().source
    current = source.sample if source and source.kind == "sample" else None
    sample = st.selectbox(
        "Or pick a sample",
        list(SAMPLES),
        format_func=lambda name: SAMPLES[name].title,
        placeholder="Choose a sample",
        key=state.widget("sample", current),
        help="Series that work offline: measured ones, and generated ones whose truth is known.",
    )
    if sample is not None and sample != current:
        _start_afresh(SeriesSource(kind="sample", sample=sample))
        st.rerun()


def _start_afresh(source: SeriesSource) -> None:
    """Take another series; its widgets begin with what belongs to it."""
    state.forget_widgets("sample", *series_controls.KEYS, *file_panel.KEYS)
    state.choose(source=source)
