"""Files as analysts have them (`tests/files/make`): read right, or right after the one question they ask."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.record import Series
from lstm_core.series.table import ReadOptions

FOLDER = Path(__file__).parents[2] / "files"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
NAMES = sorted(EXPECTED)


def series_of(name: str, options: dict, roles: dict) -> Series:
    table = read_table((FOLDER / name).read_bytes(), name, ReadOptions(**options))
    return to_series(table, detect_roles(table).model_copy(update=roles))


def test_there_are_fifty_and_each_has_its_truth():
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".tsv", ".txt")}
    assert files == set(EXPECTED)
    assert len(files) >= 50
    assert max((FOLDER / name).stat().st_size for name in files) < 10_000


@pytest.mark.parametrize("name", NAMES)
def test_it_is_read_right(name):
    truth = EXPECTED[name]
    if truth["asks"]:
        with pytest.raises(SeriesError) as asked:
            series_of(name, {}, {"target": truth["target"]})
        assert truth["asks"] in asked.value.message
        assert asked.value.field
    if truth["refused"]:
        return
    series = series_of(name, truth["options"], truth["roles"])
    assert series.columns == (truth["target"],)
    values = pd.Series(truth["values"], dtype="float64")
    np.testing.assert_array_equal(series.values[:, 0], values.ffill())
    if truth["dates"] is None:
        assert not series.is_dated
    else:
        assert series.index.equals(pd.DatetimeIndex(truth["dates"]).as_unit("us"))
    assert series.unit == truth["unit"]
