"""Why a cell or a column is no number, and what would make it one."""

import re

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.reading.number_forms import (
    MARK_NAMES,
    Marks,
    detect_thousands,
    is_missing,
    is_number,
    undress,
)
from lstm_core.series.words import counted

QUESTION = "ask"
"""Reason of a cell whose mark may be a decimal mark or may group digits: a person must say."""


def no_numbers(column: pd.Series) -> SeriesError:
    """Refusal of a column that holds no number at all (B60)."""
    shown = next((str(cell) for cell in column.head(1000) if not is_missing(str(cell))), "")
    meaning = _meaning(shown)
    return SeriesError(
        f"Column '{column.name}' holds no numbers" + (f"; of '{shown[:40]}', {meaning}" if meaning else ""),
        received=f"'{shown[:40]}'" if shown else "only missing values",
        expected="at least one number",
        advice=_cure(shown, Marks())[1]
        if meaning
        else "Choose another target, or check separator and decimal mark.",
        field="target",
    )


def not_a_number(column: pd.Series, bad: pd.Series, reason: str, marks: Marks) -> SeriesError:
    """Refusal that names the first bad row, or the one question that decides the whole file."""
    name, row = str(column.name), int(bad.to_numpy().argmax())
    cell = str(column.iloc[row])
    if reason == QUESTION:
        return _ask_for_mark(name, cell, row)
    n_more = int(bad.sum()) - 1
    field, advice = _cure(cell, marks)
    more = f" (and {counted(n_more, 'more row')})" if n_more else ""
    why = _meaning(cell) or reason
    what = f"row {row + 1:,} is not a number: '{cell[:40]}'{more}" + (f"; {why}" if why else "")
    if why == reason and reason:  # numbers, but not all in one unit
        what = f"{reason}: row {row + 1:,} says '{cell[:40]}'{more}"
        advice = "Write the sign in every cell of the column, or in none: only then all are in one unit."
    return SeriesError(
        f"In column '{name}', {what}",
        received=f"'{cell[:40]}'",
        expected=f"a number with '{marks.decimal or '.'}' as decimal mark, or an empty cell",
        advice=advice,
        field=field,
    )


_BOUND = re.compile(r"(<=|>=|[<>≤≥])\s*[-+\d.,].*")
_SHORT = re.compile(r"[^\d]*([\d.,]+)\s*([kmb]|mio|mln|mrd|bn|tsd)\.?", re.IGNORECASE)
_POWERS = {"k": "thousands", "tsd": "thousands", "m": "millions", "mio": "millions", "mln": "millions"}


def _meaning(cell: str) -> str:
    """What a cell says that is no number, where that is plain; "" where it is not."""
    if found := _BOUND.fullmatch(cell):
        side = "below" if found.group(1) in ("<", "<=", "≤") else "above"
        return f"it says only that the value lies {side} a limit, not what it is"
    if (found := _SHORT.fullmatch(cell)) and undress(cell) is None:
        power = _POWERS.get(found.group(2).lower())
        return (
            f"its letter seems to stand for {power}"
            if power
            else "its letter seems to stand for a large number"
        )
    return ""


def _cure(cell: str, marks: Marks) -> tuple[str, str]:
    """Control that could make a number of a cell, and what to do."""
    if _BOUND.fullmatch(cell):
        return "target", (
            "Decide what stands for such values (the limit, half of it, or an empty cell, which counts as missing) and "
            "write that."
        )
    worn = undress(cell)
    if worn is None and _SHORT.fullmatch(cell):
        return "target", "Write the number out in every such cell, 1200000 for 1.2M."
    if worn and worn.sign and not marks.signs:
        return "signs", "Let signs be taken off, or correct the cell."
    if worn and marks.thousands and detect_thousands([worn.body], marks.decimal):
        return "thousands", "Choose another thousands mark, or let it be detected."
    if worn and ("." if marks.decimal == "," else ",") in worn.body and is_number(cell):
        return "decimal", "Choose the other decimal mark."
    return "target", "Correct the cell, or leave it empty so that it counts as missing."


def _ask_for_mark(name: str, cell: str, row: int) -> SeriesError:
    """One question for the whole file: is the mark between the digits a decimal mark? (B68)."""
    worn = undress(cell)
    body = worn.body if worn else cell
    mark, other = (",", ".") if "," in body else (".", ",")
    return SeriesError(
        f"Thousands or decimals? '{cell[:40]}' in row {row + 1:,} of column '{name}' can be read both ways",
        received=f"'{body[:40]}', which is {body.replace(mark, '')[:40]} or {body.replace(mark, '.')[:40]}",
        expected="a choice between the two",
        advice=f"Choose the {MARK_NAMES[mark]} as decimal mark if decimals follow it, the {MARK_NAMES[other]} "
        "if it only groups digits.",
        field="decimal",
    )
