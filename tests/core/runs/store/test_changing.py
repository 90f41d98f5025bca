"""Runs are renamed, deleted and restored."""

import pytest

from lstm_core.errors import RunError
from tests.core.runs.store.story import FINISHED, STARTED


class TestChanging:
    def test_rename(self, place, new):
        run = new()
        place.rename("ann", run.run_id, "  short \n window ")
        assert place.get("ann", run.run_id).name == "short window"

    def test_b136_rename_to_an_existing_name_is_refused(self, place, new):
        new(name="first")
        second = new(name="second")
        with pytest.raises(RunError, match="has this name"):
            place.rename("ann", second.run_id, "first")
        place.rename("ann", second.run_id, "second")

    @pytest.mark.parametrize("name", ["", "   ", "\x00\n", "x" * 81])
    def test_a_name_is_needed(self, place, new, name):
        with pytest.raises(RunError, match="needs a name"):
            place.rename("ann", new().run_id, name)

    def test_delete_hides_and_restore_brings_back(self, place, new):
        run = new(name="walk")
        place.delete("ann", run.run_id)
        assert place.list_runs("ann") == []
        with pytest.raises(RunError, match="does not exist"):
            place.get("ann", run.run_id)
        assert new(name="walk").name == "walk"
        place.restore("ann", run.run_id)
        assert place.get("ann", run.run_id).name == "walk (2)"

    def test_sweep_removes_what_is_over_and_deleted(self, place, new):
        over, live, kept = new(), new(), new()
        place.finish(over.run_id, FINISHED, {"weights": b"w"})
        place.append(live.run_id, STARTED)
        for run in (over, live):
            place.delete("ann", run.run_id)
        assert place.sweep(older_than_seconds=1000) == 0
        assert place.sweep(older_than_seconds=0) == 1
        with pytest.raises(RunError):
            place.restore("ann", over.run_id)
        place.restore("ann", live.run_id)
        assert place.load_series("ann", kept.spec.series_fingerprint).name == "sine"
