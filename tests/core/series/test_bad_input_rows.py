"""Which test holds which row of the list of bad inputs, sections 1 to 6; checked against the tests themselves."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
HOLDERS: dict[str, list[int]] = {
    "core/series/test_bad_bytes.py": list(range(1, 33)),
    "core/series/test_bad_dates.py": [*range(33, 54), *range(55, 59)],
    "core/series/test_gaps_and_steps.py": [50, 51, 54],
    "core/series/test_bad_values.py": [59, 60, 61, 62, 65, 71, 74, 82, 83, 112],
    "core/series/test_bad_numbers.py": [67, 68, 69, 70, 72, 73, 75, 76, 78],
    "core/series/test_bad_workbooks.py": list(range(87, 100)),
    "core/series/test_bad_parquet.py": [81, *range(100, 106)],
    "core/preparation/test_scaling.py": [62, 63, 64, 65, 66],
    "core/preparation/test_cautions.py": [65, 66, 78],
    "core/preparation/test_leaks.py": [79, 80],
    "core/preparation/test_windows.py": [79, 106, 107, 109, 110, 111],
    "core/preparation/test_split.py": [108, 114],
    "core/preparation/test_no_future_inputs.py": [115],
    "core/evaluation/test_scores.py": [77],
    "core/runs/store/test_contents.py": [84, 86],
    "properties/test_preparation_properties.py": [113],
    "pages/test_series.py": [28, 33, 50, 52, 59, 82, 85, 86],
}
"""File of tests -> rows that it holds."""
ROWS = range(1, 116)


def rows_named_in(path: Path) -> set[int]:
    """Rows that the names of a file's tests carry: `test_b33_...`, `test_b94_..._and_b95_...`."""
    functions = [
        node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    ]
    return {
        int(row)
        for name in functions
        if name.startswith("test_")
        for row in re.findall(r"_b(\d+)(?=_)", name)
    }


def test_every_row_is_held():
    held = {row for rows in HOLDERS.values() for row in rows}
    assert held == set(ROWS)


@pytest.mark.parametrize("name", HOLDERS)
def test_the_file_has_a_test_for_each_of_its_rows(name):
    assert set(HOLDERS[name]) <= rows_named_in(TESTS / name)
