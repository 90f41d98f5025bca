"""The series behind a source, wherever it lies: a sample, an upload, or the store."""

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
