"""Roles that were chosen for one table, taken over by another: what has its columns stays, what had to go is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_core.series.cleaning.spec import Cleaning, OneHotStep, StepSpec
from lstm_core.series.detect import is_mostly_numbers, number_columns
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import Table

_OPEN = ""
"""In place of a time column: to be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What is left of choices.

    Attributes
    ----------
    gone : what had to go, and what took its place, as one sentence; "" when all of it stayed
    """

    roles: ColumnRoles
    cleaning: Cleaning
    gone: str


def loosened(roles: ColumnRoles) -> ColumnRoles:
    """The same roles for a file that is read, laid out or joined in another way.

    How its dates are written, and on which clock, is found anew; so are they themselves where rows were numbered.
    """
    return roles.model_copy(update={"date_format": None, "zone": None, "time": roles.time or _OPEN})


def fits(roles: ColumnRoles, table: Table) -> bool:
    """Whether a table has all columns of the roles, with numbers where there must be some."""
    named = [*roles.text, *([] if roles.time is None else [roles.time])]
    return all(name in table.columns for name in named) and all(
        _holds_numbers(table, name) for name in roles.columns
    )


def carry(roles: ColumnRoles, cleaning: Cleaning, table: Table, found: ColumnRoles) -> Carried:
    """Keep what a table allows of chosen roles and steps.

    Parameters
    ----------
    found : the roles that the table would have without a choice: they take the place of what is gone
    """
    columns = set(table.columns)
    time = roles.time if roles.time is None or roles.time in columns else found.time
    target = _target(roles, table, found, time)
    features = [name for name in roles.features if _holds_numbers(table, name) and name not in (target, time)]
    taken = (target, *features, time)
    update = {
        "time": time,
        "target": target,
        "features": tuple(features),
        "text": tuple(name for name in roles.text if name in columns and name not in taken),
        "missing_codes": tuple(one for one in roles.missing_codes if one.column in (target, *features)),
    }
    if time != roles.time:
        update |= {"date_format": None, "zone": None}
    if target != roles.target:
        update["unit"] = table.unit(target)
    new = roles.model_copy(update=update)
    steps, lost = _steps(cleaning.steps, _without(roles, new))
    return Carried(
        roles=new, cleaning=cleaning.model_copy(update={"steps": steps}), gone=_sentence(roles, new, lost)
    )


def _holds_numbers(table: Table, name: str) -> bool:
    return name in table.columns and is_mostly_numbers(table.frame[name])


def _target(roles: ColumnRoles, table: Table, found: ColumnRoles, time: str | None) -> str:
    if _holds_numbers(table, roles.target) and roles.target != time:
        return roles.target
    # A further input that is still there stays one: the target that is found may be that very column.
    others = [found.target, *number_columns(table)]
    free = [name for name in others if name != time]
    return next((name for name in free if name not in roles.features), free[0] if free else found.target)


def _without(old: ColumnRoles, new: ColumnRoles) -> set[str]:
    """Columns that had a role and have none any more."""
    return {*old.columns, *old.text} - {*new.columns, *new.text}


def _steps(steps: Sequence[StepSpec], gone: set[str]) -> tuple[tuple[StepSpec, ...], list[str]]:
    """Steps that still find what they read, and in words the others: also those that read what another one made."""
    kept, lost, gone = [], [], set(gone)
    for step in steps:
        reads = (step.column,) if isinstance(step, OneHotStep) else step.reads
        if gone.isdisjoint(reads):
            kept.append(step)
        else:
            gone.add(step.words)
            lost.append(step.words)
    return tuple(kept), lost


def _sentence(old: ColumnRoles, new: ColumnRoles, lost: Sequence[str]) -> str:
    parts = []
    if new.target != old.target:
        parts.append(
            f"{_quoted([old.target])} cannot be forecast any more, {_quoted([new.target])} is instead"
        )
    features = [name for name in old.features if name not in new.columns]
    if features:
        what = "is no further input" if len(features) == 1 else "are no further inputs"
        parts.append(f"{_quoted(features)} {what} any more")
    if new.time != old.time:
        instead = "" if old.time == _OPEN else f" instead of {_quoted([old.time or ''])}"
        found = "rows are numbered" if new.time is None else f"dates are read from {_quoted([new.time])}"
        parts.append(found + instead if new.time or instead else "")
    if lost:
        parts.append(f"{'a step' if len(lost) == 1 else 'steps'} had to go ({'; '.join(lost)})")
    told = ", and ".join(part for part in parts if part)
    return told and told[0].upper() + told[1:] + "."


def _quoted(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
