"""New files for a trained network: taken, and read, joined and cleaned as the files of the run were."""

from collections.abc import Callable, Sequence

import streamlit as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import apply_again
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.reading.header import clean_names
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, default_roles, from_files, in_place_of, load_table
from lstm_core.series.table import Table
from lstm_core.series.words import counted
from pages._shell import cached, present, services, state
from pages._shell.data import upload_choice
from pages._shell.opened import OpenedRun

_TAKEN = "taken_new_files"


def choose(run: OpenedRun) -> tuple[FileChoice, ...]:
    """Draw the uploader; returns the files to score, kept over a reload, none before there are any."""
    n_wanted = len(_before(run))
    settings = {
        "type": ["csv", "tsv", "txt", "xlsx", "parquet"],
        "max_upload_size": services.settings().max_upload_mb,
        "help": "The same columns as in the training, other rows: last month's, another meter's. All is read, "
        "joined, repaired and cleaned by the steps of the run. Include some rows before the first one of interest: a "
        "window needs a past.",
    }
    if n_wanted == 1:
        one = st.file_uploader("A new file of the same kind", key="score_upload", **settings)
        uploaded = [one] if one is not None else []
    else:
        label = (
            f"{n_wanted} new files of the same kind"
            if n_wanted
            else "A new file of the same kind, or several"
        )
        uploaded = st.file_uploader(label, key="score_uploads", accept_multiple_files=True, **settings)
    _take(uploaded)
    files = state.journey().new_files
    if not uploaded and files:
        names = ", ".join(f"“{present.safe(file.file_name)}”" for file in files)
        st.caption(
            f"Scored below: {names}. What you upload next takes {'its' if len(files) == 1 else 'their'} place."
        )
    if len(files) == n_wanted > 1:
        _draw_places(_before(run), files)
    return files


def _take(uploaded: Sequence[upload_choice.Upload]) -> None:
    """Keep what the uploader lists; an empty list changes nothing, because Streamlit forgets files on the next page."""
    taken, listed = state.recall(_TAKEN, dict[str, str]()), {one.file_id for one in uploaded}
    if not listed or listed == set(taken):
        return
    staying = {sha256 for file_id, sha256 in taken.items() if file_id in listed}
    new = {one.file_id: upload_choice.store(one, uploaded) for one in uploaded if one.file_id not in taken}
    state.remember(
        _TAKEN,
        {file_id: sha256 for file_id, sha256 in taken.items() if file_id in listed}
        | {file_id: file.sha256 if file else "" for file_id, file in new.items()},
    )
    kept = [file for file in state.journey().new_files if file.sha256 in staying]
    state.choose(new_files=(*kept, *filter(None, new.values())))


def _draw_places(before: Sequence[FileChoice], files: Sequence[FileChoice]) -> None:
    """Which new file takes the place of which file of the training, and the way to change it.

    A browser shows an option by its words: those of a file stay the same wherever it stands.
    """
    offered = sorted({file.sha256: file.file_name for file in files}.items(), key=lambda one: one[::-1])
    names = dict(
        zip((sha256 for sha256, _ in offered), clean_names([name for _, name in offered])[0], strict=True)
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for place, old in enumerate(before):
            st.selectbox(
                f"In the place of {present.safe(old.file_name)}",
                list(names),
                format_func=names.__getitem__,
                key=state.follow(f"score_place_{place}", files[place].sha256),
                on_change=_swap,
                args=(place,),
                help="The new file that is read like this one. Choosing another one lets the two change places.",
                width=300,
            )


def _swap(place: int) -> None:
    """Let the chosen file and the one in this place change places; a callback."""
    files, chosen = list(state.journey().new_files), state.held(f"score_place_{place}")
    other = next((number for number, file in enumerate(files) if file.sha256 == chosen), place)
    files[place], files[other] = files[other], files[place]
    state.choose(new_files=tuple(files))


def _before(run: OpenedRun) -> tuple[FileChoice, ...]:
    """Files that the series of a run was made from; none where it was no upload, or does not say."""
    kept = run.run.spec.cleaning
    return kept.source.files if kept is not None else ()


def wanted(run: OpenedRun) -> str:
    """What is waited for and what becomes of it, as sentences."""
    steps = run.run.spec.cleaning.source.cleaning.steps if run.run.spec.cleaning else ()
    again = f" and {counted(len(steps), 'cleaning step')} of the run done again" if steps else ""
    columns, before = run.prepared.spec.columns, _before(run)
    named = (
        f"the {'column' if len(columns) == 1 else 'columns'} {present.safe(', '.join(columns), limit=300)}"
    )
    if len(before) < 2:
        told = f"a file with {named}: it is read and repaired like the file of the training{again}"
    else:
        places = ", ".join(present.safe(file.file_name) for file in before)
        told = f"{len(before)} files in the place of {places}, with {named} between them: they are read, joined and "
        told += f"repaired like the files of the training{again}"
    return f"Give it {told}, with the numbers learned then. Every window is scored."


def read(run: OpenedRun, source: SeriesSource, load_upload: Callable[[str], bytes]) -> Series:
    """Read and clean new files as the series of a run was; what steps learned then is used, nothing is learned now.

    A run that does not know how its series came about lends the names of its columns alone.

    Raises
    ------
    SeriesError
        If a file cannot be read, they cannot be joined, or a column is absent.
    """
    owner, kept = services.owner(), run.run.spec.cleaning
    table = load_table(source, load_upload, lambda one: cached.file(owner, one.as_it_stands, load_upload))
    if kept is not None:
        _check_columns(table, kept.roles)
        return apply_again(table, kept).series
    return assemble(table, _roles(run, default_roles(source, table))).series


def source_of(run: OpenedRun, files: Sequence[FileChoice]) -> SeriesSource:
    """The new files, opened and joined as those of the run were where there were some.

    Raises
    ------
    SeriesError
        If there are more or fewer than those.
    """
    kept = run.run.spec.cleaning
    return (from_files(files) if kept is None else in_place_of(kept.source, files)).unread


def _check_columns(table: Table, roles: ColumnRoles) -> None:
    """A column that the training read has to be there by its name."""
    wanted = (*roles.columns, *roles.text, *filter(None, [roles.time]))
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        raise SeriesError(
            f"The new data has no column '{absent[0]}'",
            received=", ".join(table.columns),
            expected=", ".join(dict.fromkeys(wanted)),
            advice="Upload a file of the same kind, or give its columns the names they had in the training.",
            field="score_upload",
        )


def _roles(run: OpenedRun, found: ColumnRoles) -> ColumnRoles:
    target, *features = run.prepared.spec.columns
    return found.model_copy(update={"target": target, "features": tuple(features)})
