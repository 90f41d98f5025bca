"""Several files joined on time: what lines up is kept, what does not is counted, listed and said."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from lstm_core.errors import SeriesError
from lstm_core.series.dates.spacing import find_spacing
from lstm_core.series.layout.alignment import FileFit, How, JoinSpec
from lstm_core.series.layout.dated import PLAIN, Dated, on_one_clock
from lstm_core.series.layout.join_words import Reach, join_steps, nothing_in_common
from lstm_core.series.reading.header import LONGEST_NAME, clean_names
from lstm_core.series.table import Table
from lstm_core.settings import Settings

_MICROS = {"seconds": 1_000_000, "minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}
_DAY = _MICROS["days"]
_LONGEST = {1: 31, 3: 92, 12: 366}
"""Days that one step of so many months takes at most."""
_MOST_SHARED = 0.1
"""Share of the dates of the shorter file that may also be in another one when files are put one under the other."""


def join(files: Sequence[Dated], spec: JoinSpec) -> Table:
    """Join files on time.

    Parameters
    ----------
    files : two or more; the columns of the first keep their names

    Raises
    ------
    SeriesError
        A date repeats within a file and no rule was chosen, nothing lines up, files to put one under the other have
        different columns, or the result would pass the limit of columns or rows.
    """
    files, clocks = on_one_clock(files)
    how = spec.how or find_how(files)
    if how == "stack":
        frame, fits = _stack(files)
        names = (files[0].time, *frame.columns)
    else:
        files = [one.once(spec.repeated) for one in files]
        names = _column_names(files)
        _check_limit("columns", len(names), Settings().max_columns)
        parts, fits = _nearest_before(files, spec) if how == "nearest before" else _on_equal_dates(files, how)
        frame = pd.concat(parts, axis=1).set_axis(list(names[1:]), axis=1)
        fits = _name_columns(fits, names[1:])
    done = [replace(step, detail=f"{one.name}: {step.detail}") for one in files for step in one.table.steps]
    done += [step for one in files for step in one.steps]
    return Table(
        frame=_with_times(frame, str(names[0])),
        name=f"{files[0].name} and {len(files) - 1} more",
        options=PLAIN,
        units=_units(files, fits, names[1:]),
        steps=(*done, *clocks, *join_steps(how, fits, len(frame), detected=spec.how is None)),
        files=tuple(fits),
        how=how,
    )


def find_how(files: Sequence[Dated]) -> How:
    """The way that keeps most without being asked.

    One under the other when all files have the same columns and hardly a date in common. Equal dates when most dates of
    the first file, of the time that all files cover, are in all of them; else the newest value before each.
    """
    first = files[0]
    if all(set(one.frame.columns) == set(first.frame.columns) for one in files):
        n_shared = sum(len(one.index.unique()) for one in files) - len(_union(files))
        if n_shared <= _MOST_SHARED * min(len(one.index) for one in files):
            return "stack"
    start, end = max(one.index.min() for one in files), min(one.index.max() for one in files)
    covered = first.index[(first.index >= start) & (first.index <= end)].unique()
    return "nearest before" if len(_common(files)) < len(covered) / 2 else "inner"


def _on_equal_dates(files: Sequence[Dated], how: How) -> tuple[list[pd.DataFrame], list[FileFit]]:
    """Rows of the same date side by side: of dates that all files have (inner), or of every date (outer)."""
    common = _common(files)
    target = common if how == "inner" else _union(files)
    if how == "inner" and not len(common):
        raise nothing_in_common([_whole(one) for one in files])
    _check_limit("rows", len(target), Settings().max_rows)
    fits = []
    for one in files:
        misaligned = one.index.difference(common)
        fits.append(
            _fit(
                one,
                misaligned=misaligned,
                n_lost=len(misaligned) if how == "inner" else 0,
                n_missing=len(target) - len(one.index) if how == "outer" else 0,
            )
        )
    return [_at(one.frame, one.index.get_indexer(target), target) for one in files], fits


def _nearest_before(files: Sequence[Dated], spec: JoinSpec) -> tuple[list[pd.DataFrame], list[FileFit]]:
    """For each date of the first file the newest row of every other one at or before it, unless it is too old."""
    first = files[0]
    parts, fits = [first.frame], []
    alone = np.zeros(len(first.index), dtype=bool)
    for one in files[1:]:
        reach = _reach(one, spec)
        rows = one.index.searchsorted(first.index, side="right") - 1
        ages = first.index.as_unit("us").asi8 - one.index.as_unit("us").asi8[rows]
        rows = np.where((rows >= 0) & (ages <= reach.micros - (not reach.included)), rows, -1)
        if (rows < 0).all():
            raise nothing_in_common([_whole(first), _whole(one)], reach)
        alone |= rows < 0
        unused = np.ones(len(one.index), dtype=bool)
        unused[rows[rows >= 0]] = False
        parts.append(_at(one.frame, rows, first.index))
        fits.append(
            _fit(
                one,
                misaligned=one.index[unused],
                n_lost=int(unused.sum()),
                n_missing=int((rows < 0).sum()),
                reach=reach.in_words,
            )
        )
    return parts, [_fit(first, misaligned=first.index[alone], n_lost=0, n_missing=0), *fits]


def _stack(files: Sequence[Dated]) -> tuple[pd.DataFrame, list[FileFit]]:
    """Rows of all files one under the other, the file that begins first on top."""
    columns = list(files[0].frame.columns)
    for one in files[1:]:
        odd = sorted(set(map(str, columns)) ^ set(map(str, one.frame.columns)))
        if odd:
            raise SeriesError(
                f"{one.name} has other columns than {files[0].name}",
                received=", ".join(odd)[:200] + " in only one of them",
                expected="the same columns in files that are put one under the other",
                advice="Join the files on equal dates instead.",
                field="join_how",
            )
    _check_limit("rows", sum(len(one.frame) for one in files), Settings().max_rows)
    ordered = sorted(files, key=lambda one: one.index[0])
    text = {name for name in columns if any(one.frame[name].dtype == "str" for one in files)}
    frames = [
        one.frame[columns].assign(**{str(name): _as_text(one.frame[name]) for name in text})
        for one in ordered
    ]
    counts = pd.concat([pd.Series(1, index=one.index.unique()) for one in files]).groupby(level=0).sum()
    shared = pd.DatetimeIndex(counts.index[counts > 1])
    fits = [
        replace(
            _fit(one, misaligned=one.index[one.index.isin(shared)], n_lost=0, n_missing=0),
            columns=tuple(map(str, columns)),
        )
        for one in files
    ]
    return pd.concat(frames), fits


def _at(frame: pd.DataFrame, rows: np.ndarray, index: pd.DatetimeIndex) -> pd.DataFrame:
    """Rows by place, -1 for none: missing numbers, empty text."""
    absent = rows < 0
    taken = frame.take(np.where(absent, 0, rows)).set_axis(index, axis=0)
    if not absent.any():
        return taken
    return pd.concat(
        [
            taken[name].mask(absent, "") if taken[name].dtype == "str" else taken[name].mask(absent)
            for name in taken
        ],
        axis=1,
    )


def _as_text(column: pd.Series) -> pd.Series:
    return column if column.dtype == "str" else column.astype("str").mask(column.isna(), "")


def _union(files: Sequence[Dated]) -> pd.DatetimeIndex:
    union = files[0].index.unique()
    for one in files[1:]:
        union = union.union(one.index.unique())
    return pd.DatetimeIndex(union)


def _common(files: Sequence[Dated]) -> pd.DatetimeIndex:
    common = files[0].index.unique()
    for one in files[1:]:
        common = common.intersection(one.index.unique())
    return pd.DatetimeIndex(common)


def _reach(one: Dated, spec: JoinSpec) -> Reach:
    """How far a value is carried on: as far as chosen, else until the next value of its file is due."""
    if spec.tolerance is not None:
        return Reach(micros=spec.tolerance * _MICROS[spec.tolerance_unit], included=True)
    spacing = find_spacing(one.index)
    if (
        spacing.kind == "none"
    ):  # no next value is due: the longest step of the file is the best word for usual
        steps = np.diff(one.index.as_unit("us").asi8)
        return Reach(micros=int(steps.max()) if len(steps) else 0, included=True)
    if spacing.kind == "tick":
        return Reach(micros=spacing.size, included=False)
    days = 3 if spacing.kind == "business day" else _LONGEST.get(spacing.size, 31 * spacing.size)
    return Reach(micros=days * _DAY, included=False)


def _fit(
    one: Dated, *, misaligned: pd.DatetimeIndex, n_lost: int, n_missing: int, reach: str = ""
) -> FileFit:
    return FileFit(
        name=one.name,
        n_rows=len(one.index),
        columns=(),
        first=one.index.min(),
        last=one.index.max(),
        step=find_spacing(one.index.unique().sort_values()).words,
        misaligned=pd.DatetimeIndex(misaligned),
        n_lost=n_lost,
        n_missing=n_missing,
        reach=reach,
        n_columns=one.frame.shape[1],
    )


def _whole(one: Dated) -> FileFit:
    return _fit(one, misaligned=one.index, n_lost=len(one.index), n_missing=0)


def _column_names(files: Sequence[Dated]) -> tuple[str, ...]:
    """Time column of the first file and all value columns; a name that is taken gets the name of its file."""
    names = [files[0].time, *map(str, files[0].frame.columns)]
    for one in files[1:]:
        suffix = f" ({PurePath(one.known_as or one.name).stem[:30]})"
        taken = set(names)
        names += [
            name if name not in taken else name[: LONGEST_NAME - len(suffix)] + suffix
            for name in map(str, one.frame.columns)
        ]
    return clean_names(names)[0]


def _name_columns(fits: Sequence[FileFit], names: Sequence[str]) -> list[FileFit]:
    placed = iter(names)
    return [replace(fit, columns=tuple(next(placed) for _ in range(fit.n_columns))) for fit in fits]


def _units(
    files: Sequence[Dated], fits: Sequence[FileFit], names: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    units = {
        new: one.table.unit(str(old))
        for one, fit in zip(files, fits, strict=True)
        for new, old in zip(fit.columns, one.frame.columns, strict=False)
    }
    return tuple((name, units[name]) for name in names if units.get(name))


def _with_times(frame: pd.DataFrame, time: str) -> pd.DataFrame:
    """Dates as ISO text in front of the values, as if they had been read from one file."""
    moments = pa.array(pd.DatetimeIndex(frame.index).as_unit("us"))
    micros = pd.DatetimeIndex(frame.index).as_unit("us").asi8
    kind = (
        pa.date32()
        if not (micros % _DAY).any()
        else pa.timestamp("s" if not (micros % 1_000_000).any() else "us")
    )
    text = compute.cast(compute.cast(moments, kind), pa.large_string())
    return frame.reset_index(drop=True).pipe(
        lambda values: pd.concat([pd.Series(text.to_pandas(), dtype="str", name=time), values], axis=1)
    )


def _check_limit(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise SeriesError(
            f"The joined table would have more {what} than the limit",
            received=f"{count:,} {what}",
            expected=f"at most {limit:,} {what}",
            advice="Join fewer files, or keep only what you need in each of them.",
            field="join_how",
        )
