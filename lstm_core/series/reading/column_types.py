"""Columns of text become columns of numbers, where every cell allows it."""

from dataclasses import dataclass

import pandas as pd

from lstm_core.series.findings import Finding, quoted
from lstm_core.series.reading.number_forms import MARK_NAMES, MONTH_AND_YEAR, Marks
from lstm_core.series.reading.numbers import NumberReading, read_text
from lstm_core.series.reading.refused_numbers import QUESTION
from lstm_core.series.record import Step
from lstm_core.series.table import ReadOptions

_HEAD = 200
"""Rows that usually show that a column is text, which spares it the whole attempt."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypedColumns:
    """A table whose columns are numbers or text.

    Attributes
    ----------
    frame : numeric columns float64 or int64, all others text
    thousands : mark that was taken out of numbers, "" when none was
    signs : sign that was taken off, per column that had one
    steps : what was done to which column
    findings : what the thousands mark and the signs were taken to mean
    """

    frame: pd.DataFrame
    thousands: str
    signs: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]

    def options(self, asked: ReadOptions) -> dict[str, object]:
        """What was left open and is now known."""
        found = {"thousands": self.thousands or None, "signs": True if self.signs else None}
        return {name: value for name, value in found.items() if value and getattr(asked, name) is None}


def type_columns(frame: pd.DataFrame, marks: Marks) -> TypedColumns:
    """Columns whose every cell is a number or missing become numbers; the others stay text, cell by cell."""
    columns: dict[str, pd.Series] = {str(name): frame[name] for name in frame}
    readings = {
        name: reading for name, text in columns.items() if (reading := _read(text, marks)) is not None
    }
    return TypedColumns(
        frame=pd.DataFrame(columns | {name: reading.numbers for name, reading in readings.items()}),
        thousands=next((reading.thousands for reading in readings.values() if reading.thousands), ""),
        signs=tuple((name, reading.sign) for name, reading in readings.items() if reading.sign),
        steps=tuple(step for reading in readings.values() for step in reading.steps),
        findings=tuple(
            finding for name, reading in readings.items() for finding in _tell(reading, columns[name])
        ),
    )


def _read(text: pd.Series, marks: Marks) -> NumberReading | None:
    """Numbers of a column; None when it is text."""
    head = text.head(_HEAD)
    if read_text(head, marks).bad.any() or _holds_months(head):
        return None
    reading = read_text(text, marks)
    return None if reading.bad.any() or reading.numbers.isna().all() else reading


def _tell(reading: NumberReading, text: pd.Series) -> list[Finding]:
    """What was read into the numbers of a column, with a cell that shows it."""
    words = {
        "thousands mark": (
            "thousands",
            f"The {MARK_NAMES.get(reading.thousands, 'mark')} only groups digits",
        ),
        "three decimals": ("decimal", "The point is taken for the decimal mark, not for a thousands mark"),
        "signs": ("signs", f"'{reading.sign}' is a unit, not part of the number"),
    }
    found = []
    for note in reading.notes:
        if note.name in words:
            field, what = words[note.name]
            row = int((text == note.cell).to_numpy().argmax())
            where = f"{quoted(note.cell)} in row {row + 1:,} of column {quoted(text.name)}"
            sentence = f"{what}: {where} is {float(reading.numbers.iloc[row]):.15g}."
            found.append(Finding(field=field, sentence=sentence))
    return found


def _holds_months(head: pd.Series) -> bool:
    """Whether a column reads `01.2020`, `02.2020`: months, although each could be a number with four decimals."""
    filled = head[head != ""]
    return len(filled) > 1 and bool(filled.str.fullmatch(MONTH_AND_YEAR.pattern).all())


def is_asked_about(frame: pd.DataFrame, marks: Marks) -> bool:
    """Whether a text column waits for a person to say what the marks inside its numbers mean (B68)."""
    texts = frame.select_dtypes("str")
    return any(read_text(texts[name].head(_HEAD), marks).reason == QUESTION for name in texts)
