"""Fixtures for page tests: the real app, a store of its own, and a finished run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lstm_core.series.source import SeriesSource
from pages._shell.state import Journey

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.fixture
def store_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of its own for one test."""
    url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    monkeypatch.setenv("LSTM_EXPLORER_STORE", url)
    monkeypatch.setenv("LSTM_EXPLORER_WARM_SLOTS", "0")  # page tests must not pay for TensorFlow
    return url


@pytest.fixture
def app(store_url: str) -> Iterator[AppTest]:
    """The app with an empty store, not yet run."""
    st.cache_resource.clear()
    st.cache_data.clear()
    yield AppTest.from_file(APP, default_timeout=30)
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def app_with_sample(app: AppTest) -> AppTest:
    """The app with the sunspots chosen."""
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample="sunspots"))
    return app.run()
