"""Fixtures for page tests: the real app, a store of its own, and a finished run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource, load_source
from pages._shell import reading_panel
from pages._shell.state import Journey
from tests.pages.finished import finish_run

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
APP = str(Path(__file__).parents[2] / "app.py")


@pytest.fixture
def store_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of its own for one test."""
    url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    monkeypatch.setenv("LSTM_EXPLORER_STORE", url)
    monkeypatch.setenv("LSTM_EXPLORER_WARM_SLOTS", "0")  # page tests must not pay for TensorFlow
    return url


@pytest.fixture
def store(store_url: str) -> SqlStore:
    """That store."""
    return SqlStore(store_url)


@pytest.fixture
def series() -> Series:
    """The sunspots."""
    return load_source(SUNSPOTS, _no_upload)


@pytest.fixture
def worker_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that a test starts reach a real worker, but one without TensorFlow that only waits."""
    program = Program(
        warm_up="tests.core.runs.executables.no_warm_up", execute="tests.core.study.executables.wait"
    )
    monkeypatch.setattr("lstm_core.runs.queue.Program", lambda: program)


class FramedPages(PagesManager):
    """AppTest forgets before every run that `st.navigation` rules; a server forgets only when it starts."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        PagesManager.uses_pages_directory = False


@pytest.fixture
def app(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The app with an empty store, not yet run."""
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", FramedPages)
    # Where Keras is loaded, Streamlit clears its session after every run of a page. Other tests load it into this
    # process, a server never does: without this a page test pays half a second a run for what no server does.
    monkeypatch.setattr("streamlit.runtime.scriptrunner.script_runner._clean_problem_modules", lambda: None)
    # A page on a busy machine waits for its small files; tests of the wait itself shorten it.
    monkeypatch.setattr(reading_panel, "PATIENCE", 30.0)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield AppTest.from_file(APP, default_timeout=120)
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def app_with_sample(app: AppTest) -> AppTest:
    """The app with the sunspots chosen."""
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample="sunspots"))
    return app.run()


@pytest.fixture
def finished_run(store: SqlStore, series: Series) -> Run:
    """A finished run on the sunspots in the store of the test, made without TensorFlow."""
    return finish_run(store, series, default_preparation(series))


@pytest.fixture
def app_with_run(app: AppTest, finished_run: Run) -> AppTest:
    """The app with the sunspots chosen and their finished run selected."""
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=finished_run.run_id)
    return app.run()


def _no_upload(sha256: str) -> bytes:
    raise AssertionError(f"no test uploads {sha256}")
