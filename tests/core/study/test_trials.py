"""Trials: which study a run belongs to, and what becomes of those that were resumed."""

from lstm_core.study.repetition import group, seed_specs
from lstm_core.study.trials import find_studies, kind_of, study_id
from tests.core.study.conftest import CANCELLED, finished, make_run, prepared, started


def test_the_id_of_a_study_says_its_kind():
    assert [kind_of(study_id(kind, "abc")) for kind in ("seeds", "backtest", "lengths")] == [
        "seeds",
        "backtest",
        "lengths",
    ]
    assert study_id("seeds", "abc") == "abc"
    assert kind_of("9f-lengths") == "seeds"


def test_studies_of_a_kind_are_found_oldest_run_first_and_repetitions_leave_them_alone(spec):
    specs = [
        prepared(spec, window=spec.preparation.window.model_copy(update={"length": n})) for n in (9, 3, 6)
    ]
    runs = [make_run(one, study=study_id("lengths", "a")) for one in specs]
    seeds = [make_run(one, study="b") for one in seed_specs(spec, 2)]
    mixed = [*reversed(runs), *seeds, make_run(spec, study=None)]
    (found,) = find_studies(mixed, "lengths")
    assert [run.spec.preparation.window.length for run in found.runs] == [9, 3, 6]
    assert find_studies(mixed, "backtest") == []
    assert [one.study for one in group(mixed)] == ["b"]


def test_a_run_that_was_resumed_keeps_its_place_and_is_replaced(spec):
    first, second = seed_specs(spec, 2)
    lost = make_run(first, started(), CANCELLED, study="backtest-a")
    other = make_run(second, started(), finished(3.0), study="backtest-a")
    child = make_run(first, started(), finished(2.0), study="backtest-a", parent=lost.run_id)
    (found,) = find_studies([child, other, lost], "backtest")
    assert found.runs == (child, other)
    assert (found.finished, found.lost, found.live) == ((child, other), (), ())
