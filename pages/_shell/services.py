"""The process-wide settings, store and run queue, and whose session this is."""

import streamlit as st

from lstm_core.runs.queue import RunQueue
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import RunStore
from lstm_core.settings import Settings
from pages._shell import cached


def settings() -> Settings:
    """Return the settings of this server."""
    return cached.once("settings", Settings)


def store() -> RunStore:
    """Return the one store of this server."""
    return cached.once("store", _open_store)


def _open_store() -> SqlStore:
    return SqlStore(settings().store_url, upload_quota_mb=settings().upload_quota_mb)


def queue() -> RunQueue:
    """Return the one queue of this server; its slots warm up in the background. It closes with the process."""
    return cached.once("queue", _start_queue)


def _start_queue() -> RunQueue:
    running = RunQueue(store(), settings())
    if settings().warm_slots:
        running.warm()
    return running


def owner() -> str:
    """Whose data this session sees: the login when there is one, else the one local person."""
    return str(st.user.sub) if getattr(st.user, "is_logged_in", False) else "local"
