"""A source that names a series in the store: small enough for a link, and nothing else can be read from it."""

import pytest
from pydantic import ValidationError

from lstm_core.errors import SeriesError
from lstm_core.series.source import SeriesSource, load_table

STORED = SeriesSource(kind="stored", fingerprint="a" * 64, series_name="Mine")


def test_it_survives_a_link():
    assert SeriesSource.model_validate_json(STORED.model_dump_json(exclude_defaults=True)) == STORED


@pytest.mark.parametrize("fingerprint", ["", "a" * 63, "A" * 64, "../../etc/passwd"])
def test_it_needs_a_fingerprint(fingerprint):
    with pytest.raises(ValidationError):
        SeriesSource(kind="stored", fingerprint=fingerprint)


def test_it_has_no_table():
    with pytest.raises(SeriesError, match="no table"):
        load_table(STORED, lambda sha256: b"")
