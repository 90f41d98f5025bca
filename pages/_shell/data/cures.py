"""A cure beside a refusal: where a choice on this page answers it, the choice stands as a button under the words."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lstm_core.errors import UserError
from lstm_core.series.dates.read import read_dates
from lstm_core.series.detect import find_time_column
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.layout.spec import AS_IT_STANDS
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import ReadOptions, Table
from pages._shell import cached, services, state
from pages._shell.data import kept_roles

_CURES: dict[str, dict[str, Any]] = {
    "sort": {"Sort the rows by date": True},
    "duplicates": {"Take their mean": "mean", "Keep the last one": "last"},
    "missing_dates": {"Keep the rows as neighbours": "keep"},
    "regular_step": {"Leave the steps as they are": None},
    "gaps": {
        "Fill with a straight line": "interpolate",
        "Repeat the last value": "forward fill",
        "Drop the rows": "drop",
    },
    "date_format": {
        "Day first": "day first",
        "Month first": "month first",
        "Year first": "year first",
        "Read every date on its own": "mixed",
    },
    "decimal": {"Decimal point": ".", "Decimal comma": ","},
    "signs": {"Take the signs off": True},
    "join_repeated": {"Take their mean": "mean", "Keep the last one": "last"},
    "layout_repeated": {"Take their mean": "mean", "Add them up": "sum", "Keep the last one": "last"},
}
"""Field of a refusal -> label of a button -> what it chooses. The controls of the page offer all other choices."""


def offer(error: UserError, source: SeriesSource, table: Table | None) -> None:
    """Draw a button for every choice that answers a refusal; nothing where no choice does.

    Parameters
    ----------
    source : with the roles in use, as far as there are any
    table : what the files of the source hold; None when reading or joining them was refused
    """
    cured = {
        label: new
        for label, value in _CURES.get(error.field, {}).items()
        if (new := _cured(error, source, table, value)) is not None
    }
    if cured:
        with st.container(horizontal=True, key="cures"):
            for place, (label, new) in enumerate(cured.items()):
                st.button(
                    label,
                    key=f"cure_{place}",
                    icon=":material/healing:",
                    on_click=_take,
                    args=(error.field, source, new),
                )


def _cured(error: UserError, source: SeriesSource, table: Table | None, value: Any) -> SeriesSource | None:
    """The source with this choice in the place that the refusal names; None where it has none, or it cures nothing."""
    name, roles, place = error.field, source.roles, _place(error, source)
    if table is not None and name in ColumnRoles.model_fields and roles is not None:
        if name == "date_format" and value not in _formats(source.unread, table, roles.time):
            return None
        return source.model_copy(update={"roles": roles.model_copy(update={name: value})})
    if name == "join_repeated":
        return source.model_copy(update={"join": source.join.model_copy(update={"repeated": value})})
    if place is None:
        return None
    file = source.files[place]
    if name in ReadOptions.model_fields:
        update: dict[str, Any] = {"options": file.options.model_copy(update={name: value})}
    elif name == "layout_repeated":
        update = {"layout": (file.layout or AS_IT_STANDS).model_copy(update={"repeated": value})}
    elif source.more and value in _formats(file, _as_it_stands(file), file.time):
        update = {"date_format": value}
    else:
        return None
    return source.with_file(place, file.model_copy(update=update))


def _place(error: UserError, source: SeriesSource) -> int | None:
    """Which file a refusal speaks of: the only one, or the one whose name stands in front; None for none of them."""
    names = [file.file_name for file in source.files]
    if len(names) == 1:
        return 0
    return next((place for place, name in enumerate(names) if error.what.startswith(f"{name}: ")), None)


def _as_it_stands(file: FileChoice) -> Table:
    """A file that was read and whose dates are in doubt."""
    owner = services.owner()
    return cached.file(owner, file.as_it_stands, partial(services.store().load_upload, owner))


def _formats(about: FileChoice | SeriesSource, table: Table, time: str | None) -> tuple[DateFormat, ...]:
    """Formats in which every date of a column exists; where none does, reading each on its own if that goes."""
    time = time or find_time_column(table)
    if time not in table.columns:
        return ()
    column, tried = table.frame[time], _CURES["date_format"].values()

    def try_all() -> tuple[DateFormat, ...]:
        fitting = tuple(form for form in tried if _reads(column, form))
        return tuple(form for form in fitting if form != "mixed") or fitting

    return cached.look(services.owner(), f"formats of {time}", about, try_all)


def _reads(column: pd.Series, form: DateFormat) -> bool:
    try:
        read_dates(column, form)
    except UserError:
        return False
    return True


def _take(field: str, source: SeriesSource, cured: SeriesSource) -> None:
    """Choose a cure; a callback."""
    state.forget_widgets(field, "join_format")
    kept_roles.adopt(source, cured, anew=cured.roles == source.roles)
