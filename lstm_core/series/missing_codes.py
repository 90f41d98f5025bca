"""Codes for missing values: −999 and its like, which stand for "no value" and would be learned as numbers."""

import math
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.arrays import TimeValues
from lstm_core.series.record import Step
from lstm_core.series.roles import MissingCode
from lstm_core.series.words import counted

# Nines as loggers and surveys write them; below zero two digits suffice, above it 99 is a number like another.
_NINES_BELOW = re.compile(r"-(?:9{2,}|9+\.9+|7{3,}|8{3,})")
_NINES_ABOVE = re.compile(r"9{3,}|9{2,}\.9+|7{4,}|8{4,}")
_FILLS = frozenset(
    {
        -200.0, -32767.0, -32768.0, 32767.0, 65535.0, -2147483648.0, 2147483647.0,
        1e20, 1e30, 1e35, -1e20, -1e30, -1e35, 9.969209968386869e36, float(np.finfo("f4").max),
        float(np.finfo("f4").min),
    }
)  # fmt: skip
"""Ends of whole numbers of two and four bytes, the fill values of netCDF, and −200 of gas sensors."""
_FEWEST = 2
_FEWEST_OTHERS = 3
_FAR_ABOVE, _FAR_BELOW, _FAR_NEGATIVE = 1.5, 0.5, 0.05
"""Least distance to the other values, in ranges of these: above them, below them, below values of which none is < 0."""
_MOST_CODES = 4
_PRICED = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCode:
    """A value that looks like a code for "no value" in one column.

    Attributes
    ----------
    code : column and value
    count : how often it stands there
    first_row : the first of its rows, from 0
    low, high : range of the other values
    """

    code: MissingCode
    count: int
    first_row: int
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """What was found: `−999 stands 41 times in 'co2', first in row 12, far below all other values (280 to 420)`."""
        side = "below" if self.code.value < self.low else "above"
        return (
            f"{written(self.code.value)} stands {counted(self.count, 'time')} in '{self.code.column}', first in row "
            f"{self.first_row + 1:,}, far {side} all other values ({written(self.low)} to {written(self.high)})"
        )


def find_codes(frame: pd.DataFrame) -> tuple[FoundCode, ...]:
    """Values that stand repeatedly, are written as codes usually are, and lie far outside all others of their column.

    Parameters
    ----------
    frame : float64 columns in file order, NaN where missing
    """
    found: list[FoundCode] = []
    for name in frame.columns:
        values = frame[name].to_numpy(dtype=np.float64)
        known = values[np.isfinite(values)]
        codes: list[FoundCode] = []
        while len(codes) < _MOST_CODES and (code := _outermost_code(str(name), known, values)) is not None:
            codes.append(code)
            known = known[known != code.code.value]
        # A further code may have lain between the first one and the rest, which is told as it is in the end.
        found.extend(
            FoundCode(
                code=code.code,
                count=code.count,
                first_row=code.first_row,
                low=float(known.min()),
                high=float(known.max()),
            )
            for code in codes
        )
    return tuple(found)


def _outermost_code(name: str, known: np.ndarray, values: TimeValues) -> FoundCode | None:
    """The lowest or the highest value, if it is a code; the other values are what is left of `known`."""
    if len(known) <= _FEWEST:
        return None
    for value in (float(known.min()), float(known.max())):
        if not _is_written_as_code(value):
            continue
        is_code = known == value
        others = known[~is_code]
        if is_code.sum() < _FEWEST or not _is_far(value, others) or _is_price(value, others):
            continue
        return FoundCode(
            code=MissingCode(column=name, value=value),
            count=int(is_code.sum()),
            first_row=int((values == value).argmax()),
            low=float(others.min()),
            high=float(others.max()),
        )
    return None


def _is_written_as_code(value: float) -> bool:
    text = _shortest(value)
    return value in _FILLS or bool((_NINES_BELOW if value < 0 else _NINES_ABOVE).fullmatch(text))


def _shortest(value: float) -> str:
    """Digits of a number as a person would write it, also of one that was stored with four bytes."""
    with np.errstate(over="ignore"):
        single = np.float32(value)
    exact = f"{float(single):.17g}" == f"{value:.17g}" and math.isfinite(single)
    return np.format_float_positional(single if exact else np.float64(value), trim="-")


def _is_far(value: float, others: TimeValues) -> bool:
    if len(others) < _FEWEST_OTHERS or not _vary(others):
        return False
    low, high = float(others.min()), float(others.max())
    if value > high:
        return value - high >= _FAR_ABOVE * (high - low)
    return low - value >= (_FAR_NEGATIVE if low >= 0 else _FAR_BELOW) * (high - low)


def _vary(others: TimeValues) -> bool:
    """Whether there are three different values: beside fewer, any other one would stand apart."""
    low, high = others.min(), others.max()
    return bool(((others > low) & (others < high)).any())


def _is_price(value: float, others: TimeValues) -> bool:
    """Whether 99.99 stands among many others that end alike, as prices do."""
    end = value % 1
    return bool(end and value > 0 and np.isclose(others % 1, end).mean() > _PRICED)


def mark_codes(frame: pd.DataFrame, codes: tuple[MissingCode, ...]) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Make gaps of the codes that somebody named; columns that are not in the frame are passed over.

    Returns
    -------
    frame, steps : the frame with NaN in their places; one step that names and counts every code that was there
    """
    told: list[str] = []
    total = 0
    for code in codes:
        if code.column not in frame.columns:
            continue
        there = (frame[code.column] == code.value).to_numpy()
        if there.any():
            frame = frame.assign(**{code.column: frame[code.column].mask(there)})
            total += int(there.sum())
            first = int(there.argmax()) + 1
            told.append(
                f"{written(code.value)} in '{code.column}' "
                f"({counted(int(there.sum()), 'time')}, first in row {first:,})"
            )
    if not told:
        return frame, ()
    detail = f"Marked as missing: {', '.join(told)}."
    return frame, (Step(name="missing codes", count=total, detail=detail),)


def written(value: float) -> str:
    """A value as the file writes it, with a true minus sign: `−999.9`, `1e+20`."""
    text = _shortest(value) if abs(value) < 1e15 else f"{value:g}"
    return text.replace("-", "−")
