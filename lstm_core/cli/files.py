"""From files, or a sample, to a series: read, joined and repaired as the Series page does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from lstm_core.series.cleaning.record import CleaningRecord
    from lstm_core.series.layout.combine import FileChoice
    from lstm_core.series.record import Series
    from lstm_core.series.source import SeriesSource

SAMPLE = "sample:"
HOW = {"inner": "inner", "outer": "outer", "nearest-before": "nearest before", "stack": "stack"}
"""What --join says and what `JoinSpec.how` calls it."""
_AGE = re.compile(r"(\d{1,7}) ?(second|minute|hour|day)s?")


def join_options(command: "Callable") -> "Callable":
    """Add the options that say how several files are joined to a command."""
    options = [
        click.option(
            "--join",
            "how",
            type=click.Choice(list(HOW)),
            help="How several files find each other on time: inner keeps the dates that all have, outer every date of "
            "any, nearest-before takes the newest value at or before each date of the first file, stack puts them one "
            "under the other. Detected when left out.",
        ),
        click.option(
            "--oldest",
            metavar="'N days'",
            help="With --join nearest-before: a value older than this (seconds, minutes, hours or days) is not taken. "
            "Left out, a value holds until the next one of its file is due.",
        ),
        click.option(
            "--repeated",
            type=click.Choice(["refuse", "mean", "last"]),
            help="Rows with the same date in one file, before joining: their mean, the last one, or refuse (default).",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def join_choices(how: str | None, oldest: str | None, repeated: str | None) -> dict[str, Any]:
    """What was chosen about joining, by the names of `JoinSpec`; nothing that was left out.

    Raises
    ------
    SeriesError
        If an age is none.
    """
    from lstm_core.errors import SeriesError

    chosen: dict[str, Any] = {}
    if how is not None:
        chosen["how"] = HOW[how]
    if repeated is not None:
        chosen["repeated"] = repeated
    if oldest is not None:
        age = _AGE.fullmatch(oldest.strip())
        if age is None or chosen.get("how") != "nearest before":
            raise SeriesError(
                "--oldest needs --join nearest-before" if age else f"--oldest '{oldest}' is no age",
                expected="for example --join nearest-before --oldest '3 days'",
                field="join_how",
            )
        chosen |= {"tolerance": int(age[1]), "tolerance_unit": f"{age[2]}s"}
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be read.

    Attributes
    ----------
    names : paths of files, or one `sample:` and its name
    target, features : columns; None to detect
    join : choices about joining, by the names of `JoinSpec`
    kept : how another series came about: the files are read, joined, repaired and cleaned by the same choices
    """

    names: Sequence[str]
    target: str | None = None
    features: Sequence[str] | None = None
    join: dict[str, Any] | None = None
    kept: "CleaningRecord | None" = None


def read_series(wanted: Wanted) -> tuple["Series", "CleaningRecord"]:
    """Sample or files as a series, with the detected roles but for the columns that were named; and how it came about.

    Raises
    ------
    SeriesError
        If there is no such sample or file, or they cannot become a series.
    """
    from lstm_core.series.assemble import assemble
    from lstm_core.series.cleaning.record import record
    from lstm_core.series.source import default_roles, load_table

    source, contents = find_source(wanted)
    table = load_table(source, contents.__getitem__)
    roles = source.roles or default_roles(source, table)
    target, features = wanted.target, wanted.features
    if target is not None and target != roles.target:
        roles = roles.model_copy(update={"target": target, "features": (), "unit": table.unit(target)})
    if features is not None:
        roles = roles.model_copy(update={"features": tuple(features)})
    made = assemble(table, roles, cleaning=source.cleaning)
    return made.series, record(source, roles, made)


def find_source(wanted: Wanted) -> tuple["SeriesSource", dict[str, bytes]]:
    """Source that a sample or files are, and the bytes of the files by their sha256.

    Raises
    ------
    SeriesError
        If there is no such sample or file, or there are more or fewer files than the kept series was joined from.
    """
    from lstm_core.errors import SeriesError

    names, join = wanted.names, wanted.join or {}
    samples = [name for name in names if name.startswith(SAMPLE)]
    if len(names) > 1 and samples:
        raise SeriesError(
            f"'{samples[0]}' cannot be joined with other series",
            advice="Give files alone, or one sample alone.",
            field="join_how",
        )
    if len(names) == 1 and join:
        raise SeriesError("There is one file, and nothing to join it with", field="join_how")
    before = wanted.kept.source.model_copy(update={"roles": wanted.kept.roles}) if wanted.kept else None
    if samples:
        return _sample(samples[0].removeprefix(SAMPLE), before), {}
    return _files(names, join, before)


def _sample(name: str, before: "SeriesSource | None") -> "SeriesSource":
    from lstm_core.series.source import SeriesSource

    again: dict[str, Any] = {"roles": before.roles, "cleaning": before.cleaning} if before else {}
    if before and before.sample == name:
        again["parameters"] = before.parameters
    return SeriesSource(sample=name).model_copy(update=again)


def _files(
    names: Sequence[str], join: dict[str, Any], before: "SeriesSource | None"
) -> tuple["SeriesSource", dict[str, bytes]]:
    """Files opened as those before them in the same places, or, without any, as the page opens new ones."""
    from hashlib import sha256

    from lstm_core.errors import SeriesError
    from lstm_core.series.layout.combine import MOST_FILES
    from lstm_core.series.source import from_files, in_place_of

    if len(names) > MOST_FILES:
        raise SeriesError(
            "There are too many files", received=f"{len(names)}", expected=f"at most {MOST_FILES}"
        )
    contents, files = dict[str, bytes](), []
    for name in names:
        content = _read_file(Path(name))
        digest = sha256(content).hexdigest()
        contents[digest] = content
        files.append(_choice(Path(name).name, digest))
    source = in_place_of(before, files) if before else from_files(files)
    return source.model_copy(update={"join": source.join.model_copy(update=join)}), contents


def _choice(name: str, digest: str) -> "FileChoice":
    """A new file, as the page takes it: its layout is found."""
    from lstm_core.series.layout.combine import FileChoice
    from lstm_core.series.layout.spec import LayoutSpec
    from lstm_core.series.reading.header import clean_names

    return FileChoice(sha256=digest, file_name=clean_names([name])[0][0], layout=LayoutSpec())


def _read_file(path: Path) -> bytes:
    from lstm_core.errors import SeriesError
    from lstm_core.series.reading.ingest import check_size
    from lstm_core.settings import Settings

    try:
        check_size(path.stat().st_size, Settings())
        return path.read_bytes()
    except OSError as error:
        raise SeriesError(
            f"The file '{path}' cannot be read: {(error.strerror or 'unknown reason').lower()}",
            advice="Give the path of a table (text, Excel or Parquet), or a sample such as sample:sunspots.",
            field="upload",
        ) from error
