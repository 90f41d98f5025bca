"""Runs are created, named and listed."""

from threading import Thread

from lstm_core.runs.names import RUN_ID
from lstm_core.training.events import (
    Status,
)
from tests.core.runs.store.story import STARTED


class TestCreating:
    def test_a_new_run_waits_under_a_random_id(self, place, new, spec):
        run = new()
        assert RUN_ID.fullmatch(run.run_id)
        assert (run.status, run.spec, run.series_name, run.owner) == (Status.QUEUED, spec, "sine", "ann")
        assert place.get("ann", run.run_id) == run

    def test_fault_21_the_same_token_starts_one_run(self, place, new):
        first, second = new(token="one click"), new(token="one click")
        assert first.run_id == second.run_id
        assert len(place.list_runs("ann")) == 1

    def test_fault_21_two_tabs_at_the_same_moment_start_one_run(self, place, new):
        found = []
        tabs = [Thread(target=lambda: found.append(new(token="same"))) for _ in range(8)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        assert len({run.run_id for run in found}) == 1
        assert len(found) == 8

    def test_tokens_belong_to_their_owner(self, new):
        assert new("ann", token="x").run_id != new("bob", token="x").run_id

    def test_b136_names_are_unique_per_owner(self, place, new):
        assert [new(name="walk").name for _ in range(3)] == ["walk", "walk (2)", "walk (3)"]
        assert new("bob", name="walk").name == "walk"

    def test_labels_name_the_listed_runs(self, place, new):
        runs = [new() for _ in range(3)]
        place.append(runs[0].run_id, STARTED)
        place.delete("ann", runs[1].run_id)
        new("bob")
        assert [(label.run_id, label.name, label.status) for label in place.labels("ann")] == [
            (runs[2].run_id, runs[2].name, Status.QUEUED),
            (runs[0].run_id, runs[0].name, Status.RUNNING),
        ]

    def test_runs_of_a_study_name_it(self, place, spec, series, new):
        made = place.create("ann", spec, series, name="seed 1", token="seed 1", study="repeat")
        assert made.study == place.get("ann", made.run_id).study == place.find(made.run_id).study == "repeat"
        alone = new()
        assert (alone.study, alone.parent) == (None, None)
        assert [run.study for run in place.list_runs("ann")] == [None, "repeat"]

    def test_the_newest_run_is_listed_first(self, place, new):
        runs = [new() for _ in range(3)]
        assert [run.run_id for run in place.list_runs("ann")] == [run.run_id for run in reversed(runs)]
