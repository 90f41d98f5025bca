"""Numbers in text: the decimal mark, the words for "missing", and the cells that are neither."""

import re

import pandas as pd
import pyarrow as pa
from pyarrow import compute

from lstm_core.errors import SeriesError
from lstm_core.series.record import Step
from lstm_core.series.table import Decimal
from lstm_core.series.words import counted

MISSING_WORDS = frozenset(
    {"", "na", "nan", "n/a", "#n/a", "#na", "null", "none", "nil", "-", "--", "?", ".", "missing", "nat"}
)
_POINT = re.compile(r"[+-]?\d*\.\d+(e[+-]?\d+)?|[+-]?\d+\.", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value (B71)."""
    return cell.strip().lower() in MISSING_WORDS


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number, with either decimal mark."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def detect_decimal(cells: list[str]) -> Decimal:
    """Comma when cells with a decimal comma outnumber those with a point (B13)."""
    points = sum(_POINT.fullmatch(cell.strip()) is not None for cell in cells)
    commas = sum(_COMMA.fullmatch(cell.strip()) is not None for cell in cells)
    return "," if commas > points else "."


def to_numbers(text: pd.Series, decimal: Decimal) -> tuple[pd.Series, pd.Series]:
    """Read a text column as numbers.

    Parameters
    ----------
    text : str column, trimmed
    decimal : the decimal mark; the other mark makes a cell unreadable, so that nothing is misread by a factor of 1000

    Returns
    -------
    numbers, bad : numbers with NaN where missing or unreadable; True where a cell is neither number nor missing
    """
    pointed = text
    if decimal == ",":
        pointed = text.mask(text.str.contains(".", regex=False), "x").str.replace(",", ".", regex=False)
    numbers = _clean_numbers(pointed)
    if numbers is not None:
        return numbers, pd.Series(False, index=text.index)
    numbers = pd.to_numeric(pointed, errors="coerce")
    unread = numbers.isna()
    bad = unread.copy()
    if unread.any():
        bad[unread] = ~text[unread].str.lower().isin(MISSING_WORDS)
    return numbers, bad


def _clean_numbers(text: pd.Series) -> pd.Series | None:
    """Numbers of a column that holds nothing else but empty cells, by Arrow: ten times faster; else None."""
    cells = pa.array(text, type=pa.large_string())
    try:
        filled = compute.call_function("if_else", [compute.call_function("equal", [cells, ""]), None, cells])
        numbers = compute.cast(filled, pa.float64())
    except pa.ArrowInvalid:
        return None
    values = pd.Series(numbers.to_numpy(zero_copy_only=False), index=text.index, name=text.name)
    whole = values.notna().all() and (values % 1 == 0).all() and values.abs().max() < 2**53
    return values.astype("int64") if whole else values


def read_column(column: pd.Series, decimal: Decimal) -> pd.Series:
    """Values of a chosen column as float64, NaN where missing.

    Raises
    ------
    SeriesError
        Names the row and the cell that is not a number (B31, B74), the row that is infinite (B61), the row whose value
        is too large to scale (B62), or the column without any number (B60).
    """
    name = str(column.name)
    if pd.api.types.is_numeric_dtype(column):
        values = column.astype("float64")
    else:
        values, bad = to_numbers(column, decimal)
        values = values.astype("float64")
        if values.isna().all():
            raise _no_numbers(name, column)
        if bad.any():
            raise _not_a_number(name, column, bad, decimal)
    if values.isna().all():
        raise _no_numbers(name, column)
    size = values.abs()
    if (size > LARGEST).any():
        row = int((size > LARGEST).to_numpy().argmax()) + 1
        infinite = size.max() == float("inf")
        raise SeriesError(
            f"Row {row:,} of column '{name}' is " + ("infinite" if infinite else "too large to scale"),
            received=f"{values.iloc[row - 1]:g}",
            expected=f"numbers between -{LARGEST:g} and {LARGEST:g}",
            advice="Correct the cell, or leave it empty so that it counts as missing.",
            field="target",
        )
    return values


LARGEST = 1e150
"""Above this, the square of a value is no float64 any more and no spread can be computed."""


def count_missing_words(text: pd.Series) -> int:
    """How many cells say "missing" in a word rather than by being empty."""
    return int((text.str.lower().isin(MISSING_WORDS) & (text != "")).sum())


def missing_words_step(name: str, n_words: int) -> Step:
    """Note that words were read as missing values (B71)."""
    return Step(
        name="missing words",
        count=n_words,
        detail=f"{counted(n_words, 'cell')} of column '{name}' with a word for missing, read as a missing value.",
    )


def _no_numbers(name: str, column: pd.Series) -> SeriesError:
    shown = next((str(cell) for cell in column.head(1000) if not is_missing(str(cell))), "")
    return SeriesError(
        f"Column '{name}' holds no numbers",
        received=f"'{shown[:40]}'" if shown else "only missing values",
        expected="at least one number",
        advice="Choose another target, or check separator and decimal mark.",
        field="target",
    )


def _not_a_number(name: str, column: pd.Series, bad: pd.Series, decimal: Decimal) -> SeriesError:
    row = int(bad.to_numpy().argmax())
    n_more = int(bad.sum()) - 1
    cell = str(column.iloc[row])
    other_mark = "." if decimal == "," else ","
    return SeriesError(
        f"In column '{name}', row {row + 1:,} is not a number: '{cell[:40]}'"
        + (f" (and {n_more:,} more rows)" if n_more else ""),
        received=f"'{cell[:40]}'",
        expected=f"a number with '{decimal}' as decimal mark, or an empty cell",
        advice="Choose the other decimal mark."
        if other_mark in cell and is_number(cell)
        else "Correct the cell, or leave it empty so that it counts as missing.",
        field="decimal" if other_mark in cell and is_number(cell) else "target",
    )
