"""One table from the files of a source: each turned into one row per moment, all joined on time."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from lstm_core.errors import SeriesError
from lstm_core.series.layout.alignment import JoinSpec
from lstm_core.series.layout.dated import date_table, named
from lstm_core.series.layout.joining import join
from lstm_core.series.layout.reshape import reshape
from lstm_core.series.layout.spec import AS_IT_STANDS, LayoutSpec
from lstm_core.series.roles import DateFormat
from lstm_core.series.table import ReadOptions, Table

MOST_FILES = 20


class FileChoice(BaseModel):
    """An uploaded file by the hash of its bytes, and how it is read.

    Without a layout it is taken as it stands: a row per moment, a column per quantity.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    file_name: str = Field(default="", max_length=255)
    options: ReadOptions = ReadOptions()
    layout: LayoutSpec | None = None
    time: str | None = Field(
        default=None, title="Time column", description="Column with the dates on which this file is joined."
    )
    date_format: DateFormat | None = Field(
        default=None,
        title="Date format",
        description="How the dates of this file are written; detected when left open.",
    )
    stands_for: str = Field(
        default="",
        max_length=255,
        title="In the place of",
        description="File of a training whose place this one takes: its columns get the names they had then.",
    )

    @property
    def as_it_stands(self) -> "FileChoice":
        """The same file without layout and dates: all that reading its table depends on."""
        return FileChoice(sha256=self.sha256, file_name=self.file_name, options=self.options)


def combine(tables: Sequence[Table], files: Sequence[FileChoice], spec: JoinSpec) -> Table:
    """Turn every table into one row per moment, and join them on time when there are several.

    Parameters
    ----------
    tables : as they were read from `files`, in the same order

    Raises
    ------
    SeriesError
        If a table cannot have its layout, or the files cannot be joined; of several, the message names the file.
    """
    if len(tables) == 1:
        return reshape(tables[0], files[0].layout or AS_IT_STANDS)
    dated = []
    for table, file in zip(tables, files, strict=True):
        try:
            turned = reshape(table, file.layout or AS_IT_STANDS)
        except SeriesError as error:
            raise named(error, table.name) from None
        on_dates = date_table(turned, time=file.time, date_format=file.date_format)
        dated.append(replace(on_dates, known_as=file.stands_for))
    return join(dated, spec)
