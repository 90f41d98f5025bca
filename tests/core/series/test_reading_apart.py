"""The reader's process: the same table as here, limits that hold, and nothing of ours within its reach."""

import io
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from lstm_core.cli.choices import read_series
from lstm_core.errors import SeriesError
from lstm_core.series.reading import apart, wire
from lstm_core.series.reading.apart import list_sheets, read_file
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.series.table import ReadOptions, Table
from tests.core.series.workbooks import handmade, written

CSV = "date,temp,note\n,°C,\n" + "".join(
    f"2020-01-{day:02d},{day / 3 if day != 7 else 'n/a'},{'' if day == 9 else f'día {day}'}\n"
    for day in range(1, 31)
)
BOOK = [["day", "y"], *([place, place / 8] for place in range(30))]


def same(one: Table, other: Table) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame)
    for part in fields(Table):
        assert part.name == "frame" or getattr(one, part.name) == getattr(other, part.name)


def test_a_table_survives_the_way_between_two_processes():
    table = read_table(CSV.encode(), "a.csv", ReadOptions())
    with tempfile.TemporaryFile() as way:
        wire.send_table(table, way)
        way.seek(0)
        received = wire.receive(way)
    assert isinstance(received, Table)
    same(received, table)
    assert np.isnan(received.frame["temp"][6])
    assert received.frame["note"][8] == ""


def test_a_large_text_file_is_read_apart_and_gives_the_same_table(monkeypatch):
    here = read_file(CSV.encode(), "a.csv", ReadOptions())
    monkeypatch.setenv("LSTM_EXPLORER_READ_APART_MB", "0")
    monkeypatch.setattr(apart, "read_table", lambda *_: pytest.fail("it was read in this process"))
    same(read_file(CSV.encode(), "a.csv", ReadOptions()), here)


def test_a_refusal_crosses_with_all_its_parts(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READ_APART_MB", "0")
    with pytest.raises(SeriesError, match="Line 3 has 3 cells") as refused:
        read_file(b"date,y\n1,2\n1,2,3\n", "a.csv", ReadOptions())
    assert refused.value.field == "delimiter"
    assert refused.value.received == "3 cells"


def test_a_workbook_becomes_a_series_through_its_source():
    source = SeriesSource(kind="upload", sha256="0" * 64, file_name="book.xlsx")
    series = load_source(source, lambda _: written(BOOK))
    assert series.values[:, 0].tolist() == [place / 8 for place in range(30)]


def test_a_workbook_called_csv_is_read_as_what_it_is_and_told():
    table = read_file(written(BOOK), "book.csv", ReadOptions())
    assert table.kind == "Excel"
    assert table.steps[0].detail.startswith("The file is an Excel workbook, although its name ends in .csv")


def test_sheets_are_listed_apart_and_text_has_none():
    assert list_sheets(written(BOOK), "book.xlsx") == ("Sheet",)
    assert list_sheets(CSV.encode(), "a.csv") == ()


@pytest.mark.slow
def test_b97_a_sheet_that_takes_too_long_is_ended_by_the_processor_limit(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READER_CPU_SECONDS", "2")
    rows = '<row><c><v>1</v></c><c t="b"><v>0</v></c></row>' * 900_000
    source = handmade(rows)
    assert len(source) < 200_000
    with pytest.raises(SeriesError, match=r"takes too long.*at most 2 s of processor time"):
        read_file(source, "book.xlsx", ReadOptions())


def test_the_clock_ends_a_reader_that_waits(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READER_WALL_SECONDS", "0.05")
    with pytest.raises(SeriesError, match=r"takes too long.*at most 0.05 s"):
        read_file(written(BOOK), "book.xlsx", ReadOptions())


def test_b100_text_that_unfolds_from_a_dictionary_meets_the_memory_limit(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READER_MEMORY_MB", "64")
    sink = io.BytesIO()
    folded = pa.DictionaryArray.from_arrays(np.zeros(1_000_000, dtype=np.int32), ["x" * 500])
    parquet.write_table(pa.table({"text": folded}), sink)
    assert len(sink.getvalue()) < 100_000
    with pytest.raises(SeriesError, match="more memory than the limit"):
        read_file(sink.getvalue(), "small.parquet", ReadOptions())


def test_the_reader_knows_neither_the_store_nor_passwords(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_STORE", "postgresql://user:secret@host/db")
    monkeypatch.setenv("SOME_PASSWORD", "secret")
    seen: dict[str, str] = {}

    def look(command, *, env, **_):
        seen.update(env)
        raise apart.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(apart.subprocess, "run", look)
    with pytest.raises(SeriesError):
        read_file(written(BOOK), "book.xlsx", ReadOptions())
    assert seen
    assert "secret" not in " ".join(seen.values())
    assert seen["PATH"] == os.environ["PATH"]


def test_a_reader_that_crashes_is_told_as_a_damaged_file(monkeypatch):
    monkeypatch.setattr(apart, "_READER", "os._exit")  # no such module
    with pytest.raises(RuntimeError, match="The reader failed"):
        read_file(written(BOOK), "book.xlsx", ReadOptions())
    monkeypatch.setattr(
        apart.subprocess, "run", lambda *_, **__: apart.subprocess.CompletedProcess([], -11, b"", b"")
    )
    with pytest.raises(SeriesError, match="damaged, or it needs more memory than the limit"):
        read_file(written(BOOK), "book.xlsx", ReadOptions())


def test_no_more_files_are_read_at_once_than_there_are_places(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READERS", "1")
    running: list[int] = []
    most: list[int] = []

    def crash(*_, **__):
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        return apart.subprocess.CompletedProcess([], -11, b"", b"")

    def read(_):
        with pytest.raises(SeriesError):
            read_file(written(BOOK), "book.xlsx", ReadOptions())

    monkeypatch.setattr(apart.subprocess, "run", crash)
    with ThreadPoolExecutor(4) as people:
        list(people.map(read, range(4)))
    assert most == [1, 1, 1, 1]


def test_the_command_reads_a_workbook_too(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(written(BOOK))
    series, _ = read_series(str(tmp_path / "book.xlsx"), "y")
    assert series.values[-1, 0] == 29 / 8
