"""TensorFlow and Keras stay out of the web process: Streamlit resets Keras after every click, and they weigh 800 MB."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.source_tree import CORE, PAGES, ROOT, SHELL, imported_modules

ASSERT_COLD = """
heavy = sorted({"tensorflow", "keras", "torch", "jax"} & set(sys.modules))
assert not heavy, f"imported: {heavy}"
"""


def run_fresh(code: str, store: Path) -> None:
    """Run code in an interpreter that has imported nothing yet."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(store),
            "LSTM_EXPLORER_STORE": f"sqlite:///{store / 'runs.sqlite3'}",
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_what_the_pages_import_brings_no_tensorflow(tmp_path):
    modules = sorted(set().union(*(imported_modules(path) for path in [*PAGES, *SHELL, ROOT / "app.py"])))
    assert "lstm_core.network.spec" in modules
    lines = ["import importlib, sys", f"for name in {modules!r}: importlib.import_module(name)", ASSERT_COLD]
    run_fresh("\n".join(lines), tmp_path)


def test_importing_the_whole_core_brings_no_tensorflow(tmp_path):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in CORE
    ]
    lines = ["import importlib, sys", f"for name in {modules!r}: importlib.import_module(name)", ASSERT_COLD]
    run_fresh("\n".join(lines), tmp_path)


@pytest.mark.slow
def test_opening_every_page_brings_no_tensorflow(tmp_path):
    pages = [f"pages/{path.name}" for path in PAGES if path.name != "__init__.py"]
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
from lstm_core.series.source import SeriesSource
from pages._shell.state import Journey
app = AppTest.from_file("app.py", default_timeout=300)
app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample="sunspots"))
app.run()
for page in {pages!r}:
    app.switch_page(page).run()
    assert not app.exception, (page, app.exception)
{ASSERT_COLD}
"""
    run_fresh(code, tmp_path)
