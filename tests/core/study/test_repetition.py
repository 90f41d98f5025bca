"""A repetition: its seeds, all or nothing in the queue, and what it is made of."""

import pytest

from lstm_core.errors import RunError
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.settings import Settings
from lstm_core.study.repetition import LARGEST_SEED, Repetition, group, seed_specs, start
from lstm_core.study.trials import cancel
from lstm_core.training.events import RunInterrupted, Status
from tests.core.runs.workers import EXECUTABLES, until
from tests.core.study.conftest import CANCELLED, curve, failed, finished, make_run, started

ROOM = "tests.core.study.executables"
TRAINS = Program(warm_up=f"{EXECUTABLES}.no_warm_up", execute=f"{ROOM}.train")
WAITS = Program(warm_up=f"{EXECUTABLES}.no_warm_up", execute=f"{ROOM}.wait")


@pytest.fixture
def open_queue(store: SqlStore):
    opened = []

    def build(program: Program, **changes) -> RunQueue:
        limits = Settings(store_url=store.url, slots=2, memory_budget_mb=512).model_copy(update=changes)
        opened.append(RunQueue(store, limits, program))
        return opened[-1]

    yield build
    for queue in opened:
        queue.close()


def statuses(store: SqlStore, repetition: Repetition) -> list[Status]:
    return [store.find(run.run_id).status for run in repetition.runs]


class TestSeeds:
    def test_they_count_up_and_nothing_else_changes(self, spec):
        specs = seed_specs(spec, 4)
        assert [one.plan.seed for one in specs] == [42, 43, 44, 45]
        assert {one.model_copy(update={"plan": spec.plan}) for one in specs} == {spec}
        assert {one.plan.model_copy(update={"seed": 42}) for one in specs} == {spec.plan}

    @pytest.mark.parametrize("n", [-1, 0, 21, 1000])
    def test_too_few_and_too_many_are_refused(self, spec, n):
        with pytest.raises(RunError, match="1 to 20"):
            seed_specs(spec, n)

    def test_the_largest_seed_is_not_passed(self, spec):
        at_the_end = spec.model_copy(update={"plan": spec.plan.model_copy(update={"seed": LARGEST_SEED - 2})})
        assert seed_specs(at_the_end, 3)[-1].plan.seed == LARGEST_SEED
        with pytest.raises(RunError, match="largest seed"):
            seed_specs(at_the_end, 4)


