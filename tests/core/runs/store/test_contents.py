"""Series and uploads are kept beside the runs."""

from dataclasses import replace

import pytest

from lstm_core.errors import RunError


class TestContents:
    def test_a_series_comes_back_whole(self, place, series):
        place.save_series("ann", series)
        place.save_series("ann", series)
        back = place.load_series("ann", series.fingerprint)
        assert back.fingerprint == series.fingerprint
        assert back.index.equals(series.index)
        assert (back.columns, back.name, back.unit, back.step, back.period, back.steps) == (
            series.columns,
            series.name,
            series.unit,
            series.step,
            series.period,
            series.steps,
        )

    def test_the_newest_words_about_the_same_numbers_hold(self, place, series):
        """A unit that was typed, or a season that was chosen, after a first run."""
        place.save_series("ann", replace(series, unit="sunspots", period=11))
        place.save_series("ann", replace(series, unit="spots", period=12))
        back = place.load_series("ann", series.fingerprint)
        assert (back.unit, back.period) == ("spots", 12)

    def test_b86_the_same_file_twice_is_one_upload(self, place):
        assert place.save_upload("ann", b"1,2", "a.csv") == place.save_upload("ann", b"1,2", "b.csv")
        assert place.load_upload("ann", place.save_upload("bob", b"1,2", "c.csv")) == b"1,2"

    def test_b84_old_uploads_give_way_to_new_ones(self, place):
        names = [place.save_upload("ann", bytes([number]) * 400, "x.csv") for number in range(20)]
        other = place.save_upload("bob", b"b" * 900, "y.csv")
        for gone in names[:18]:
            with pytest.raises(RunError, match="Upload the file again"):
                place.load_upload("ann", gone)
        assert [place.load_upload("ann", kept)[0] for kept in names[18:]] == [18, 19]
        assert place.load_upload("bob", other) == b"b" * 900

    def test_b84_the_last_upload_stays_whatever_its_size(self, place):
        sha256 = place.save_upload("ann", b"x" * 5000, "big.csv")
        assert len(place.load_upload("ann", sha256)) == 5000
