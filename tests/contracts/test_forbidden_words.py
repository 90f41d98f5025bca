"""What must not stand anywhere in the source: doors through which a file could run code, and raw HTML."""

import ast

import pytest

from tests.contracts.source_tree import PAGES, SHELL, SOURCES, dotted, imported_modules, name_of, tree

MODULES = {"pickle", "joblib", "marshal", "dill", "cloudpickle", "shelve", "skops", "torch"}
CALLS = {
    "eval",
    "exec",
    "compile",
    "np.load",
    "numpy.load",
    "yaml.load",
    "torch.load",
    "pd.read_pickle",
    "pandas.read_pickle",
    "os.system",
}
ENDINGS = (".load_model", ".load_weights", ".read_pickle", ".to_pickle")
KEYWORDS = {"unsafe_allow_html", "unsafe_allow_javascript", "allow_pickle", "shell"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_door_for_foreign_code(path):
    doors = [f"import {module}" for module in imported_modules(path) if module.partition(".")[0] in MODULES]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in CALLS or called == "load_model" or called.endswith(ENDINGS):
                doors.append(f"line {node.lineno}: {called}(...)")
            doors += [
                f"line {node.lineno}: {word.arg}="
                for word in node.keywords
                if word.arg in KEYWORDS
                and not (isinstance(word.value, ast.Constant) and not word.value.value)
            ]
    assert not doors


@pytest.mark.parametrize("path", [*PAGES, *SHELL], ids=name_of)
def test_no_raw_html_on_pages(path):
    raw = [
        f"line {node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and dotted(node).endswith(("st.html", "components.html", "components.v1"))
    ]
    assert not raw


@pytest.mark.parametrize("path", [*PAGES, *SHELL], ids=name_of)
def test_every_cache_names_its_limit(path):
    unlimited = []
    for node in ast.walk(tree(path)):
        for mark in getattr(node, "decorator_list", []):
            call = mark if isinstance(mark, ast.Call) else None
            if dotted(call.func if call else mark) not in {"st.cache_data", "st.cache_resource"}:
                continue
            if call is None or not {word.arg for word in call.keywords} & {"max_entries", "max_size"}:
                unlimited.append(f"line {mark.lineno}: {node.name}")
    assert not unlimited
