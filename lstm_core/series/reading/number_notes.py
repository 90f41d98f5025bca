"""What was done to the cells of a column of numbers, counted and told."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from lstm_core.series.reading.number_forms import MARK_NAMES, MISSING_WORDS, Undressed
from lstm_core.series.reading.uniform_numbers import Uniform

_SIGNED = "with a sign, which was taken off (12% stays 12)"
EXACT = 2**53
"""From here on, not every whole number is a float64 number (B67)."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was done to some cells of a column: name of the step, count, what, and one of them when that helps."""

    name: str
    count: int
    what: str
    cell: str = ""


def dressed_notes(cells: pd.Series, kept: dict[str, Undressed], thousands: str) -> tuple[Note, ...]:
    """What was done to which cells, counted."""
    counts = cells.value_counts().to_dict()
    kinds: dict[str, tuple[Callable[[Undressed], bool], str]] = {
        "thousands mark": (
            lambda part: bool(thousands) and thousands in part.body,
            _grouped_words(thousands),
        ),
        "signs": (lambda part: bool(part.sign), _SIGNED),
        "booked minus": (lambda part: part.booked, "written as (12) or 12-, read as -12"),
        "other digits": (lambda part: part.foreign, "with digits or minus signs of another script"),
    }
    found = []
    for name, (fits, what) in kinds.items():
        those = [cell for cell, part in kept.items() if fits(part)]
        if those:
            found.append(Note(name, sum(int(counts[cell]) for cell in those), what, those[0]))
    return tuple(found)


def uniform_notes(whole: Uniform, n_cells: int) -> tuple[Note, ...]:
    """What was done to cells that are all written in one way."""
    grouped = Note("thousands mark", whole.n_grouped, _grouped_words(whole.thousands), whole.grouped)
    signed = Note("signs", n_cells, _SIGNED, whole.first)
    return tuple(note for note, there in ((grouped, whole.n_grouped), (signed, whole.sign)) if there)


def _grouped_words(mark: str) -> str:
    return f"with a {MARK_NAMES.get(mark, '')} between groups of digits, which was taken out"


def missing_words(text: pd.Series) -> tuple[Note, ...]:
    """Cells that say "missing" in a word rather than by being empty (B71)."""
    n_words = int((text.str.lower().isin(MISSING_WORDS) & (text != "")).sum())
    return (
        (Note("missing words", n_words, "with a word for missing, read as a missing value"),)
        if n_words
        else ()
    )


def lost_digits(text: pd.Series, numbers: pd.Series) -> tuple[Note, ...]:
    """Whole numbers with more digits than a number can hold (B67)."""
    if not (numbers.abs() >= EXACT).any():
        return ()
    long = text[(numbers.abs() >= EXACT) & text.str.fullmatch(r"[+-]?\d+")]
    lost = [cell for cell in long if int(cell) != int(float(cell))]
    what = f"above {EXACT:,}, whose last digits are lost"
    return (Note("lost digits", len(lost), what, lost[0]),) if lost else ()
