"""Cells of a sheet as text, the way a CSV would hold them; what is no plain value is counted."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from lstm_core.series.record import Step
from lstm_core.series.table import Decimal
from lstm_core.series.words import counted


@dataclass(frozen=True, slots=True)
class ExcelError:
    """What a cell shows that Excel could not calculate: `#REF!`, `#DIV/0!`."""

    shown: str


@dataclass(slots=True)
class Tally:
    """How many cells of a sheet were no plain value, and where the first one stands."""

    counts: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, first: str) -> None:
        """Count one cell."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.firsts.setdefault(kind, first)

    def steps(self) -> tuple[Step, ...]:
        """One step per kind of cell that was met."""
        words = {
            "error cells": "with an error of Excel, read as a missing value",
            "yes or no": "of TRUE or FALSE read as 1 and 0",
            "durations": "with a duration read as a number of days",
        }
        return tuple(
            Step(
                name=kind,
                count=count,
                detail=f"{counted(count, 'cell')} {words[kind]}, first {self.firsts[kind]}.",
            )
            for kind, count in self.counts.items()
        )


def is_value(value: Any) -> bool:
    """Whether a cell holds a number or a date rather than text."""
    return isinstance(value, int | float | dt.date) and not isinstance(value, bool)


def show(value: Any, decimal: Decimal, tally: Tally, at: tuple[int, int] = (1, 1)) -> str:
    """Text of a cell: numbers in full precision, dates in ISO; empty for no value.

    Parameters
    ----------
    value : what openpyxl read, or an `ExcelError`
    decimal : the decimal mark of the text cells, so that all cells of a column have the same
    tally : counts what was more than a plain value
    at : row and column of the sheet, from 1
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        shown = str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        return shown.replace(".", decimal)
    return _show_odd(value, decimal, tally, at) if not _is_whole(value) else str(value)


def coordinate(row: int, column: int) -> str:
    """Name of a cell as Excel has it: row 5, column 3 is `C5`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _show_odd(value: Any, decimal: Decimal, tally: Tally, at: tuple[int, int]) -> str:
    if isinstance(value, dt.datetime):
        return str(value.date()) if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, ExcelError):
        tally.add("error cells", f"{value.shown[:20]} in {coordinate(*at)}")
        return ""
    if isinstance(value, bool):
        tally.add("yes or no", f"in {coordinate(*at)}")
        return str(int(value))
    if isinstance(value, dt.timedelta):
        tally.add("durations", f"in {coordinate(*at)}")
        return repr(value / dt.timedelta(days=1)).replace(".", decimal)
    return str(value).strip()
