"""No version with a known hole: the lowest versions that may ever be locked or installed."""

import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.version import Version

from tests.contracts.source_tree import ROOT

FLOORS = {
    "keras": "3.15.1",  # 3.15.0 can be made to read files
    "pyarrow": "26.0.0",
    "starlette": "0.49.1",  # CVE-2025-62727, CVE-2025-54121
    "python-multipart": "0.0.27",  # CVE-2026-42561
    "streamlit": "1.54",  # CVE-2026-33682
}


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_the_lock_stands_above_the_floor(package, floor):
    locked = {
        entry["name"]: entry.get("version")
        for entry in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    }
    assert package in locked, "no longer a dependency: drop its floor"
    assert Version(locked[package]) >= Version(floor)


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_what_is_installed_stands_above_the_floor(package, floor):
    try:
        installed = version(package)
    except PackageNotFoundError:
        pytest.skip(f"{package} is not installed")
    assert Version(installed) >= Version(floor)
