"""The table: what a file says before anybody has decided what it means."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.series.findings import Finding
from lstm_core.series.layout.alignment import FileFit, How
from lstm_core.series.reading.kinds import FileKind
from lstm_core.series.record import Step

Delimiter = Literal[",", ";", "\t", "|", " "]
Decimal = Literal[".", ","]
Thousands = Literal["none", ",", ".", " ", "'"]


class ReadOptions(BaseModel):
    """How the bytes of a file are read. `None` means: detect it and show what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str | None = Field(
        default=None,
        max_length=40,
        title="Encoding",
        description="How bytes stand for letters. UTF-8 is the usual one.",
    )
    delimiter: Delimiter | None = Field(
        default=None, title="Separator", description="The character between two cells of a row."
    )
    decimal: Decimal | None = Field(
        default=None, title="Decimal mark", description="The character before the decimals: 3.14 or 3,14."
    )
    thousands: Thousands | None = Field(
        default=None,
        title="Thousands mark",
        description="The character between groups of three digits: 1,234,567. With none, such cells are no numbers.",
    )
    signs: bool | None = Field(
        default=None,
        title="Take signs off",
        description="Read $12.50 as 12.5 and 12% as 12. When off, cells with a sign are no numbers.",
    )
    header: bool | None = Field(
        default=None, title="First row holds the names", description="Off when the first row is already data."
    )
    skip_lines: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        title="Lines to skip",
        description="Lines above the table, such as comments or a title.",
    )
    units_row: bool | None = Field(
        default=None,
        title="Second row holds units",
        description="On when a row of units stands under the names.",
    )
    label_rows: int | None = Field(
        default=None,
        ge=0,
        le=100,
        title="Rows of notes under the names",
        description="Rows between names and values that hold neither, such as a second line of names.",
    )
    last_rows: int | None = Field(
        default=None,
        ge=1,
        title="Use only the last rows",
        description="Keep this many of the newest rows; for files above the row limit.",
    )
    sheet: str | None = Field(
        default=None,
        max_length=255,
        title="Sheet",
        description="Which sheet of the workbook is read; the first one with numbers when left open.",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Cells of a file in named columns, and how they were read.

    Attributes
    ----------
    frame : rows in file order on a RangeIndex; numeric columns float64 or int64, all others text (`str`).
        A text column may still hold numbers with a few bad cells between them.
    name : name of the file or sample
    options : how it was read, with every detected value filled in
    units : unit per column, where a units row or the sample gave one
    steps : what was done while reading: named, counted, shown
    findings : what was detected, as sentences with their evidence
    kind : what kind of file it came from
    sheets : names of all sheets of a workbook, in its order
    files : of several files joined on time, how each fits the others
    how : the way they were joined, None for a single file
    """

    frame: pd.DataFrame
    name: str
    options: ReadOptions
    units: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    kind: FileKind = "text"
    sheets: tuple[str, ...] = ()
    files: tuple[FileFit, ...] = ()
    how: How | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, unique."""
        return tuple(str(name) for name in self.frame.columns)

    @property
    def n_rows(self) -> int:
        """Number of data rows."""
        return len(self.frame)

    def unit(self, column: str) -> str:
        """Unit of a column, "" when unknown."""
        return dict(self.units).get(column, "")
