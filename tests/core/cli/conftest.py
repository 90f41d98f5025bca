"""Files that commands read."""

from pathlib import Path

import pytest

from tests.core.cli.commands import TWO_COLUMNS


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "weather.csv"
    path.write_text(TWO_COLUMNS)
    return path
