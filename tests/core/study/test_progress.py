"""How far a repetition is, and how long it still takes."""

import pytest

from lstm_core.study.progress import OVERHEAD, progress, seconds_of_all
from tests.core.study.conftest import CANCELLED, curve, failed, planned, started


def measure(made, *, slots=2):
    return progress(made, {run.run_id: run.state for run in made.runs}, slots=slots)


def test_before_anything_has_begun(repeat):
    found = measure(repeat([], [], []))
    assert (found.n, found.done, found.training, found.waiting, found.share) == (3, 0, 0, 3, 0.0)
    assert found.text == "0 of 3 done, 3 waiting"


def test_the_work_left_is_shared_by_the_slots(repeat):
    """Finished ones took 4 s of training, so 6 s each; two of three waiting ones fit two slots, then the last."""
    made = repeat(12.0, 13.0, [], [], [], [])
    found = measure(made)
    assert found.seconds_left == pytest.approx(4 * (4 + OVERHEAD) / 2)
    assert found.share == pytest.approx(2 / 6)
    assert found.text == "2 of 6 done, 4 waiting, about 12 s left"


def test_the_last_run_takes_as_long_as_it_takes_however_many_slots(repeat):
    assert measure(repeat(12.0, []), slots=8).seconds_left == pytest.approx(4 + OVERHEAD)


def test_a_run_at_work_has_only_its_rest_before_it(repeat, spec):
    made = repeat(12.0, [started(100), *curve(0.9, 0.8, 0.7)], base=planned(spec, epochs=100))
    found = measure(made)
    assert (found.training, found.waiting) == (1, 0)
    assert found.seconds_left == pytest.approx(4 + OVERHEAD - 3)
    assert 0.5 < found.share < 1


def test_a_run_near_its_last_epoch_takes_no_longer_than_those_left(repeat, spec):
    made = repeat(12.0, [started(4), *curve(0.9, 0.8, 0.7)], base=planned(spec, epochs=4))
    assert measure(made).seconds_left == pytest.approx(1.0)


def test_before_the_first_is_done_all_epochs_are_counted(repeat, spec):
    """One second per epoch: eight are left of the first run, ten and the overhead of the second."""
    made = repeat([started(10), *curve(0.9, 0.8)], [], base=planned(spec, epochs=10))
    assert measure(made, slots=1).seconds_left == pytest.approx(8 + 10 + OVERHEAD)


def test_runs_without_a_result_are_counted_and_over(repeat):
    found = measure(repeat(12.0, [started(), failed()], [CANCELLED], []))
    assert (found.done, found.lost, found.waiting) == (1, 2, 1)
    assert found.text.startswith("1 of 4 done, 2 without a result, 1 waiting, about")


def test_when_all_is_over_nothing_is_left(repeat):
    found = measure(repeat(12.0, 13.0))
    assert (found.share, found.seconds_left, found.text) == (1.0, None, "2 of 2 done")


@pytest.mark.parametrize(
    ("n", "slots", "wanted"), [(1, 2, 10), (2, 2, 10), (3, 2, 20), (8, 2, 40), (3, 1, 30)]
)
def test_the_estimate_before_the_start(n, slots, wanted):
    assert seconds_of_all(10.0, n_seeds=n, slots=slots) == wanted
