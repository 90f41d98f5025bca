"""A new file for a trained network: taken, and read and cleaned as the file of the run was."""

from collections.abc import Callable

import streamlit as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import apply_again
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, default_roles, load_table
from lstm_core.series.table import Table
from pages._shell import cached, present, services, state
from pages._shell.data import upload_choice
from pages._shell.opened import OpenedRun

_TAKEN = "taken_new_file"


def choose() -> FileChoice | None:
    """Draw the uploader; returns the file to score, kept over a reload, None before there is one."""
    uploaded = st.file_uploader(
        "A new file of the same kind",
        type=["csv", "tsv", "txt", "xlsx", "parquet"],
        max_upload_size=services.settings().max_upload_mb,
        key="score_upload",
        help="The same columns as the file of the training, other rows: last month's, another meter's. It is read, "
        "repaired and cleaned by the steps of the run. Include some rows before the first one of interest: a window "
        "needs a past.",
    )
    if uploaded is not None and state.recall(_TAKEN, "") != uploaded.file_id:
        state.remember(_TAKEN, uploaded.file_id)
        kept = upload_choice.keep(uploaded.getvalue, uploaded.size, uploaded.name)
        if kept is not None:
            state.choose(new_file=kept)
    file = state.journey().new_file
    if uploaded is None and file is not None:
        st.caption(f"Scored below: “{present.safe(file.file_name)}”. Another file takes its place.")
    return file


def read(run: OpenedRun, file: FileChoice, load_upload: Callable[[str], bytes]) -> Series:
    """Read and clean a file as the series of a run was; what steps learned then is used, nothing is learned now.

    A run that does not know how its series came about lends the names of its columns alone.

    Raises
    ------
    SeriesError
        If the file cannot be read, lacks a column, or the run's series was joined from several files.
    """
    kept = run.run.spec.cleaning
    if kept is not None and len(kept.source.files) > 1:
        raise SeriesError(
            f"The series of this run was joined from {len(kept.source.files)} files, and here is one",
            advice="Open the run, upload all new files together on the Series page, and train or compare there.",
            field="score_upload",
        )
    owner = services.owner()
    table = load_table(
        source_of(run, file), load_upload, lambda one: cached.file(owner, one.as_it_stands, load_upload)
    )
    if kept is not None:
        _check_columns(table, kept.roles)
        return apply_again(table, kept).series
    return assemble(table, _roles(run, default_roles(source_of(run, file), table))).series


def source_of(run: OpenedRun, file: FileChoice) -> SeriesSource:
    """The new file, opened with the options and the layout of the run's where that was a file."""
    kept = run.run.spec.cleaning
    if kept is None or kept.source.kind != "upload":
        return SeriesSource(kind="upload", sha256=file.sha256, file_name=file.file_name, layout=file.layout)
    one = kept.source.model_copy(update={"sha256": file.sha256, "file_name": file.file_name, "more": ()})
    return one.unread


def _check_columns(table: Table, roles: ColumnRoles) -> None:
    """A column that the training read has to be there by its name."""
    wanted = (*roles.columns, *roles.text, *filter(None, [roles.time]))
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        raise SeriesError(
            f"The new file has no column '{absent[0]}'",
            received=", ".join(table.columns),
            expected=", ".join(dict.fromkeys(wanted)),
            advice="Upload a file of the same kind, or give its columns the names they had in the training.",
            field="score_upload",
        )


def _roles(run: OpenedRun, found: ColumnRoles) -> ColumnRoles:
    target, *features = run.prepared.spec.columns
    return found.model_copy(update={"target": target, "features": tuple(features)})
