"""What is said of all units of a layer."""

from dataclasses import replace

import numpy as np

from lstm_core.network.tracking import Tracking
from lstm_core.network.unit_words import say_saturation, say_tracking
from tests.figures.test_unit_figures import SURVEY, TRACKING


def test_the_gate_that_is_stuck_is_named_with_its_shares():
    said = say_saturation("lstm", SURVEY)
    assert "The output gate stands at its ends most: 100% of its values below 0.05, 0% above 0.95" in said
    assert "a switch more than a valve" in said
    assert "has no gates" in say_saturation("rnn", SURVEY)


def test_gates_that_never_reach_an_end_are_not_said_to_stand_there():
    moving = replace(SURVEY, shut={"input": np.array([0.0, 0.01])}, open={"input": np.array([0.001, 0.0])})
    assert say_saturation("lstm", moving).startswith(
        "No gate stands at an end: fewer than 1% of the values of each"
    )


def test_units_are_named_by_what_they_track_the_clearest_first():
    said = say_tracking(TRACKING)
    assert "the newest input in units 4, 1 (strongest: unit 4, r = −0.95)" in said
    assert "the change from row to row in unit 2 (strongest: unit 2, r = −0.80)" in said
    assert said.endswith("Nothing is clear in unit 3.")


def test_no_clear_unit_and_many_units():
    none = Tracking(signals=("input",), correlations=np.zeros((2, 1)), leading=np.full(2, -1), n=30)
    assert "No unit tracks one thing clearly" in say_tracking(none)
    many = Tracking(signals=("input",), correlations=np.ones((12, 1)), leading=np.zeros(12, int), n=30)
    assert "units 1, 2, 3, 4, 5, 6, 7, 8 and 4 more" in say_tracking(many)
