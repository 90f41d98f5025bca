"""Where the series of the session comes from: an upload, stored at once, or a sample."""

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.series.header import clean_names
from lstm_core.series.ingest import check_size
from lstm_core.series.samples import SAMPLES
from lstm_core.series.source import SeriesSource
from pages._shell import present, series_controls, services, state


def upload_or_sample() -> SeriesSource | None:
    """Draw both choices side by side; returns the source of the journey, None before the first choice."""
    left, right = st.columns(2)
    with left:
        _take_upload()
    with right:
        _pick_sample()
    return state.journey().source


def _take_upload() -> None:
    """Store the bytes at once: Streamlit forgets them on the next page."""
    uploaded = st.file_uploader(
        "Upload a CSV, TSV or text file",
        type=["csv", "tsv", "txt"],
        key="upload",
        help="One row per moment, one column per quantity. The file stays on the machine that runs this program.",
    )
    if uploaded is None or uploaded.file_id == state.recall("taken_upload", ""):
        return
    state.remember("taken_upload", uploaded.file_id)
    try:
        check_size(uploaded.size, services.settings())
        sha256 = services.store().save_upload(services.owner(), uploaded.getvalue(), uploaded.name)
    except UserError as error:
        present.verdict("bad", present.safe(error.message, limit=1000))
        return
    name = clean_names([uploaded.name])[0][0]
    _start_afresh(SeriesSource(kind="upload", sha256=sha256, file_name=name))


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
    state.forget_widgets("sample", *series_controls.KEYS)
    state.choose(source=source)
