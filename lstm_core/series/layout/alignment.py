"""How files fit together on time: what was chosen, what matched, what did not, what was lost."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.series.roles import DateFormat

How = Literal["inner", "outer", "nearest before", "stack"]
"""Ways for rows of several files to find each other."""


class JoinSpec(BaseModel):
    """How the rows of several files find each other; `time` and `date_format` are those of the first file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: str | None = Field(
        default=None,
        title="Time column",
        description="Column with the dates on which the first file is joined.",
    )
    date_format: DateFormat | None = Field(
        default=None,
        title="Date format",
        description="How the dates of the first file are written; detected when left open.",
    )
    how: How | None = Field(
        default=None,
        title="Join the files",
        description="Keep the dates that all files have; keep every date; take the newest value at or before each date "
        "of the first file; or put files with the same columns one under the other.",
    )
    tolerance: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        title="Oldest value to take",
        description="A value older than this is not carried on. When left open, a value holds until the next one of "
        "its file is due.",
    )
    tolerance_unit: Literal["seconds", "minutes", "hours", "days"] = Field(
        default="days", title="Unit", description="Unit in which the age of a value is counted."
    )
    repeated: Literal["refuse", "mean", "last"] = Field(
        default="refuse",
        title="Rows with the same date in one file",
        description="Average them or keep the last one before joining, because a date can be joined only once.",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileFit:
    """One of several files, seen against the others.

    Attributes
    ----------
    name : file name
    n_rows : rows with a date
    columns : names its values have in the joined table
    first, last : earliest and latest date
    step : usual step in words, "" when there is none
    misaligned : dates of its rows that do not line up: those that not all files have, or, of values that are carried
        on, those that no row of the first file took
    n_lost : its rows that are not in the joined table
    n_missing : rows of the joined table without a row of this file
    reach : how far its values are carried on, in words; "" where dates must be equal
    n_columns : how many value columns it brings
    """

    name: str
    n_rows: int
    columns: tuple[str, ...]
    first: pd.Timestamp
    last: pd.Timestamp
    step: str
    misaligned: pd.DatetimeIndex
    n_lost: int
    n_missing: int
    reach: str = ""
    n_columns: int = 0

    @property
    def n_misaligned(self) -> int:
        """Rows that do not line up with the other files."""
        return len(self.misaligned)
