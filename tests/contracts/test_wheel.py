"""The wheel carries the whole app: built, put into an environment of its own, started outside the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.browser.server import answers, free_port, stop, wait_until_healthy
from tests.contracts.source_tree import CORE, PAGES, ROOT, SHELL

ASSETS = ("icon.svg", "readable.css", "pencil.css", "pencil.js")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True
    )
    return next(folder.glob("lstm_explorer-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that has the wheel itself and borrows every dependency."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # A path in a .pth file is not searched for further .pth files: the checkout itself stays out of reach.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def test_the_wheel_holds_the_core_and_the_app(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    core = {path.relative_to(ROOT).as_posix() for path in CORE}
    app = {
        f"lstm_core/_app/{path.relative_to(ROOT).as_posix()}" for path in [*PAGES, *SHELL, ROOT / "app.py"]
    }
    beside = {".streamlit/config.toml", *(f"assets/{name}" for name in ASSETS)}
    assert names >= core | app | {f"lstm_core/_app/{name}" for name in beside}
    strangers = {name for name in names if not name.startswith(("lstm_core/", "lstm_explorer-"))}
    assert not strangers


def test_the_command_is_declared(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        declared = ConfigParser()
        declared.read_string(archive.read(name).decode())
    assert declared["console_scripts"]["lstm-explorer"] == "lstm_core.cli:main"


@pytest.mark.slow
def test_the_installed_command_serves_the_app_outside_the_checkout(installed, tmp_path):
    port = free_port()
    log = tmp_path / "server.log"
    start = f"from lstm_core.cli import main; main(['app', '--port', '{port}'])"
    with log.open("w") as lines:
        process = subprocess.Popen(
            [installed, "-c", start],
            cwd=tmp_path,
            env={
                **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                "HOME": str(tmp_path),
                "LSTM_EXPLORER_STORE": f"sqlite:///{tmp_path / 'runs.sqlite3'}",
                "LSTM_EXPLORER_WARM_SLOTS": "0",
                "STREAMLIT_SERVER_HEADLESS": "true",
            },
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
        assert answers(f"http://127.0.0.1:{port}/")
    finally:
        stop(process)
    assert "Traceback" not in log.read_text()


def test_the_installed_pages_import_the_installed_core(installed, tmp_path):
    code = (
        "import sys, pathlib, lstm_core; app = pathlib.Path(lstm_core.__file__).parent / '_app'; "
        "sys.path.insert(0, str(app)); import pages._shell.state as state; "
        "print(state.__file__); print(lstm_core.__file__)"
    )
    done = subprocess.run([installed, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [Path(line).is_relative_to(installed.parents[1]) for line in done.stdout.splitlines()] == [
        True,
        True,
    ]
