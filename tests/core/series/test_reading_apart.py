"""The reader's process: the same table as here, limits that hold, and nothing of ours within its reach."""

import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pytest
from pyarrow import parquet

from lstm_core.cli.files import Wanted, read_series
from lstm_core.errors import SeriesError
from lstm_core.series.reading import apart, wire
from lstm_core.series.reading.apart import list_sheets, read_file
from lstm_core.series.reading.background import Watch
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

    def look(_, *, env, **__):
        seen.update(env)
        raise OSError("it is not started")

    monkeypatch.setattr(apart.subprocess, "Popen", look)
    with pytest.raises(OSError, match="not started"):
        read_file(written(BOOK), "book.xlsx", ReadOptions())
    assert seen
    assert "secret" not in " ".join(seen.values())
    assert seen["PATH"] == os.environ["PATH"]


def crashing(begin=lambda: None):
    """In place of `Popen`: a shell that dies of a signal at once."""
    start = subprocess.Popen

    def instead(_, **options):
        begin()
        return start(["sh", "-c", "kill -SEGV $$"], **options)

    return instead


def test_a_reader_that_crashes_is_told_as_a_damaged_file(monkeypatch):
    monkeypatch.setattr(apart, "_READER", "os._exit")  # no such module
    with pytest.raises(RuntimeError, match="The reader failed"):
        read_file(written(BOOK), "book.xlsx", ReadOptions())
    monkeypatch.setattr(apart.subprocess, "Popen", crashing())
    with pytest.raises(SeriesError, match="damaged, or it needs more memory than the limit"):
        read_file(written(BOOK), "book.xlsx", ReadOptions())


def test_no_more_files_are_read_at_once_than_there_are_places(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READERS", "1")
    running: list[int] = []
    most: list[int] = []

    def enter():
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()

    def read(_):
        with pytest.raises(SeriesError):
            read_file(written(BOOK), "book.xlsx", ReadOptions())

    monkeypatch.setattr(apart.subprocess, "Popen", crashing(enter))
    with ThreadPoolExecutor(4) as people:
        list(people.map(read, range(4)))
    assert most == [1, 1, 1, 1]


def test_the_command_reads_a_workbook_too(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(written(BOOK))
    series, _ = read_series(Wanted(names=[str(tmp_path / "book.xlsx")], target="y"))
    assert series.values[-1, 0] == 29 / 8


def slow_book() -> bytes:
    """A workbook of a few kilobytes that takes a reader many seconds."""
    return handmade('<row><c><v>1</v></c><c t="b"><v>0</v></c></row>' * 900_000)


def readers() -> list[psutil.Process]:
    """Readers that this process has started and that are alive."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it may end while it is looked at
            if child.status() != psutil.STATUS_ZOMBIE and apart._READER in child.cmdline():
                found.append(child)
    return found


def lives(process: psutil.Process) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two looks
        return False


def wait_until(true, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert true()


def test_a_reader_at_work_is_ended_when_nobody_waits_any_more():
    watch, said = Watch(), []

    def read():
        with pytest.raises(SeriesError, match="given up") as refused:
            read_file(slow_book(), "book.xlsx", ReadOptions(), watch)
        said.append(refused.value)

    waiting = threading.Thread(target=read)
    waiting.start()
    wait_until(lambda: bool(readers()))
    assert watch.has_begun
    assert watch.n_bytes == len(slow_book())
    watch.stop()
    waiting.join(60)
    assert said
    assert not readers()


def test_who_waits_for_a_place_can_leave_the_queue(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READERS", "3")
    watch = Watch()
    watch.stop()
    with ExitStack() as taken:
        for _ in range(3):
            taken.enter_context(apart._place(3, Watch()))
        with pytest.raises(SeriesError, match="given up"):
            read_file(written(BOOK), "book.xlsx", ReadOptions(), watch)
        assert not watch.has_begun
    assert read_file(written(BOOK), "book.xlsx", ReadOptions()).n_rows == 30


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
@pytest.mark.parametrize("at_work", [False, True])
def test_a_reader_does_not_outlive_its_server(tmp_path, at_work):
    os.mkfifo(tmp_path / "file")  # this test holds it open and never writes: the reader would wait for ever
    held = os.open(tmp_path / "file", os.O_RDWR)
    program = (
        "import os, subprocess, sys, time\n"
        f"command = [sys.executable, '-m', '{apart._READER}', str(os.getpid())]\n"
        f"reader = subprocess.Popen(command, stdin=os.open('{tmp_path / 'file'}', os.O_RDWR))\n"
        "print(reader.pid, flush=True)\n"
        "time.sleep(1000)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(apart.__file__).parents[3],
    ) as server:
        assert server.stdout is not None
        reader = psutil.Process(int(server.stdout.readline()))
        assert reader.is_running()
        if at_work:  # it has set its limits, and waits for its file
            wait_until(lambda: reader.rlimit(psutil.RLIMIT_CPU)[0] != psutil.RLIM_INFINITY)
        server.kill()
    try:
        wait_until(lambda: not lives(reader), seconds=300)
    finally:
        os.close(held)
        with suppress(psutil.NoSuchProcess):
            reader.kill()
