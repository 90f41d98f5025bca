"""What every test stands on: a store of its own, checked shapes, and Hypothesis profiles."""

import os
from pathlib import Path

import hypothesis
import pytest
from jaxtyping import install_import_hook

from tests import typed

# Before anything imports the core.
install_import_hook("lstm_core", f"{typed.__name__}.check")

hypothesis.settings.register_profile("dev", max_examples=20, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev")
)


@pytest.fixture(scope="session", autouse=True)
def store_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Never touch the person's own runs, not even in a test that forgot to ask for a store."""
    path = tmp_path_factory.mktemp("store") / "runs.sqlite3"
    os.environ["LSTM_EXPLORER_STORE"] = f"sqlite:///{path}"
    os.environ["LSTM_EXPLORER_WARM_SLOTS"] = "0"
    # A worker that steps back for the tests beside it would be waited for by its own test.
    os.environ["LSTM_EXPLORER_SLOT_NICE"] = "0"
    return path
