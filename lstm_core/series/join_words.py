"""Joining in words: what was done, what was lost, and why files do not meet."""

from collections.abc import Sequence

from lstm_core.errors import SeriesError
from lstm_core.series.alignment import FileFit, How
from lstm_core.series.record import Step
from lstm_core.series.repair import date_in_words
from lstm_core.series.spacing import tick_in_words
from lstm_core.series.words import counted

_DAY = 86_400_000_000


def length_in_words(micros: int) -> str:
    """A length of time: `31 days`, `15 minutes`."""
    return f"{micros // _DAY:,} day{'s' * (micros != _DAY)}" if micros % _DAY == 0 else tick_in_words(micros)


def nothing_in_common(files: Sequence[FileFit], reach: int | None = None) -> SeriesError:
    """Refuse files that do not meet; `reach` (microseconds) says how far values would have been carried on."""
    spans = "; ".join(
        f"{one.name} from {date_in_words(one.first)} to {date_in_words(one.last)}" for one in files[:4]
    )
    what = (
        "No date is in all files"
        if reach is None
        else (
            f"No date of {files[0].name} has a value of {files[1].name} at most {length_in_words(reach)} before it"
        )
    )
    return SeriesError(
        what,
        received=spans,
        expected="files that overlap in time",
        advice="If the clocks only differ a little, take the nearest value before; if one file goes on where the other "
        "ends, put them one under the other."
        if reach is None
        else "Allow older values, or check the dates of the files.",
        field="join_how" if reach is None else "join_tolerance",
    )


def join_steps(how: How, fits: Sequence[FileFit], n_rows: int, *, detected: bool) -> tuple[Step, ...]:
    """What joining did, and what it lost."""
    ways = {
        "inner": "on the dates that all of them have",
        "outer": "on every date that any of them has",
        "nearest before": f"on the dates of {fits[0].name}, with the newest value at or before each",
        "stack": "one under the other, because they have the same columns"
        + (" and hardly a date in common" if detected else ""),
    }
    steps = [
        Step(
            name="join",
            count=len(fits),
            detail=f"{counted(len(fits), 'file')} joined {ways[how]}: {counted(n_rows, 'row')}.",
        )
    ]
    lost = [fit for fit in fits if fit.n_lost]
    if lost:
        listed = "; ".join(f"{fit.n_lost:,} of {fit.n_rows:,} rows of {fit.name}" for fit in lost)
        detail = f"Left out, because no row of the other files lines up: {listed}."
        if how == "inner" and fits[0].n_lost > fits[0].n_rows / 2:
            detail += f" Most of {fits[0].name} is gone; the nearest value before would keep it."
        steps.append(Step(name="rows left out", count=sum(fit.n_lost for fit in lost), detail=detail))
    absent = [fit for fit in fits if fit.n_missing]
    if absent:
        listed = "; ".join(f"{fit.n_missing:,} of {fit.name}" for fit in absent)
        detail = f"Rows without a value of a file, which count as missing: {listed}."
        steps.append(Step(name="rows not filled", count=sum(fit.n_missing for fit in absent), detail=detail))
    if how == "stack" and any(fit.n_misaligned for fit in fits):
        n_shared = max(fit.n_misaligned for fit in fits)
        detail = f"{counted(n_shared, 'row')} of a file with a date that another file has too."
        steps.append(Step(name="shared dates", count=n_shared, detail=detail))
    return tuple(steps)
