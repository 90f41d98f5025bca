"""The series behind a source, wherever it lies: a sample, an upload, or the store."""

from lstm_core.series.cleaning.record import CleaningRecord, record
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, default_roles
from pages._shell import cached, services


def series_of(source: SeriesSource) -> Series:
    """Series of a source, read for the owner of this session.

    Raises
    ------
    UserError
        If it cannot be read, or this owner has none such.
    """
    owner, store = services.owner(), services.store()
    if source.kind == "stored":
        return cached.run_series(owner, source.fingerprint, store)
    return cached.series(owner, source, lambda sha256: store.load_upload(owner, sha256))


def record_of(source: SeriesSource | None) -> CleaningRecord | None:
    """How the series of a source came about, for a run to keep; of a stored series, what its runs know.

    Raises
    ------
    UserError
        If it cannot be read.
    """
    if source is None:
        return None
    owner, store = services.owner(), services.store()
    if source.kind == "stored":
        runs = (run.spec for run in store.list_runs(owner))
        return next(
            (
                spec.cleaning
                for spec in runs
                if spec.cleaning and spec.series_fingerprint == source.fingerprint
            ),
            None,
        )
    made = cached.assembled(owner, source, lambda sha256: store.load_upload(owner, sha256))
    return record(source, roles_of(source), made)


def roles_of(source: SeriesSource) -> ColumnRoles:
    """Roles of a sample or an upload, chosen or not.

    Raises
    ------
    SeriesError
        If its table cannot be read, or the source is a stored series.
    """
    owner, store = services.owner(), services.store()
    read = cached.table(owner, source.unread, lambda sha256: store.load_upload(owner, sha256))
    return source.roles or default_roles(source, read)
