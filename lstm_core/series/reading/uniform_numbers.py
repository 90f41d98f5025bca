"""Dressed numbers that are all written in one way, read as a whole column: far faster than cell by cell."""

import re
from dataclasses import dataclass

import pandas as pd

from lstm_core.series.reading.number_forms import Marks, find_decimal, undress

FEW = 5000
"""Cells up to which reading one by one is fast enough."""
_N_SHOWN = 1000
_SPACES = "[ \u00a0\u202f\u2009]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uniform:
    """Values of a column of cells that are all written in one way.

    Attributes
    ----------
    first, grouped : first cell, and first cell with a thousands mark, "" when none has one
    n_grouped : cells with a thousands mark
    """

    values: pd.Series
    sign: str
    thousands: str
    first: str
    grouped: str
    n_grouped: int


def read_uniform(cells: pd.Series, marks: Marks) -> Uniform | None:
    """Values of cells that are all `-` and digits in groups, with one sign in front or behind; None where they are not.

    Cells whose marks leave a doubt are never uniform: reading them one by one finds the question to ask.
    """
    shown = [str(cell) for cell in cells.head(_N_SHOWN)]
    first, decimal = undress(shown[0]), marks.decimal or find_decimal(shown)[0]
    if first is None or decimal is None or (first.sign and not marks.signs):
        return None
    plain = cells.str.replace(_SPACES, " ", regex=True)
    worn = re.escape(first.sign)
    for thousands in _possible(marks, decimal):
        digits = _digits(thousands, decimal)
        form = f"-?(?:{digits})" if not worn else f"-?{worn} *(?:{digits})|-?(?:{digits}) *{worn}"
        if plain.str.fullmatch(form).all():
            return _uniform(cells, plain, first.sign, thousands, decimal)
    return None


def _possible(marks: Marks, decimal: str) -> tuple[str, ...]:
    """Thousands marks to try, none first."""
    if marks.thousands is not None:
        return ("",) if marks.thousands == "none" else ("", marks.thousands)
    return ("", "," if decimal == "." else ".", " ", "'")


def _digits(thousands: str, decimal: str) -> str:
    point, group = re.escape(decimal), re.escape(thousands)
    whole = rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d+" if thousands else r"\d+"
    return rf"(?:{whole})(?:{point}\d*)?"


def _uniform(cells: pd.Series, plain: pd.Series, sign: str, thousands: str, decimal: str) -> Uniform:
    bare = plain.str.replace(sign, "", regex=False).str.strip() if sign else plain
    grouped = bare.str.contains(thousands, regex=False) if thousands else pd.Series(False, index=cells.index)
    for mark in filter(None, (thousands, " ")):
        bare = bare.str.replace(mark, "", regex=False)
    return Uniform(
        values=pd.to_numeric(bare.str.replace(decimal, ".", regex=False)).astype("float64"),
        sign=sign,
        thousands=thousands,
        first=str(cells.iloc[0]),
        grouped=str(cells[grouped].iloc[0]) if grouped.any() else "",
        n_grouped=int(grouped.sum()),
    )
