"""The script as text: complete, inert, honest about its settings. That it runs is tested in tests/reference."""

import ast

import numpy as np
import pandas as pd
import pytest

from lstm_core.delivery.script import RECIPE, render_script, take_apart
from lstm_core.delivery.source import recipe_module
from lstm_core.errors import PreparationError
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import record
from lstm_core.series.cleaning.spec import Cleaning, LagStep, OutlierStep
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource
from lstm_core.training.plan import RunSpec, settings
from tests.core.series.cleaned import roles_of, table_of, wave


def series_named(*columns: str, n_rows: int = 80) -> Series:
    values = np.random.default_rng(0).normal(size=(n_rows, len(columns)))
    return Series(values=values, index=pd.RangeIndex(n_rows), columns=columns, name="s")


def script_for(series: Series, csv_name: str = "series.csv", **window) -> tuple[str, RunSpec]:
    target, *features = series.columns
    preparation = PreparationSpec(target=target, features=tuple(features), window=WindowSpec(**window))
    spec = RunSpec(series_fingerprint=series.fingerprint, preparation=preparation)
    return render_script(spec, series, csv_name=csv_name), spec


def assigned(script: str) -> dict:
    """Values of the literals at the top level, without running anything."""
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign)
    }


def test_settings_are_one_literal_equal_to_those_of_the_run():
    series = series_named("y", "x")
    script, spec = script_for(series, "my file.csv", length=8)
    assert assigned(script) == {"CSV": "my file.csv", "SETTINGS": settings(spec, series)}


def test_every_function_of_the_recipe_is_there_verbatim_and_nothing_of_ours_is_imported():
    script, _ = script_for(series_named("y"), length=8)
    for module in RECIPE:
        source = recipe_module(module)
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                assert ast.get_source_segment(source, node) in script
    imported = {
        name.name.partition(".")[0] if isinstance(node, ast.Import) else node.module.partition(".")[0]
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported == {"csv", "math", "os", "pathlib", "numpy", "keras", "tensorflow"}


@pytest.mark.parametrize(
    "name",
    ["'''\nimport os; os.abort()\n'''", '"""', "\\", "{settings}", "ß°ä ☃", "a\rb", "=cmd|' /C calc'!A0"],
)
def test_text_from_data_stays_text(name):
    script, _ = script_for(series_named(name, "x"), csv_name=name, length=8)
    literals = assigned(script)
    assert literals["SETTINGS"]["columns"] == [name, "x"]
    assert literals["CSV"] == name


def test_a_split_that_does_not_fit_is_refused():
    with pytest.raises(PreparationError):
        script_for(series_named("y", n_rows=2), length=8)


def test_take_apart_keeps_functions_and_comments_and_drops_docstring_and_our_imports():
    function = "# why\ndef f():\n    return math.pi\n"
    source = f'# ruff: noqa\n"""Doc."""\n\nimport math\nfrom lstm_core.recipe import x\n\n\n{function}'
    assert take_apart(source) == ({"import math"}, function)


def test_the_head_says_how_the_series_was_cleaned_and_stays_as_it_was_without():
    cleaning = Cleaning(
        steps=(OutlierStep(column="y", action="clip"), LagStep(column="y", rows=2)), known_share=0.6
    )
    columns = {"y": wave()}
    made = assemble(table_of(columns), roles_of(columns, gaps="mean"), cleaning=cleaning)
    preparation = PreparationSpec(target="y", features=("y 2 back",), window=WindowSpec(length=8))
    plain = RunSpec(series_fingerprint=made.series.fingerprint, preparation=preparation)
    kept = record(
        SeriesSource(kind="upload", sha256="a" * 64, cleaning=cleaning), roles_of(columns, gaps="mean"), made
    )
    spec = plain.model_copy(update={"cleaning": kept})
    assert spec.digest == plain.digest
    script = render_script(spec, made.series, csv_name="series.csv")
    said = assigned(script)
    assert [step["kind"] for step in said["CLEANING"]] == ["outliers", "lag"]
    assert said["CLEANING"][0]["action"] == "clip"
    assert said["ROLES"] == {"time": "date", "target": "y", "gaps": "mean"}
    assert said["KNOWN_SHARE"] == 0.6
    assert said["LEARNED"] == kept.learned.model_dump(mode="json")
    without = render_script(plain, made.series, csv_name="series.csv")
    assert set(said) - set(assigned(without)) == {"ROLES", "CLEANING", "KNOWN_SHARE", "LEARNED"}
    assert [line for line in without.splitlines() if line not in script.splitlines()] == []
