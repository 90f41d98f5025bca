"""Numbers in text: columns of cells read with the file's marks, and the cells that are no numbers."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from lstm_core.errors import SeriesError
from lstm_core.series.findings import quoted
from lstm_core.series.reading.number_forms import (
    MISSING_WORDS,
    Marks,
    Undressed,
    detect_thousands,
    find_decimal,
    is_doubtful,
    undress,
    value_of,
)
from lstm_core.series.reading.number_notes import (
    EXACT,
    Note,
    dressed_notes,
    lost_digits,
    missing_words,
    uniform_notes,
)
from lstm_core.series.reading.refused_numbers import QUESTION, no_numbers, not_a_number
from lstm_core.series.reading.uniform_numbers import FEW, read_uniform
from lstm_core.series.record import Step
from lstm_core.series.table import Decimal
from lstm_core.series.words import counted

LARGEST = 1e150
"""Above this, the square of a value is no float64 any more and no spread can be computed."""
_TRUTH = {"true": 1.0, "yes": 1.0, "on": 1.0, "false": 0.0, "no": 0.0, "off": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumberReading:
    """A column of text read as numbers.

    Attributes
    ----------
    numbers : float64 or int64, NaN where missing or bad
    bad : True where a cell is neither a number nor missing
    thousands : mark that was taken out of numbers, "" when none was
    sign : sign that was taken off ("$", "%"), "" when none was
    reason : why a cell that looks like a number is bad, "" when it does not even look like one
    notes : what was done
    """

    numbers: pd.Series
    bad: pd.Series
    thousands: str = ""
    sign: str = ""
    reason: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done, for the list of steps."""
        where = f" of column '{self.numbers.name}' "
        return tuple(
            Step(
                name=note.name,
                count=note.count,
                detail=counted(note.count, "cell")
                + where
                + note.what
                + (f": {quoted(note.cell)}." if note.cell else "."),
            )
            for note in self.notes
        )


def read_text(text: pd.Series, marks: Marks) -> NumberReading:
    """Read a text column as numbers.

    Parameters
    ----------
    text : str column, trimmed
    marks : a mark that stands where it cannot be makes a cell bad, so that nothing is misread by a factor of 1000
    """
    pointed = text
    if marks.decimal == ",":
        pointed = text.mask(text.str.contains(".", regex=False), "x").str.replace(",", ".", regex=False)
    numbers = _clean_numbers(pointed)
    if numbers is not None:
        return _settle(text, numbers, marks, lost_digits(text, numbers))
    numbers = pd.to_numeric(pointed, errors="coerce")
    bad = numbers.isna()
    if bad.any():
        bad[bad] = ~text[bad].str.lower().isin(MISSING_WORDS)
    if not bad.any():
        return _settle(text, numbers, marks, missing_words(text))
    return _read_truth(text, numbers, bad) or _read_dressed(text, numbers, bad, marks)


def _settle(text: pd.Series, numbers: pd.Series, marks: Marks, notes: tuple[Note, ...]) -> NumberReading:
    """Reading of a column whose every cell is a plain number or missing; its points may still group digits."""
    doubtful, told = _doubtful_points(text, numbers) if marks.decimal is None else (None, ())
    if doubtful is not None:
        return NumberReading(numbers=numbers.mask(doubtful), bad=doubtful, reason=QUESTION)
    return NumberReading(numbers=numbers, bad=pd.Series(False, index=text.index), notes=(*notes, *told))


def _read_truth(text: pd.Series, numbers: pd.Series, bad: pd.Series) -> NumberReading | None:
    """True and false as 1 and 0, where a column says nothing else and says both (B73)."""
    words = {str(word).lower() for word in text[bad].unique()[:20]}
    if not words <= set(_TRUTH) or numbers.notna().any() or len({_TRUTH[word] for word in words}) < 2:
        return None
    read = text.str.lower().map(_TRUTH).astype("float64")
    note = Note("true and false", int(bad.sum()), "with true or false, read as 1 and 0")
    return NumberReading(
        numbers=read, bad=pd.Series(False, index=text.index), notes=(note, *missing_words(text))
    )


