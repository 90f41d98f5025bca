"""What is read from a file is what was written into it, or a message says why not: dialect, dates, values, damage."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.record import Series
from lstm_core.series.table import ReadOptions

STEPS = {"D": "", "B": "", "MS": "", "W-WED": "", "h": " %H:%M", "15min": " %H:%M:%S"}
DATES = {
    "%Y-%m-%d": None, "%Y/%m/%d": None, "%Y%m%d": None, "%d %b %Y": None, "%B %d, %Y": None,
    "%d.%m.%Y": "day first", "%d/%m/%Y": "day first", "%d-%m-%y": "day first",
    "%m/%d/%Y": "month first", "%m/%d/%y": "month first", "%y-%m-%d": "year first",
}  # fmt: skip
"""How dates are written, and the format that answers the question that may come."""
NUMBER_GROUPS = {".": ["", "", ",", " ", "'", "\u00a0"], ",": ["", "", ".", " ", "'", "\u202f"]}


@dataclass(frozen=True)
class Written:
    """A file as it is written: the truth and the way of writing it."""

    dates: pd.DatetimeIndex
    values: np.ndarray
    places: int
    pattern: str
    delimiter: str
    decimal: str
    group: str
    sign: str
    quoted: bool
    names: bool
    above: str
    below: str
    units: bool
    trailing: bool
    end: str
    encoding: str
    extra: str

    def cell(self, text: str) -> str:
        """A cell with quotes where it needs them, or everywhere."""
        return f'"{text}"' if self.quoted or self.delimiter in text else text

    def number(self, value: float) -> str:
        """A number in the file's marks."""
        plain = f"{value:,.{self.places}f}".replace(",", "\0").replace(".", self.decimal)
        return self.sign.format(plain.replace("\0", self.group))

    def row(self, date: pd.Timestamp, value: float) -> str:
        """One line."""
        cells = [f"{date:{self.pattern}}", self.number(value)] + ([self.extra] if self.extra else [])
        return self.delimiter.join(map(self.cell, cells)) + self.delimiter * self.trailing

    @property
    def rows(self) -> list[str]:
        """Lines of the table without names."""
        return [self.row(date, value) for date, value in zip(self.dates, self.values, strict=True)]

    def text(self, rows: list[str]) -> bytes:
        """The file with these rows."""
        names = ["when", "amount"] + (["remark"] if self.extra else [])
        units = ["", "kg"] + ([""] if self.extra else [])
        head = [
            self.delimiter.join(map(self.cell, line)) + self.delimiter * self.trailing
            for line, there in ((names, self.names), (units, self.names and self.units))
            if there
        ]
        lines = [*([self.above] if self.above else []), *head, *rows, *([self.below] if self.below else [])]
        return self.end.join([*lines, ""]).encode(self.encoding)

    @property
    def target(self) -> str:
        """Name of the column of values."""
        return "amount" if self.names else "column 2"


