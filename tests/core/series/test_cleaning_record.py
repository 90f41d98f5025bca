"""The record of a cleaning: as JSON, as literals for a script, and applied to another file of the same kind."""

import ast

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import CleaningRecord, apply_again, record
from lstm_core.series.cleaning.spec import Cleaning, LagStep, OutlierStep
from lstm_core.series.source import SeriesSource
from tests.core.series.cleaned import roles_of, table_of, wave

STEPS = (OutlierStep(column="y", method="season and trend", action="replace"), LagStep(column="y", rows=2))


def made_record(values: np.ndarray, **roles) -> tuple[CleaningRecord, pd.DataFrame]:
    columns = {"y": values}
    cleaning = Cleaning(steps=STEPS)
    made = assemble(table_of(columns), roles_of(columns, **roles), cleaning=cleaning)
    source = SeriesSource(kind="upload", sha256="a" * 64, file_name="y.csv", cleaning=cleaning)
    return record(source, roles_of(columns, **roles), made), made.series


def test_it_survives_json_and_names_its_roles():
    kept, _ = made_record(wave(), gaps="seasonal")
    assert CleaningRecord.model_validate_json(kept.model_dump_json()) == kept
    assert kept.roles.gaps == "seasonal"


def test_its_literals_are_plain_python():
    kept, _ = made_record(wave())
    literals = kept.literals
    assert ast.literal_eval(repr(literals)) == literals
    assert [step["kind"] for step in literals["CLEANING"]] == ["outliers", "lag"]
    assert literals["ROLES"] == {"time": "date", "target": "y"}
    assert len(literals["LEARNED"]["steps"][0]["season"]) == 7


def test_a_new_file_is_cleaned_with_what_was_learned():
    values = wave(200)
    values[[150, 190]] += 30
    kept, whole = made_record(values[:140])
    # The new file starts at row 100, on another day of the week.
    table = table_of({"y": values[100:]}, start="2021-04-14")
    again = apply_again(table, kept).series
    np.testing.assert_allclose(again.column("y")[[48, 88]], values[[150, 190]] - 30, atol=2)
    assert again.columns == whole.columns
    # Rows that both files hold come out the same where the first file only looked back as well.
    shared = again.index.intersection(whole.index)[30:]
    assert len(shared) == 8
    one, two = (each.values[each.index.isin(shared)] for each in (again, whole))
    np.testing.assert_allclose(one, two, rtol=1e-12)


def test_another_kind_of_file_is_refused():
    kept, _ = made_record(wave())
    with pytest.raises(SeriesError, match="no column 'y'"):
        apply_again(table_of({"z": wave()}), kept)
