"""Small enough to read: 300 lines a module, 120 a page, 40 a function, 6 arguments (ruff counts those)."""

import ast

import pytest

from tests.contracts.source_tree import CORE, PAGES, SHELL, SOURCES, name_of, tree


@pytest.mark.parametrize("path", [*CORE, *SHELL], ids=name_of)
def test_a_module_is_at_most_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_is_at_most_120_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_is_at_most_40_lines_without_its_docstring(path):
    long = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
        lines = (node.end_lineno or 0) - first.lineno + 1
        if lines > 40:
            long.append(f"{node.name}: {lines}")
    assert not long
