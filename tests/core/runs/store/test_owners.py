"""Nobody sees or changes what belongs to another person."""

import pytest

from lstm_core.errors import RunError
from lstm_core.training.events import (
    Wish,
)
from tests.core.runs.store.story import FINISHED


class TestOwners:
    """P6: foreign, deleted, unknown and malformed ids look the same."""

    @pytest.mark.parametrize("run_id", ["", "x" * 10_000, "<b>", "a" * 26, "../../etc"])
    def test_b136_unknown_ids_are_not_found(self, place, run_id):
        with pytest.raises(RunError, match="does not exist"):
            place.get("ann", run_id)

    @pytest.mark.parametrize(
        "act",
        [
            lambda place, run_id: place.get("bob", run_id),
            lambda place, run_id: place.rename("bob", run_id, "mine now"),
            lambda place, run_id: place.delete("bob", run_id),
            lambda place, run_id: place.restore("bob", run_id),
            lambda place, run_id: place.ask("bob", run_id, Wish.CANCEL),
            lambda place, run_id: place.resume("bob", run_id, token="t", epochs=9),
            lambda place, run_id: place.read_events("bob", run_id),
            lambda place, run_id: place.load_artifact("bob", run_id, "weights"),
            lambda place, run_id: place.save_artifact("bob", run_id, "weights", b"bad"),
        ],
    )
    def test_another_owner_can_do_nothing(self, place, new, act):
        run = new()
        place.finish(run.run_id, FINISHED, {"weights": b"good"})
        with pytest.raises(RunError, match="does not exist"):
            act(place, run.run_id)
        assert place.load_artifact("ann", run.run_id, "weights") == b"good"
        assert place.list_runs("bob") == []

    def test_series_and_uploads_are_private(self, place, series):
        place.save_series("ann", series)
        sha256 = place.save_upload("ann", b"1,2,3", "x.csv")
        with pytest.raises(RunError, match="not in the store"):
            place.load_series("bob", series.fingerprint)
        with pytest.raises(RunError, match="not in the store"):
            place.load_upload("bob", sha256)