@st.composite
def files(draw) -> Written:
    """Any way of writing a series that somebody could mean."""
    n_rows, step = draw(st.integers(22, 45)), draw(st.sampled_from(list(STEPS)))
    start = draw(st.datetimes(pd.Timestamp(1990, 1, 1), pd.Timestamp(2035, 1, 1)))
    dates = pd.date_range(pd.Timestamp(start).floor("D"), periods=n_rows, freq=step)
    places, size = draw(st.integers(0, 4)), 10.0 ** draw(st.integers(0, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    values = np.round(size * (rng.standard_normal(n_rows) + draw(st.sampled_from([0, 3]))), places) + 0.0
    day = draw(st.sampled_from([day for day in DATES if not (day == "%Y%m%d" and STEPS[step])]))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    decimal = draw(st.sampled_from([".", ","]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    groups = [group for group in NUMBER_GROUPS[decimal] if encoding != "cp1252" or group != "\u202f"]
    names = draw(st.booleans())
    return Written(
        dates=dates,
        values=values,
        places=places,
        pattern=day + STEPS[step],
        delimiter=delimiter,
        decimal=decimal,
        group=draw(st.sampled_from(groups)),
        sign=draw(st.sampled_from(["{}"] * 5 + ["${}", "{} €", "{}%"])),
        quoted=draw(st.booleans()),
        names=names,
        above=draw(st.sampled_from(["", "", "# made by hand", "Report of the year"])) if names else "",
        below=draw(st.sampled_from(["", "", "Total", "Source: office"])),
        units=draw(st.booleans()),
        trailing=draw(st.sampled_from([False, False, True])),
        end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        encoding=encoding,
        extra=draw(st.sampled_from(["", "", "ok", "north"])),
    )


def series_of(source: bytes, target: str, options: dict, roles: dict) -> Series:
    table = read_table(source, "written.csv", ReadOptions(**options))
    return to_series(table, detect_roles(table).model_copy(update={"target": target, **roles}))


def points_are_told(series: Series, file: Written) -> bool:
    """Whether points between groups were taken for decimal points: wrong, but unknowable, and told in a step."""
    return file.group == "." and any(step.name == "three decimals" for step in series.steps)


def answered(file: Written, source: bytes, decimal: str | None = None, **roles) -> Series:
    """The series, after at most one question about marks and one about the order of the date."""
    options = {"decimal": decimal} if decimal else {}
    for _ in range(3):
        try:
            return series_of(source, file.target, options, roles)
        except SeriesError as asked:
            if asked.what.startswith("Thousands or decimals?") and not options:
                options = {"decimal": file.decimal}
            elif asked.field == "date_format" and asked.what.endswith(("both ways", "read that way")):
                assert "date_format" not in roles
                roles = {**roles, "date_format": DATES[file.pattern.split(" %H")[0]]}
            else:
                raise
    raise AssertionError("more than one question of a kind")


@given(files())
def test_what_was_written_is_read(file):
    series = answered(file, file.text(file.rows))
    if points_are_told(series, file):
        series = answered(file, file.text(file.rows), decimal=",")
    assert series.is_dated
    assert series.index.equals(file.dates.as_unit("us"))
    np.testing.assert_array_equal(series.values[:, 0], file.values)


def damaged(draw, rows: list[str], delimiter: str) -> tuple[list[str], set[int]]:
    """Rows with one thing broken, and the places of the rows that may come out changed or not at all."""
    place = draw(st.integers(1, len(rows) - 2))
    row = rows[place]
    at = draw(st.integers(0, max(len(row) - 1, 0)))
    kind = draw(
        st.sampled_from(
            ["cut", "letter", "word", "drop mark", "add mark", "quote", "repeat", "swap", "blank"]
        )
    )
    changed = {
        "letter": row[:at] + draw(st.sampled_from("x0-.,;\"' ")) + row[at + 1 :],
        "word": row.split(delimiter)[0] + delimiter + "oops",
        "drop mark": row.replace(delimiter, "", 1),
        "add mark": row[:at] + delimiter + row[at:],
        "quote": row[:at] + '"' + row[at:],
        "blank": "",
    }
    if kind == "cut":
        return [*rows[:place], row[:at]], set(range(place, len(rows)))
    if kind == "repeat":
        return [*rows[: place + 1], *rows[place:]], set()
    if kind == "swap":
        return [*rows[:place], rows[place + 1], row, *rows[place + 2 :]], set()
    return [*rows[:place], changed[kind], *rows[place + 1 :]], {place}


@given(files(), st.data())
def test_a_damaged_file_is_read_as_far_as_it_is_whole_or_refused_in_words(file, data):
    file = replace(file, below="", trailing=False)
    rows, touched = damaged(data.draw, file.rows, file.delimiter)
    try:
        series = answered(file, file.text(rows), gaps="drop", duplicates="last")
    except SeriesError as refused:
        if not (refused.message and refused.field):
            raise AssertionError("an error without words or cure") from refused
        return
    if points_are_told(series, file):
        return
    assert series.is_dated
    whole = [place for place in range(len(file.dates)) if place not in touched]
    truth = dict(zip(file.dates[whole], file.values[whole], strict=True))
    read = dict(zip(series.index, series.values[:, 0], strict=True))
    for date in series.index[series.merged]:  # a date that became another one took its place, which is told
        truth.pop(date, None)
        del read[date]
    strangers = [date for date in read if date not in truth]
    assert len(strangers) <= min(len(touched), 1)
    lost = [date for date in truth if date not in read]
    assert not lost
    assert all(read[date] == value for date, value in truth.items() if date not in strangers)
