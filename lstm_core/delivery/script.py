"""A run as one runnable Python script: the source of the recipe, as it ran, and one dict of settings."""

import ast
import pprint
from importlib.metadata import version
from typing import Any

from lstm_core.delivery.source import recipe_module
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec, settings

RECIPE = ("transform", "prepare", "schedule", "halves", "train", "script")

_HEAD = '''\
"""Train an LSTM on a time series and forecast its test part. Written by LSTM Explorer.

    pip install "numpy>=2" "keras=={keras}" "tensorflow=={tensorflow}"
    python script.py

Reads the series from the CSV file beside this script and writes predictions.csv there. The functions are the ones
the app itself runs. TensorFlow is the engine behind Keras.
"""

{imports}

# Two threads, as in the app: sums are then added in the same order, so the forecast is the app's, to the last bit on
# the same machine and versions. (Beyond some 200 units a training with more threads rounds otherwise.) Delete the two
# lines to use the whole machine.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "2")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

CSV = {csv_name}
SETTINGS = {settings}
'''
_HISTORY = """
# How the CSV came about, for the record. Its numbers are cleaned already: nothing below reads these.
# ROLES: what its columns mean, and the repairs. CLEANING: the steps behind them, in order. LEARNED: what repairs and
# steps learned from the first KNOWN_SHARE of the rows; behind those they only looked back."""
_END = """\
if __name__ == "__main__":
    main(CSV, SETTINGS)
"""


def render_script(spec: RunSpec, series: Series, *, csv_name: str) -> str:
    """One Python script that repeats a run; needs numpy and keras (with TensorFlow) and the run's series as CSV.

    Parameters
    ----------
    csv_name : str
        Name of the file that `series_csv(series, spec.preparation.columns)` was written to.

    Raises
    ------
    PreparationError
        If the split does not fit the series.
    """
    imports, bodies = {"import os"}, []
    for name in RECIPE:
        lines, body = take_apart(recipe_module(name))
        imports |= lines
        bodies.append(body)
    fields = {
        "keras": version("keras"),
        "tensorflow": version("tensorflow"),
        "imports": _sort_imports(imports),
        "csv_name": repr(csv_name),
        "settings": _literal(settings(spec, series)),
    }
    return "\n\n".join([_HEAD.format(**fields) + _history(spec), *bodies, _END])


def _history(spec: RunSpec) -> str:
    """How the series came about, as comments and literals; empty for a run that did not keep it."""
    if spec.cleaning is None:
        return ""
    named = [
        f"{name} = {pprint.pformat(value, width=100, sort_dicts=False)}"
        for name, value in spec.cleaning.literals.items()
    ]
    return "\n".join([_HISTORY, *named, ""])


def take_apart(source: str) -> tuple[set[str], str]:
    """Cut a module into its import lines, without ours, and its functions, verbatim."""
    lines = ["" if line.startswith("# ruff:") else line for line in source.splitlines()]
    imports = set()
    for node in ast.parse(source).body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        if is_import and "lstm_core" not in ast.unparse(node):
            imports.add(ast.unparse(node))
        if is_import or is_docstring:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (
                (node.end_lineno or node.lineno) - node.lineno + 1
            )
    return imports, "\n".join(lines).strip() + "\n"


def _literal(choices: dict[str, Any]) -> str:
    """Dict as source text, one key a line; text from data comes out quoted and escaped."""
    rows = [
        f"    {key!r}: {pprint.pformat(value, width=90, sort_dicts=False)},".replace("\n", "\n    ")
        for key, value in choices.items()
    ]
    return "\n".join(["{", *rows, "}"])


def _sort_imports(lines: set[str]) -> str:
    """Standard library first, then the rest, in one paragraph each."""
    ours = sorted(line for line in lines if "numpy" in line)
    standard = sorted(lines - set(ours), key=lambda line: (line.startswith("from"), line))
    return "\n".join(standard) + "\n\n" + "\n".join(ours)
