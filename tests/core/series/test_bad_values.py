"""Rows B59 to B74 and B82 to B86 of BAD_INPUTS.md: values and sizes. One test per row, named by its number."""

import numpy as np
import pytest

from lstm_core.errors import SeriesError
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.health import examine
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.record import Series
from lstm_core.series.table import ReadOptions


def table_of(cells, **options):
    source = "date,y\n" + "".join(f"{1900 + row},{cell}\n" for row, cell in enumerate(cells))
    return read_table(source.encode(), "file.csv", ReadOptions(**options))


def series_of(cells, **roles) -> Series:
    table = table_of(cells)
    return to_series(table, detect_roles(table).model_copy(update=roles))


def step(thing, name: str):
    found = [step for step in thing.steps if step.name == name]
    assert len(found) == 1, f"{name} not exactly once in {thing.steps}"
    return found[0]


GAPPED = [1, 2, "", "", 5, *range(6, 26)]


def test_b59_missing_values_are_refused_until_a_repair_is_chosen():
    with pytest.raises(SeriesError, match=r"2 values missing, first in column 'y' at 1902-01-01") as refused:
        series_of(GAPPED)
    assert refused.value.field == "gaps"
    np.testing.assert_allclose(series_of(GAPPED, gaps="interpolate").values[2:4, 0], [3, 4], atol=2e-3)
    assert series_of(GAPPED, gaps="forward fill").values[2:4, 0].tolist() == [2, 2]
    assert series_of(GAPPED, gaps="drop").n_rows == 23
    for how in ("interpolate", "forward fill", "drop"):
        assert step(series_of(GAPPED, gaps=how), how).count == 2


def test_b59_a_gap_longer_than_allowed_is_refused():
    with pytest.raises(SeriesError, match="A gap of 2 rows in column 'y' starts at 1902-01-01"):
        series_of(GAPPED, gaps="interpolate", longest_fill=1)


def test_b59_a_gap_at_the_start_cannot_be_filled():
    series = series_of(["", *GAPPED], gaps="forward fill")
    assert step(series, "drop open ends").count == 1
    assert step(series, "forward fill").count == 2


@pytest.mark.parametrize("cell", ["", "abc"])
def test_b60_a_column_without_numbers_is_named(cell):
    table = table_of([cell] * 22, delimiter=",", header=True)
    roles = detect_roles(table_of(range(22))).model_copy(update={"target": "y"})
    with pytest.raises(SeriesError, match="Column 'y' holds no numbers"):
        to_series(table, roles)


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e400"])
def test_b61_infinite_values_name_the_row(cell):
    with pytest.raises(SeriesError, match="Row 4 of column 'y' is infinite"):
        series_of([1, 2, 3, cell, *range(20)])


def test_b62_values_too_large_to_scale_name_the_row():
    with pytest.raises(SeriesError, match="Row 4 of column 'y' is too large to scale"):
        series_of([1, 2, 3, 1e308, *range(20)])


def test_b65_a_constant_series_is_accepted_and_told():
    series = series_of([7] * 40)
    assert "there is nothing to learn" in step(series, "constant columns").detail
    table = table_of([7] * 40)
    assert examine(table, detect_roles(table)).constant == ("y",)
    prepared = prepare(series, PreparationSpec(target="y", window=WindowSpec(length=4)))
    assert np.isfinite(prepared.train.inputs).all()


def test_b74_one_word_after_300_000_numbers_names_the_row():
    source = "y,z\n" + "".join(f"{row % 97},1\n" for row in range(300_000)) + "oops,1\n"
    table = read_table(source.encode(), "file.csv", ReadOptions())
    with pytest.raises(SeriesError, match="row 300,001 is not a number: 'oops'"):
        to_series(table, detect_roles(table))


def test_b71_words_for_missing_count_as_missing():
    series = series_of([1, "n/a", "-", "?", *range(5, 25)], gaps="interpolate")
    assert step(series, "missing words").count == 3
    assert step(series, "interpolate").count == 3


def test_b82_a_large_file_is_refused_before_anything_reads_it(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_UPLOAD_MB", "1")
    # These bytes could not be decoded: the size is looked at first.
    with pytest.raises(SeriesError, match=r"larger than the limit. Received: 2.0 MB. Expected: at most 1 MB"):
        read_table(b"\x00" * 2_000_000, "large.csv", ReadOptions())


def test_b83_too_many_rows_offer_the_last_ones(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_ROWS", "100")
    with pytest.raises(SeriesError, match=r"Received: 101 rows.*Use only the last 100 rows") as refused:
        table_of(range(101))
    assert refused.value.field == "last_rows"
    table = table_of(range(101), last_rows=100)
    assert table.frame["y"].tolist() == list(range(1, 101))
    assert step(table, "last rows").count == 1


@pytest.mark.parametrize("repair", ["refuse", "interpolate", "forward fill", "drop"])
def test_b112_no_window_ever_holds_a_gap(repair):
    """Windows are made from a complete series only: a gap is decided about before, or the series is refused."""
    cells = [row if row % 5 else "" for row in range(1, 80)]
    if repair == "refuse":
        with pytest.raises(SeriesError, match=r"15 values missing"):
            series_of(cells, gaps=repair)
        return
    prepared = prepare(
        series_of(cells, gaps=repair), PreparationSpec(target="y", window=WindowSpec(length=6))
    )
    assert np.isfinite(prepared.train.inputs).all()
    assert len(prepared.train.inputs) > 0
