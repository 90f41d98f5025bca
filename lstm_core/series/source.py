"""Where the series of a session comes from: a choice, small enough for a session and a link."""

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.cleaning.spec import Cleaning
from lstm_core.series.detect import detect_roles
from lstm_core.series.layout.alignment import JoinSpec
from lstm_core.series.layout.combine import MOST_FILES, FileChoice, combine
from lstm_core.series.layout.dated import named
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.reading.apart import read_file
from lstm_core.series.reading.background import Watch
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.samples import find_sample, sample_roles, sample_table
from lstm_core.series.table import ReadOptions, Table

ReadUpload = Callable[[str], bytes]
"""sha256 of an upload -> its bytes."""


class SeriesSource(BaseModel):
    """A sample by name, an uploaded file by the hash of its bytes, or a series that a run left in the store.

    A stored series is complete: it has a fingerprint, and neither table nor roles. It is loaded with
    `RunStore.load_series`, which gives an owner's own series only.

    An upload may be several files that are joined on time: `more` holds those behind the first, and without a `layout`
    a file is taken as it stands.

    For the others `roles=None` means: the roles that `detect_roles` finds, or those the sample suggests.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sample", "upload", "stored"] = "sample"
    sample: str = Field(default="", title="Sample", description="Name of a sample series that works offline.")
    parameters: dict[str, float] = Field(
        default_factory=dict, title="Parameters", description="Settings of a generated sample."
    )
    sha256: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    file_name: str = Field(default="", max_length=255)
    fingerprint: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    series_name: str = Field(default="", max_length=255)
    options: ReadOptions = ReadOptions()
    layout: LayoutSpec | None = None
    more: tuple[FileChoice, ...] = Field(default=(), max_length=MOST_FILES - 1)
    join: JoinSpec = JoinSpec()
    roles: ColumnRoles | None = None
    cleaning: Cleaning = Cleaning()

    @model_validator(mode="after")
    def _names_something(self) -> "SeriesSource":
        """Refuse an address that names nothing; raises SeriesError for an unknown sample."""
        if self.kind == "sample":
            find_sample(self.sample)
        elif not (self.sha256 if self.kind == "upload" else self.fingerprint):
            raise ValueError("an upload needs the sha256 of its bytes, a stored series its fingerprint")
        return self

    @property
    def files(self) -> tuple[FileChoice, ...]:
        """Files of an upload, the first one first; none for other kinds."""
        if self.kind != "upload":
            return ()
        first = FileChoice(
            sha256=self.sha256,
            file_name=self.file_name,
            options=self.options,
            layout=self.layout,
            time=self.join.time,
            date_format=self.join.date_format,
        )
        return (first, *self.more)

    def with_file(self, place: int, file: FileChoice) -> "SeriesSource":
        """The same source with the file at a place read in another way."""
        if place:
            more = (*self.more[: place - 1], file, *self.more[place:])
            return self.model_copy(update={"more": more})
        join = self.join.model_copy(update={"time": file.time, "date_format": file.date_format})
        first = {name: getattr(file, name) for name in ("sha256", "file_name", "options", "layout")}
        return self.model_copy(update={**first, "join": join})

    def without_file(self, place: int) -> "SeriesSource":
        """The same source without the file at a place; of the first, the next takes the place."""
        files = [file for number, file in enumerate(self.files) if number != place]
        return self.model_copy(update={"more": tuple(files[1:])}).with_file(0, files[0])

    @property
    def unread(self) -> "SeriesSource":
        """The same source without roles and steps: all that reading its table depends on."""
        return self.model_copy(update={"roles": None, "cleaning": Cleaning()})


def from_files(files: Sequence[FileChoice]) -> SeriesSource:
    """Source of one file, or of several that are joined; the same file twice is one, read as it was chosen first."""
    once = dict[str, FileChoice]()
    for file in files:
        once.setdefault(file.sha256, file)
    first, *more = once.values()
    return SeriesSource(kind="upload", sha256=first.sha256, more=tuple(more)).with_file(0, first)


def in_place_of(before: SeriesSource, files: Sequence[FileChoice]) -> SeriesSource:
    """Other files opened, joined, repaired and cleaned as the files of a source were, each in the place of one of them.

    Where the source was no upload there is nothing to open them like: they are read as they are found.

    Raises
    ------
    SeriesError
        If there are more or fewer files than before.
    """
    if before.kind != "upload":
        return from_files(files).model_copy(update={"roles": before.roles, "cleaning": before.cleaning})
    n_before, n_files = len(before.files), len(files)
    if n_before != n_files:
        was = f"{n_before} files joined on time" if n_before > 1 else "one file"
        raise SeriesError(
            f"The series was made from {was}, and here {'is one' if n_files == 1 else f'are {n_files}'}",
            received=", ".join(file.file_name for file in files)[:300],
            expected="one file in the place of each of "
            + ", ".join(file.file_name for file in before.files)[:300]
            if n_before > 1
            else "one file",
            advice="Give as many files, in the same order.",
            field="upload",
        )
    source = before
    for place, (old, new) in enumerate(zip(before.files, files, strict=True)):
        known_as = old.stands_for or old.file_name
        again = {
            "sha256": new.sha256,
            "file_name": new.file_name,
            "stands_for": "" if known_as == new.file_name else known_as,
        }
        source = source.with_file(place, old.model_copy(update=again))
    return source


def load_table(
    source: SeriesSource, read_upload: ReadUpload, read: Callable[[FileChoice], Table] | None = None
) -> Table:
    """Read the table behind a source.

    Parameters
    ----------
    read : Callable[[FileChoice], Table], optional
        Reads one file as it stands; `load_file` when left out. A page remembers here what it has read before.

    Raises
    ------
    SeriesError
        If the sample does not exist, the file cannot be read, or the source is a stored series; of several files, the
        message names the one that cannot be read or joined.
    """
    if source.kind == "stored":
        raise SeriesError(
            "The series of a run has no table: it is stored as its repairs left it",
            advice="Upload its file again to read it in another way.",
            field="upload",
        )
    if source.kind == "sample":
        return sample_table(source.sample, **source.parameters)
    read = read or (lambda file: load_file(file, read_upload))
    tables = []
    for file in source.files:
        try:
            tables.append(read(file))
        except SeriesError as error:
            if source.more:
                raise named(error, file.file_name) from None
            raise
    return combine(tables, source.files, source.join)


def load_file(file: FileChoice, read_upload: ReadUpload, watch: Watch | None = None) -> Table:
    """Read one file of a source, as it stands.

    Raises
    ------
    SeriesError
        If it cannot be read, or its watch says that nobody waits for it.
    """
    return read_file(read_upload(file.sha256), file.file_name, file.options, watch)


def default_roles(source: SeriesSource, table: Table) -> ColumnRoles:
    """Roles a source has before anybody chose any: the sample's own, or the detected ones."""
    sample = source.kind == "sample"
    roles = sample_roles(source.sample, **source.parameters) if sample else detect_roles(table)
    taken = (*roles.columns, roles.time)
    texts = tuple(name for name in source.cleaning.texts if name in table.columns and name not in taken)
    return roles.model_copy(update={"text": texts}) if texts else roles


def load_source(source: SeriesSource, read_upload: ReadUpload) -> Series:
    """Read, repair and check the series behind a source.

    Parameters
    ----------
    read_upload : Callable[[str], bytes]
        Gives the bytes of an upload for its sha256; not called for samples.

    Raises
    ------
    SeriesError
        If the sample does not exist, or the file cannot become a series with these roles.
    """
    return build_series(source, load_table(source, read_upload))


def build_series(source: SeriesSource, table: Table) -> Series:
    """Repair and check the series in a table that was already read; see `load_source`."""
    roles = source.roles or default_roles(source, table)
    return to_series(table, roles, cleaning=source.cleaning)
