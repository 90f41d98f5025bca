"""A dashboard of its own for the browser tests: free port, empty store, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
"""Seconds a server may take to answer: an import on a busy machine."""


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    """Whether the address answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until_healthy(address: str, process: subprocess.Popen, log: Path) -> None:
    """Wait for the first healthy answer; a server that dies tells its log."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answers(f"{address}/_stcore/health"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"The server at {address} did not start:\n{log.read_text()[-4000:]}")


def stop(process: subprocess.Popen) -> None:
    """End the server and everything it started (training slots live in its process group)."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    process.wait(timeout=PATIENCE)


@contextmanager
def dashboard(folder: Path, **environment: str) -> Iterator[str]:
    """Run `lstm-explorer app` with its store in `folder`; yields its address."""
    port = free_port()
    log = folder / "server.log"
    variables = {
        **os.environ,
        "LSTM_EXPLORER_STORE": f"sqlite:///{folder / 'runs.sqlite3'}",
        # It steps back for the page, but not as far as for a person: beside other tests it would hardly get a turn.
        "LSTM_EXPLORER_SLOT_NICE": "5",
        "LSTM_EXPLORER_SLOTS": "1",
        "LSTM_EXPLORER_WARM_SLOTS": "1",
        "STREAMLIT_SERVER_HEADLESS": "true",
        **environment,
    }
    with log.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)],
            cwd=ROOT,
            env=variables,
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)
