"""Counts and moments in words."""

import pandas as pd


def counted(count: int, noun: str) -> str:
    """`1 row`, `2 rows`, `1,000 rows`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def date_in_words(moment: object) -> str:
    """A date without its midnight and without seconds that are 0, a row number as such."""
    if isinstance(moment, pd.Timestamp):
        exact = "auto" if moment.second or moment.microsecond or moment.nanosecond else "minutes"
        at_midnight = moment == moment.normalize()
        return str(moment.date()) if at_midnight else moment.isoformat(sep=" ", timespec=exact)
    return f"row {moment}"
