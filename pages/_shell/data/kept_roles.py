"""Roles over a change of files: what the new table has stays chosen, and what had to go is told."""

import streamlit as st

from lstm_core.series.carried import carry, fits, loosened
from lstm_core.series.source import SeriesSource, default_roles
from lstm_core.series.table import Table
from pages._shell import present, state

_GONE = "gone_roles"
_DATES = ("time", "date_format", "zone")
"""Beginnings of the keys of widgets that another way of reading starts afresh."""


def adopt(source: SeriesSource, new: SeriesSource, *, anew: bool) -> None:
    """Make a source in another way that of the session; same columns keep their windows.

    Parameters
    ----------
    anew : whether the table is made in another way, so that roles stay only where they fit
    """
    new = loosen(new) if anew else new
    same = source.roles and new.roles and new.roles.columns == source.roles.columns
    state.choose(source=new, preparation=state.journey().preparation if same else None)
    state.forget_widgets("step_")


def loosen(source: SeriesSource) -> SeriesSource:
    """The same source, whose roles fit a table that is made in another way as far as it has their columns.

    A sample suggests roles of its own with every choice of its parameters.
    """
    state.forget_widgets(*_DATES)
    if source.roles is None or source.kind == "sample":
        return source.model_copy(update={"roles": None})
    roles = loosened(source.roles)
    if len(source.files) == 1:  # the one that is left of several knows how its dates are written
        roles = roles.model_copy(update={"date_format": source.join.date_format})
    return source.model_copy(update={"roles": roles})


def fit(source: SeriesSource, table: Table) -> SeriesSource:
    """The same source with roles and steps that its table allows; says what had to go since the last change.

    Raises
    ------
    SeriesError
        If no column of the table holds numbers.
    """
    if source.kind == "upload" and source.roles is not None and not fits(source.roles, table):
        kept = carry(source.roles, source.cleaning, table, default_roles(source, table))
        source = source.model_copy(update={"roles": kept.roles, "cleaning": kept.cleaning})
        state.forget_widgets(*_DATES)
        state.remember(_GONE, (source, kept.gone))
    about, told = state.recall(_GONE, (source, ""))
    if told and about == source:
        st.caption(present.safe(told, limit=600))
    return source
