"""The change of gates between two windows."""

import numpy as np

from lstm_core.evaluation.what_if.gate_change import GateChange
from lstm_core.network.trace import GateTrace


def trace(**parts):
    return GateTrace(cell="lstm", parts=parts, sums={}, layer=0)


def test_units_are_ordered_by_the_mean_size_of_their_change():
    before = np.zeros((4, 3))
    after = np.array([[0.0, 0.1, -0.4], [0.0, -0.1, 0.0], [0.0, 0.1, 0.0], [0.0, -0.1, 0.4]])
    change = GateChange(before=trace(forget=before), after=trace(forget=after))
    np.testing.assert_allclose(change.strength("forget"), [0, 0.1, 0.2])
    np.testing.assert_array_equal(change.most_changed("forget"), [2, 1, 0])
    np.testing.assert_array_equal(change.difference("forget"), after)


def test_skipped_steps_do_not_count():
    before, after = np.zeros((3, 1)), np.array([[np.nan], [0.5], [0.5]])
    before[0] = np.nan
    change = GateChange(before=trace(forget=before), after=trace(forget=after))
    np.testing.assert_allclose(change.difference("forget"), [[0], [0.5], [0.5]])


def test_the_gate_that_changes_most_is_named_before_any_state():
    still, some, more = np.zeros((2, 2)), np.full((2, 2), 0.1), np.full((2, 2), 3.0)
    before = trace(input=still, forget=still, cell=still)
    change = GateChange(before=before, after=trace(input=still, forget=some, cell=more))
    assert change.strongest_part() == "forget"
    only_state = GateChange(before=trace(hidden=still), after=trace(hidden=some))
    assert only_state.strongest_part() == "hidden"
