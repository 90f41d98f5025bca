"""The slider over the test windows of a run: what is chosen on one page is shown on every other."""

import streamlit as st

from pages._shell import state
from pages._shell.opened import OpenedRun


def is_chosen(run: OpenedRun, sample: int) -> bool:
    """Whether a test window, counted from 0, is the one that a person chose; the newest is shown unless one was."""
    asked = state.journey().window
    return asked is not None and min(max(asked, 1), len(run.prepared.test)) == sample + 1


def choose(
    run: OpenedRun,
    *,
    page: str,
    help: str = "Windows of the test part, oldest first.",  # noqa: A002
    usual: int | None = None,
) -> int:
    """Test window to look at, counted from 0; with only one there is nothing to ask.

    Parameters
    ----------
    page : name of the page, for the key of its slider, `<page>_window`: no two pages may share one
    help : what the tooltip says
    usual : window that is shown until somebody chooses one, counted from 1; None: the newest
    """
    n_windows, key = len(run.prepared.test), f"{page}_window"
    asked = state.journey().window
    window = (usual or n_windows) if asked is None else min(max(asked, 1), n_windows)
    if n_windows > 1:
        st.slider(
            "Test window",
            1,
            n_windows,
            key=state.follow(key, window),
            on_change=state.choose_window_from_widget,
            args=(key,),
            help=f"{help} The other pages follow.",
        )
    return window - 1
