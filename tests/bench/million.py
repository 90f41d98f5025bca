"""Every page on a million rows: seconds of a rerun, once its first computation is done."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest, app_test

from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.sql import SqlStore
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.state import Journey
from tests.bench.measure import Measurement
from tests.bench.rivals import ROOT
from tests.pages.conftest import FramedPages
from tests.pages.finished import finish_run

N_ROWS = 1_000_000
BEFORE = ("series", "patterns", "windows", "network", "training")
AFTER = (
    "forecast",
    "ahead",
    "intervals",
    "residuals",
    "sensitivity",
    "explanation",
    "gates",
    "what_if",
    "time_machine",
    "memory",
    "backtest",
    "doctor",
    "debugging",
)


def measure(rounds: int) -> Iterator[Measurement]:
    app_test.PagesManager = FramedPages
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LSTM_EXPLORER_STORE"] = url = f"sqlite:///{folder}/runs.sqlite3"
        os.environ["LSTM_EXPLORER_WARM_SLOTS"] = "0"
        store, content = SqlStore(url), _table()
        roles = ColumnRoles(time="time", target="load", features=("other",))
        source = SeriesSource(
            kind="upload",
            sha256=store.save_upload("local", content, "load.csv"),
            file_name="load.csv",
            roles=roles,
        )
        series = load_source(source, lambda _: content)
        run = finish_run(store, series, default_preparation(series))
        app = AppTest.from_file(Path(ROOT) / "app.py", default_timeout=600)
        app.session_state["_journey"] = Journey(source=source, selected_run=run.run_id)
        app.run()
        for page in (*BEFORE, *AFTER):
            yield _timed(app, page, rounds)


def _timed(app: AppTest, page: str, rounds: int) -> Measurement:
    began = time.perf_counter()
    app.switch_page(f"pages/{page}.py").run()
    first, again = time.perf_counter() - began, []
    for _ in range(rounds):
        began = time.perf_counter()
        app.run()
        again.append(time.perf_counter() - began)
    if app.exception:
        raise RuntimeError(f"{page}: {app.exception[0].message}")
    return Measurement(
        name=f"{page}, {N_ROWS:,} rows", value=min(again), target=1.0, unit="s", detail=f"first {first:.1f} s"
    )


def _table() -> bytes:
    """Minutes of a load with a daily season, and a column that follows it by three minutes."""
    rng, rows = np.random.default_rng(0), np.arange(N_ROWS)
    load = (
        10 * np.sin(2 * np.pi * rows / 1440)
        + 0.02 * rng.normal(size=N_ROWS).cumsum()
        + rng.normal(size=N_ROWS)
    )
    other = np.roll(load, 3) + rng.normal(size=N_ROWS)
    dates = pd.date_range("2020-01-01", periods=N_ROWS, freq="min")
    return (
        pd.DataFrame({"time": dates, "load": load.round(3), "other": other.round(3)})
        .to_csv(index=False)
        .encode()
    )