def _read_dressed(text: pd.Series, numbers: pd.Series, bad: pd.Series, marks: Marks) -> NumberReading:
    """Read what plain reading left: grouped digits, signs, other scripts (B68 to B70)."""
    cells = text[bad]
    if (alike := _read_alike(text, numbers, bad, marks)) is not None:
        return alike
    parts = {cell: undress(str(cell)) for cell in cells.unique()}
    worn = [part for part in parts.values() if part]
    signs = Counter(part.sign for part in worn if part.sign) if marks.signs else Counter[str]()
    sign = signs.most_common(1)[0][0] if signs else ""
    thousands = marks.thousands or detect_thousands([part.body for part in worn], marks.decimal)
    thousands = "" if thousands == "none" else thousands
    proven = marks.decimal or find_decimal(part.body for part in worn)[0]
    decimal = proven or ("," if thousands == "." else ".")
    values = {
        cell: _value(part, decimal, thousands) if part and part.sign in ("", sign) else np.nan
        for cell, part in parts.items()
    }
    found = cells.map(values).astype("float64")
    read = numbers.astype("float64")
    read[bad] = found
    still, reason = bad.copy(), ""
    still[bad] = found.isna()
    if sign:
        bare = read.notna() & (read != 0) & ~text.str.contains(sign, regex=False)
        if bare.any() or len(signs) > 1:
            still, reason = still | bare, f"some cells carry '{sign}' and some do not"
    told: tuple[Note, ...] = ()
    if marks.decimal is None and not reason:
        bodies = text.mask(bad, cells.map({cell: part.body if part else "" for cell, part in parts.items()}))
        doubtful, told = (None, ()) if thousands else _doubtful_points(bodies, read)
        still = still if doubtful is None else still | doubtful
        reason = QUESTION if doubtful is not None or _asks(parts, text[still]) else ""
    kept = {str(cell): part for cell, part in parts.items() if part and values[cell] == values[cell]}
    return NumberReading(
        numbers=read.mask(still),
        bad=still,
        thousands=thousands,
        sign=sign,
        reason=reason,
        notes=(*dressed_notes(cells, kept, thousands), *told, *missing_words(text)),
    )


def _read_alike(text: pd.Series, numbers: pd.Series, bad: pd.Series, marks: Marks) -> NumberReading | None:
    """Read many cells that are all dressed in one way at once; None where they are few, or not alike."""
    cells = text[bad]
    whole = read_uniform(cells, marks) if len(cells) > FEW else None
    if whole is None or (whole.sign and (numbers.notna() & (numbers != 0)).any()):
        return None
    return NumberReading(
        numbers=numbers.astype("float64").mask(bad, whole.values),
        bad=pd.Series(False, index=text.index),
        thousands=whole.thousands,
        sign=whole.sign,
        notes=(*uniform_notes(whole, len(cells)), *missing_words(text)),
    )


def _value(part: Undressed, decimal: str, thousands: str) -> float:
    value = value_of(part.body, decimal, thousands)
    return np.nan if value is None else -value if part.negative else value


def _asks(parts: dict[object, Undressed | None], cells: pd.Series) -> bool:
    """Whether the first bad cell is a number under either meaning of its comma."""
    part = parts.get(cells.iloc[0]) if len(cells) else None
    return part is not None and is_doubtful(part.body, ",")


def _doubtful_points(text: pd.Series, numbers: pd.Series) -> tuple[pd.Series | None, tuple[Note, ...]]:
    """Cells like `1.234` whose point may group digits: asked about beside whole numbers below 1000, else only told."""
    head = text[text.str.contains(".", regex=False)].head(1000)
    if head.empty or not head.str.fullmatch(_GROUPED_POINT).all():
        return None, ()
    pointed = text.str.contains(".", regex=False)
    if not text[pointed].str.fullmatch(_GROUPED_POINT).all():
        return None, ()
    plain = numbers[~pointed].abs()
    if plain.between(100, 999).any() and plain.max() < 1000:
        return pointed, ()
    what = "with three digits behind the point, read as decimals (with the comma as decimal mark, they are thousands)"
    return None, (Note("three decimals", int(pointed.sum()), what, str(head.iloc[0])),)


_GROUPED_POINT = r"[+-]?[1-9]\d{0,2}\.\d{3}"


def _clean_numbers(text: pd.Series) -> pd.Series | None:
    """Numbers of a column that holds nothing else but empty cells, by Arrow: ten times faster; else None."""
    cells = pa.array(text, type=pa.large_string())
    try:
        filled = compute.call_function("if_else", [compute.call_function("equal", [cells, ""]), None, cells])
        numbers = compute.cast(filled, pa.float64())
    except pa.ArrowInvalid:
        return None
    values = pd.Series(numbers.to_numpy(zero_copy_only=False), index=text.index, name=text.name)
    whole = values.notna().all() and (values % 1 == 0).all() and values.abs().max() < EXACT
    return values.astype("int64") if whole else values


def read_values(column: pd.Series, marks: Marks) -> NumberReading:
    """Values of a chosen column as float64, NaN where missing; `bad` holds no row.

    Raises
    ------
    SeriesError
        Names the row and the cell that is not a number (B31, B68, B69, B74 to B76), the row that is infinite (B61), the
        row whose value is too large to scale (B62), or the column without any number (B60).
    """
    name = str(column.name)
    if pd.api.types.is_numeric_dtype(column):
        reading = NumberReading(numbers=column.astype("float64"), bad=pd.Series(False, index=column.index))
    else:
        reading = read_text(column, marks)
        if reading.bad.any() and (reading.reason or not reading.numbers.isna().all()):
            raise not_a_number(column, reading.bad, reading.reason, marks)
    values = reading.numbers.astype("float64")
    if values.isna().all():
        raise no_numbers(column)
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
    return replace(reading, numbers=values)


def detect_decimal(cells: list[str]) -> Decimal:
    """Decimal mark that the cells show; the point when they show none (B13)."""
    return find_decimal(cells)[0] or "."
