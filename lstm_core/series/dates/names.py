"""Dates that stand in the head of a table: one column per year, month or day."""

import re
from collections.abc import Sequence

from lstm_core.series.dates.languages import is_spoken_date

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(1[0-9]|20)\d{2}",
        r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([ T]\d{2}:\d{2}(:\d{2})?)?",
        r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})",
        r"\d{4}[ -]?q[1-4]|q[1-4][ -/]?\d{4}",
        r"\d{4}-?w\d{2}",
        r"\d{4}-?m\d{2}",
        rf"(\d{{1,2}}[ .-]*)?({_MONTH})[ .,-]*(\d{{1,2}}, ?)?\d{{2,4}}",
    )
)
FEWEST = 5
"""Columns that must be named by dates, before a table counts as one with dates across."""
# A letter before or behind would make it a part of another word: market, decimal.
_WITH_MONTH = re.compile(rf"(?<![^\W\d_])({_MONTH})(?![^\W\d_])", re.IGNORECASE)
_OTHER_LANGUAGE = re.compile(r"\d{1,2}\W+[^\W\d_]{3,}\.?\W+\d{4}.*")


def names_a_date(name: str) -> bool:
    """Whether a column name is a date: `1960`, `2020-01-31`, `1/22/20`, `2020Q1`, `Jan 2020`."""
    return any(form.fullmatch(name) for form in _FORMS)


def is_run_of_dates(cells: Sequence[str]) -> bool:
    """Whether a row of a file is a head of dates: most of its cells are dates, all written alike and different."""
    for form in _FORMS:
        dates = [cell for cell in cells if form.fullmatch(cell)]
        if len(dates) >= max(FEWEST, len(cells) / 2):
            return len(set(dates)) == len(dates) and (form is not _FORMS[0] or _is_monotonic(dates))
    return False


def speaks_of_months(cell: str) -> bool:
    """Whether a cell of letters and digits may be a date: names such as `sensor 12` are not."""
    return bool(_WITH_MONTH.search(cell) or _OTHER_LANGUAGE.fullmatch(cell) or is_spoken_date(cell))


def _is_monotonic(years: Sequence[str]) -> bool:
    return list(years) in (sorted(years), sorted(years, reverse=True))
