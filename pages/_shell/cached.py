"""The only file with Streamlit caches: one wrapper per core call that is too slow for every rerun.

Keys are fingerprints, spec values and run ids; heavy values come in with a leading underscore and are not
hashed. Everything that comes from a person is cached per session, and every cache has a limit.
"""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from pydantic import BaseModel

from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource, load_source

T = TypeVar("T")

# Specs are frozen pydantic models: their JSON is their identity.
BY_JSON = {BaseModel: lambda spec: spec.model_dump_json()}


@st.cache_resource(max_entries=8, show_spinner=False)
def once(name: str, _make: Callable[[], T]) -> T:
    """Make one object for the whole process; later calls with the same name return it."""
    return _make()


@st.cache_resource(max_entries=4, scope="session", show_spinner="Reading the series", hash_funcs=BY_JSON)
def series(owner: str, source: SeriesSource, _load_upload: Callable[[str], bytes]) -> Series:
    """Series of a source; `_load_upload` turns a sha256 into the bytes of an upload."""
    return load_source(source, _load_upload)