class TestInTheQueue:
    def test_every_seed_is_an_ordinary_run_that_finishes(self, store, open_queue, spec, series):
        queue = open_queue(TRAINS)
        made = start(store, queue, "ann", seed_specs(spec, 5), series, token="t")
        until(lambda: set(statuses(store, made)) == {Status.FINISHED})
        (found,) = group(store.list_runs("ann"))
        assert (found.study, found.seeds) == ("t", (42, 43, 44, 45, 46))
        assert [run.name for run in found.runs][:2] == [f"{found.name}, seed 42", f"{found.name}, seed 43"]
        assert [run.state.finished.scores["lstm"]["mae"] for run in found.runs] == [12, 13, 14, 15, 16]

    def test_two_slots_train_two_seeds_at_once(self, store, open_queue, spec, series):
        queue = open_queue(WAITS)
        made = start(store, queue, "ann", seed_specs(spec, 3), series, token="t")
        until(lambda: statuses(store, made).count(Status.RUNNING) == 2)
        assert statuses(store, made).count(Status.QUEUED) == 1
        cancel(queue, "ann", group(store.list_runs("ann"))[0])
        until(lambda: set(statuses(store, made)) == {Status.CANCELLED})

    def test_the_same_token_again_finds_the_same_runs(self, store, open_queue, spec, series):
        queue = open_queue(WAITS)
        made = start(store, queue, "ann", seed_specs(spec, 2), series, token="t")
        again = start(store, queue, "ann", seed_specs(spec, 2), series, token="t")
        assert [run.run_id for run in made.runs] == [run.run_id for run in again.runs]
        assert len(store.list_runs("ann")) == 2

    @pytest.mark.parametrize(
        ("limits", "words"),
        [
            ({"max_waiting_per_owner": 4}, "1 of your runs wait already, and 4 more do not fit"),
            ({"max_waiting": 4}, "queue is full: 1 runs wait, and 4 more do not fit"),
        ],
    )
    def test_without_room_for_all_there_is_none(self, store, open_queue, spec, series, limits, words):
        queue = open_queue(WAITS, slots=1, **limits)
        first = start(store, queue, "ann", seed_specs(spec, 2), series, token="first")
        until(lambda: sorted(statuses(store, first)) == [Status.QUEUED, Status.RUNNING])
        with pytest.raises(RunError, match=words):
            start(store, queue, "ann", seed_specs(spec, 4), series, token="second")
        assert [found.study for found in group(store.list_runs("ann"))] == ["first"]
        assert len(store.open_runs()) == 2
        start(store, queue, "ann", seed_specs(spec, 3), series, token="third")
        assert len(store.open_runs()) == 5

    def test_runs_made_before_the_queue_filled_up_are_gone_too(self, store, open_queue, spec, series):
        """Two tabs at the same moment: both saw room, one was first."""
        queue = open_queue(WAITS, slots=1, max_waiting_per_owner=2)
        run_ids = [
            store.create("ann", one, series, name="n", token=f"{one.plan.seed}", study="s").run_id
            for one in seed_specs(spec, 3)
        ]
        with pytest.raises(RunError, match="3 more do not fit"):
            queue.submit("ann", *run_ids)
        assert store.list_runs("ann") == []
        assert {store.find(run_id).status for run_id in run_ids} == {Status.CANCELLED}

    def test_it_does_not_block_anybody_else(self, store, open_queue, spec, series):
        queue = open_queue(WAITS, slots=1)
        many = start(store, queue, "ann", seed_specs(spec, 4), series, token="t")
        until(lambda: Status.RUNNING in statuses(store, many))
        (one,) = start(store, queue, "bob", seed_specs(spec, 1), series, token="t").runs
        until(lambda: queue.position(one.run_id) == 1)
        until(lambda: all(queue.position(run.run_id) != 1 for run in many.runs))


class TestWhatItIsMadeOf:
    def test_runs_are_grouped_by_study_and_sorted_by_seed(self, spec):
        first, second, third = (make_run(one, study="a") for one in seed_specs(spec, 3))
        other, alone = make_run(spec, study="b"), make_run(spec, study=None)
        found = group([third, other, first, alone, second])
        assert [(one.study, one.seeds) for one in found] == [("a", (42, 43, 44)), ("b", (42,))]

    def test_runs_are_told_apart_by_how_they_ended(self, repeat):
        made = repeat(12.0, [started(), failed()], [CANCELLED], [started(), *curve(0.5)], [])
        assert [len(part) for part in (made.finished, made.lost, made.live)] == [1, 2, 2]

    def test_a_resumed_run_stands_in_for_the_one_it_resumes(self, spec):
        lost = make_run(spec, started(), RunInterrupted(message="gone"))
        child = make_run(spec, started(), finished(12.0), parent=lost.run_id)
        (found,) = group([child, lost])
        assert found.runs == (child,)

    def test_of_two_children_of_one_run_the_finished_one_counts(self, spec):
        lost = make_run(spec, RunInterrupted(message="gone"))
        done, late = (make_run(spec, *told, parent=lost.run_id) for told in ([started(), finished(1.0)], []))
        assert group([late, done, lost])[0].runs == (done,)

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("Sunspots, 24 → 1, 50 units, seed 42", "Sunspots, 24 → 1, 50 units"),
            ("Sunspots, seed 42 (2)", "Sunspots (2)"),
            ("my favourite, seed bank", "my favourite, seed bank"),
        ],
    )
    def test_its_name_is_that_of_the_first_run_without_the_seed(self, spec, name, wanted):
        assert group([make_run(spec, name=name)])[0].name == wanted
