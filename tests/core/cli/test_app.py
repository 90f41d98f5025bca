"""`lstm-explorer app`, and the ways into the command."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_core.cli import app as app_command
from tests.core.cli.commands import call


def test_a_port_in_use_is_told_with_the_cure():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call("app", "--port", str(port))
    assert result.exit_code == 2
    assert f"port {port}" in result.stderr
    assert "--port" in result.stderr


def test_the_app_of_this_checkout_is_found():
    assert app_command.find_app() == Path(__file__).parents[3] / "app.py"


def test_without_a_command_the_app_starts(monkeypatch):
    started, popen = [], subprocess.Popen

    def start_nothing(command: list[str], **_) -> subprocess.Popen:
        started.append(command)
        return popen([sys.executable, "-c", ""])

    monkeypatch.setattr(subprocess, "Popen", start_nothing)
    monkeypatch.setattr(app_command, "why_not_free", lambda *_: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("LSTM_EXPLORER_MAX_UPLOAD_MB", "150")
    assert call().exit_code == 0
    assert "--server.maxUploadSize=150" in started[0]
    assert "--server.port=8501" in started[0]
    assert "--server.address=127.0.0.1" in started[0]


@pytest.mark.parametrize("display", ["", ":0"])
def test_a_browser_needs_a_screen(monkeypatch, display):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(app_command.webbrowser, "get", lambda: object())
    assert app_command.has_browser() is (bool(display) or sys.platform in ("darwin", "win32"))


def test_help_is_light():
    """`--help` answers within half a second because nothing heavy is imported for it."""
    code = (
        "import sys; from lstm_core.cli import main; main(['--help'], standalone_mode=False); "
        "print({'numpy', 'pandas', 'pydantic', 'sqlalchemy', 'streamlit', 'keras'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.splitlines()[-1] == "set()"
    for command in ("app", "run", "script", "doctor"):
        assert f"\n  {command} " in done.stdout
