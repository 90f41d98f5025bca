"""A file that takes long to read: how far it is, and the way out. The page goes on when it is read."""

import time
from collections.abc import Callable

import streamlit as st

from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.reading.background import Reading
from lstm_core.series.reading.ingest import MEGABYTE
from lstm_core.series.source import SeriesSource
from pages._shell import cached, services

PATIENCE = 1.0
"""Seconds a page waits for files before it says that they are being read: most need less."""
LOOK_EVERY = 0.5


def settle(source: SeriesSource, load_upload: Callable[[str], bytes]) -> bool:
    """Whether every file of a source was read, refused or cancelled; else say what is being read and offer to cancel.

    A page that gets False ends there: it is drawn again as soon as there is an answer.
    """
    files = [file.as_it_stands for file in source.files]
    desk, deadline = cached.desk(services.owner(), load_upload), time.monotonic() + PATIENCE
    waiting = st.empty()
    while (file := desk.first_open(files)) is not None:
        with waiting, st.spinner("Reading the file"):
            answered = desk.reading(file).wait(deadline - time.monotonic())
        if not answered:
            place = f", file {files.index(file) + 1} of {len(files)}" if len(files) > 1 else ""
            st.fragment(_watch, run_every=LOOK_EVERY)(desk.reading(file), file, place)
            return False
    return True


def offer_again(source: SeriesSource, load_upload: Callable[[str], bytes]) -> None:
    """A button for every file whose reading was cancelled."""
    desk = cached.desk(services.owner(), load_upload)
    for place, file in enumerate(source.files):
        if desk.reading(file.as_it_stands).is_cancelled:
            name = f" file {place + 1}" if source.more else " it"
            st.button(
                f"Read{name}",
                key=f"read_again_{place}",
                icon=":material/refresh:",
                on_click=desk.again,
                args=(file.as_it_stands,),
                help="Nothing was lost: the file is kept, and is read from its beginning.",
            )


def _watch(reading: Reading, file: FileChoice, place: str) -> None:
    """What is read, since when, and the button; draws the whole page anew once there is an answer."""
    if reading.is_done:
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="being_read"):
        st.text(in_words(reading, file.file_name, place), width="stretch")
        st.button(
            "Cancel",
            key="cancel_reading",
            icon=":material/close:",
            on_click=reading.cancel,
            help="Ends the reading at once. The file stays where it is and can be read again.",
        )


def in_words(reading: Reading, name: str, place: str) -> str:
    """What is going on, as plain text: `Reading big.csv (48.2 MB): 7 s`."""
    n_bytes = reading.watch.n_bytes
    size = "" if n_bytes is None else f" ({n_bytes / MEGABYTE:,.1f} MB{place})"
    since = f"{reading.seconds:.0f} s"
    if reading.watch.has_begun:
        return f"Reading {name}{size}: {since}"
    others = services.settings().readers
    turn = "one file" if others == 1 else f"{others} files"
    return f"{name}{size} waits for its turn: {since}. This computer reads {turn} at the same time."
