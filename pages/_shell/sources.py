"""The series behind a source, wherever it lies: a sample, an upload, or the store."""

from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource
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
