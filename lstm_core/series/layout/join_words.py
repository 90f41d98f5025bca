"""Joining in words: what was done, what was lost, and why files do not meet."""

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_core.errors import SeriesError
from lstm_core.series.dates.spacing import tick_in_words
from lstm_core.series.layout.alignment import FileFit, How
from lstm_core.series.record import Step
from lstm_core.series.words import counted, date_in_words

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How old a value may be that is carried on.

    Attributes
    ----------
    micros : age in microseconds
    included : whether a value of just this age is still taken
    """

    micros: int
    included: bool

    @property
    def in_words(self) -> str:
        """`5 minutes`, `less than 31 days`."""
        days, rest = divmod(self.micros, _DAY)
        length = tick_in_words(self.micros) if rest else f"{days:,} day" + "s" * (days != 1)
        return length if self.included else f"less than {length}"


def nothing_in_common(files: Sequence[FileFit], reach: Reach | None = None) -> SeriesError:
    """Refuse files that do not meet; `reach` says how far values would have been carried on."""
    spans = "; ".join(
        f"{one.name} from {date_in_words(one.first)} to {date_in_words(one.last)}" for one in files[:4]
    )
    what = (
        "No date is in all files"
        if reach is None
        else (f"No date of {files[0].name} has a value of {files[1].name} at it or {reach.in_words} before")
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
        "nearest before": f"on the dates of {fits[0].name}, with the newest value at or before each"
        + (", because fewer than half of its dates are in all files" if detected else ""),
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
