"""Readings in the background: watched, waited for, cancelled, tried again, and never more kept than asked for."""

import threading

import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.reading import background
from lstm_core.series.reading.background import Reading, ReadingDesk, Watch
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions, Table

TABLE = read_table(b"y\n" + b"1\n2\n" * 20, "a.csv", ReadOptions())


class Slow:
    """A reader that waits until it is told to go on, or that nobody waits."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go_on, self.ended = threading.Event(), threading.Event()

    def __call__(self, name: str, watch: Watch) -> Table:
        self.begun.append(name)
        watch.has_begun = True
        while not self.go_on.wait(0.01):
            if watch.is_stopped:
                self.ended.set()
                raise SeriesError("Given up")
        return TABLE


@pytest.fixture
def slow():
    reader = Slow()
    yield reader
    reader.go_on.set()


def test_a_table_is_waited_for(slow):
    reading = Reading(lambda watch: slow("a", watch))
    assert not reading.wait(0.02)
    assert not reading.is_done
    slow.go_on.set()
    assert reading.result() is TABLE
    taken = reading.seconds
    assert taken >= 0.02
    assert reading.seconds == taken
    reading.cancel()
    assert not reading.is_cancelled


def test_a_cancelled_reading_answers_at_once_and_its_reader_is_told(slow):
    reading = Reading(lambda watch: slow("a", watch))
    reading.cancel()
    assert reading.is_done
    assert reading.is_cancelled
    with pytest.raises(SeriesError, match="was cancelled"):
        reading.result()
    assert slow.ended.wait(60)
    with pytest.raises(SeriesError, match="was cancelled"):
        reading.result()


def test_any_failure_reaches_who_waits():
    def fail(_: Watch) -> Table:
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError, match="a bug"):
        Reading(fail).result()


def test_a_desk_reads_each_file_once_and_one_at_a_time(slow):
    desk = ReadingDesk(slow)
    assert desk.first_open(["a", "b"]) == "a"
    assert desk.first_open(["a", "b"]) == "a"
    slow.go_on.set()
    desk.reading("a").result()
    assert desk.first_open(["a", "b"]) in ("b", None)
    desk.reading("b").result()
    assert desk.first_open(["a", "b"]) is None
    assert slow.begun == ["a", "b"]


def test_a_cancelled_file_is_not_read_again_unasked(slow):
    desk = ReadingDesk(slow)
    desk.reading("a").cancel()
    assert desk.first_open(["a"]) is None
    desk.again("a")
    assert desk.first_open(["a"]) == "a"
    slow.go_on.set()
    assert desk.reading("a").result() is TABLE


def test_as_many_files_are_kept_as_belong_together(slow):
    slow.go_on.set()
    desk, files = ReadingDesk(slow), [f"file {number}" for number in range(9)]
    while (file := desk.first_open(files)) is not None:
        desk.reading(file).result()
    assert slow.begun == files
    assert desk.first_open(files) is None
    desk.first_open(["other"])
    desk.reading(files[0]).result()
    assert slow.begun == [*files, "other", files[0]]


def test_a_refusal_is_believed_for_a_while_only(monkeypatch):
    asked = []

    def refuse(file: str, _: Watch) -> Table:
        asked.append(file)
        raise SeriesError("No table")

    desk = ReadingDesk(refuse)
    for _ in range(3):
        with pytest.raises(SeriesError, match="No table"):
            desk.reading("a").result()
    assert asked == ["a"]
    monkeypatch.setattr(background, "REFUSED_FOR", -1.0)
    with pytest.raises(SeriesError, match="No table"):
        desk.reading("a").result()
    assert asked == ["a", "a"]


def test_all_reading_ends_with_the_visit(slow):
    desk = ReadingDesk(slow)
    desk.reading("a")
    desk.close()
    assert slow.ended.wait(60)
    assert desk.reading("a").is_cancelled
