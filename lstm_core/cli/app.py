"""`lstm-explorer app`: the dashboard, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import click

STARTS_WITHIN = 60.0
ANYWHERE = ("0.0.0.0", "::", "")  # only recognised, never the default


@click.command()
@click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--browser/--no-browser", default=None, help="Open the browser. Default: where there is one.")
def app(port: int, host: str, browser: bool | None) -> None:
    """Start the dashboard (the default command)."""
    if (reason := why_not_free(host, port)) is not None:
        click.echo(
            f"The app cannot use port {port} on {host}: {reason}. "
            f"Choose another one: lstm-explorer app --port {port % 65535 + 1}",
            err=True,
        )
        sys.exit(2)
    script = find_app()
    address = f"http://{'127.0.0.1' if host in ANYWHERE else host}:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [f"--server.port={port}", f"--server.address={host}", "--server.headless=true"]
    command += ["--logger.hideWelcomeMessage=true", f"--server.maxUploadSize={_largest_upload()}"]
    # Streamlit reads .streamlit/config.toml from the folder it starts in.
    process = subprocess.Popen(command, cwd=script.parent)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    threading.Thread(
        target=_announce, args=(address, process, has_browser() if browser is None else browser), daemon=True
    ).start()
    sys.exit(_wait(process))


def _largest_upload() -> int:
    """Megabytes of the largest upload; Streamlit has a limit of its own, which must not be lower."""
    from lstm_core.settings import Settings

    return Settings().max_upload_mb


def why_not_free(host: str, port: int) -> str | None:
    """Say why nobody can listen there, None when one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return "it is in use" if error.errno == 98 else (error.strerror or str(error)).lower()
    return None


def find_app() -> Path:
    """`app.py` of the checkout this package lies in, else the copy inside the installed package."""
    package = Path(__file__).resolve().parents[1]
    places = [package.parent / "app.py", package / "_app" / "app.py"]
    found = next((place for place in places if place.is_file() and (place.parent / "pages").is_dir()), None)
    if found is None:
        raise click.ClickException(f"The app is missing from this installation: looked for {places[1]}.")
    return found


def has_browser() -> bool:
    """Whether there is a screen to open a browser on; a text browser in the terminal would only be in the way."""
    has_screen = sys.platform in ("darwin", "win32") or any(
        os.environ.get(x) for x in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    try:
        return has_screen and webbrowser.get() is not None
    except webbrowser.Error:
        return False


def _announce(address: str, process: subprocess.Popen, open_browser: bool) -> None:
    """Print the address once the app answers there."""
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    else:
        return
    click.echo(f"LSTM Explorer runs at {address} (Ctrl+C stops it)")
    if open_browser:
        webbrowser.open(address)


def _wait(process: subprocess.Popen) -> int:
    """Wait for the end; Ctrl+C reaches the app by itself and is no error."""
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        return 0 if code in (0, -signal.SIGINT, -signal.SIGTERM) else code
