"""What becomes of the files in the uploader: one is a series, several are joined on time."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from lstm_core.errors import SeriesError, UserError
from lstm_core.series.layout.combine import MOST_FILES, FileChoice
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.reading.header import clean_names
from lstm_core.series.reading.ingest import MEGABYTE, check_size
from lstm_core.series.source import SeriesSource, from_files
from pages._shell import cached, present, reading_panel, services, state
from pages._shell.data import kept_roles

_TAKEN = "taken_upload"


class Upload(Protocol):
    """What Streamlit hands over for a file."""

    file_id: str
    name: str
    size: int

    def getvalue(self) -> bytes: ...


def take(uploaded: Sequence[Upload]) -> SeriesSource | None:
    """Source that the uploader's list of files makes; None when the source stays as it is.

    What is listed together is joined together: a file that is put beside those already taken joins them, one that is
    taken off the list leaves them, and a new list starts afresh. An empty list changes nothing, because Streamlit
    forgets the files on the next page.
    """
    taken = state.recall(_TAKEN, dict[str, str]())
    listed = {one.file_id for one in uploaded}
    if listed == set(taken):
        return None
    staying = {file_id: sha256 for file_id, sha256 in taken.items() if file_id in listed}
    new = {one.file_id: store(one, uploaded) for one in uploaded if one.file_id not in taken}
    kept = [file for file in new.values() if file is not None]
    state.remember(_TAKEN, staying | {file_id: file.sha256 if file else "" for file_id, file in new.items()})
    old = state.journey().source
    beside = _files_beside(old, set(taken.values()), set(staying.values()))
    if old is None or not beside:
        return from_files(kept) if kept else None
    return _joined_as(old, [*beside, *kept]) if kept or len(beside) < len(old.files) else None


def keep(content: Callable[[], bytes], n_bytes: int, name: str) -> FileChoice | None:
    """Store a file at once, its layout to be detected; says why when it cannot be kept."""
    try:
        check_size(n_bytes, services.settings())
        sha256 = services.store().save_upload(services.owner(), content(), name)
    except UserError as error:
        present.verdict("bad", present.safe(error.message, limit=1000))
        return None
    return FileChoice(sha256=sha256, file_name=clean_names([name])[0][0], layout=LayoutSpec())


def leave_out(sha256: str) -> None:
    """Remember that a file was taken out, although the uploader's list goes on showing it.

    Only the browser can take a file off that list: Streamlit refuses to write to an uploader, and one with a new key
    starts without any file, so that those still in use would vanish from it as well.
    """
    taken = state.recall(_TAKEN, dict[str, str]())
    state.remember(_TAKEN, {file_id: "" if kept == sha256 else kept for file_id, kept in taken.items()})


def not_in_use(uploaded: Sequence[Upload]) -> list[str]:
    """Names of files that the uploader lists and the series does not hold: taken out, or refused."""
    taken = state.recall(_TAKEN, dict[str, str]())
    return [one.name for one in uploaded if taken.get(one.file_id) == ""]


def store(one: Upload, uploaded: Sequence[Upload]) -> FileChoice | None:
    """Store a new file of an uploader's list, unless the list as a whole is too much; says why when it cannot."""
    quota, n_bytes = services.settings().upload_quota_mb, sum(each.size for each in uploaded)
    if n_bytes <= quota * MEGABYTE and len(uploaded) <= MOST_FILES:
        return keep(one.getvalue, one.size, one.name)
    refused = SeriesError(
        "The files are too many or too large to be kept together",
        received=f"{len(uploaded)} files of {n_bytes / MEGABYTE:,.1f} MB in all",
        expected=f"at most {MOST_FILES} files of {quota} MB in all",
        advice="Take files off the list, or keep only the columns and years you need.",
        field="upload",
    )
    present.verdict("bad", present.safe(refused.message, limit=1000))
    return None


def _files_beside(old: SeriesSource | None, taken: set[str], staying: set[str]) -> list[FileChoice]:
    """Files of the source that go on: it is the one of the list, and they can be read. Others are replaced."""
    shown = staying - {""}
    if old is None or not shown or not shown <= {file.sha256 for file in old.files}:
        return []
    files = [file for file in old.files if file.sha256 not in taken - staying and _is_readable(file)]
    if files and old.roles is not None and len(old.files) == 1:
        dates = {"time": old.roles.time, "date_format": old.roles.date_format}
        files = [files[0].model_copy(update=dates)]
    return files


def _is_readable(file: FileChoice) -> bool:
    """Whether a file is worth going on with; one that takes long or was cancelled may well be readable."""
    owner, store = services.owner(), services.store()
    reading = cached.desk(owner, partial(store.load_upload, owner)).reading(file.as_it_stands)
    if not reading.wait(reading_panel.PATIENCE) or reading.is_cancelled:
        return True
    try:
        reading.result()
    except UserError:
        return False
    return True


def _joined_as(old: SeriesSource, files: Sequence[FileChoice]) -> SeriesSource:
    """Source of files, joined as an older one was, with its roles and steps."""
    source = from_files(files)
    kept = {"join": old.join, "roles": old.roles, "cleaning": old.cleaning}
    return kept_roles.loosen(source.model_copy(update=kept).with_file(0, source.files[0]))
