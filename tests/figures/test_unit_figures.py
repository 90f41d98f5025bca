"""All units of a layer in three pictures: sorted, on fixed scales, with their groups told apart."""

import numpy as np
import pytest

from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.figures.units import plot_half_lives, plot_saturation, plot_tracking
from lstm_core.network.survey import Survey
from lstm_core.network.tracking import Tracking

SURVEY = Survey(
    shut={"forget": np.array([0.1, 0.3]), "input": np.zeros(2), "output": np.ones(2)},
    open={"forget": np.array([0.4, 0.2]), "input": np.zeros(2), "output": np.zeros(2)},
    states={"hidden": np.zeros((3, 2))},
    half_lives=np.array([2.0, 5.0]),
)
TRACKING = Tracking(
    signals=("input", "trend", "change"),
    correlations=np.array([[0.9, 0.1, 0.0], [0.0, 0.2, -0.8], [0.1, 0.1, 0.1], [-0.95, 0.5, 0.2]]),
    leading=np.array([0, 2, -1, 0]),
    n=50,
)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_half_lives_are_sorted_and_the_window_is_a_line(theme):
    figure = plot_half_lives(
        np.array([1.0, 30.0, 4.0]), np.array([2.0, 20.0, 3.0]), window_length=24, theme=theme
    )
    bars, over_all, window = figure.data
    assert bars.x == over_all.x == ("2", "3", "1")
    np.testing.assert_array_equal(bars.y, [30, 4, 1])
    np.testing.assert_array_equal(over_all.y, [20, 3, 2])
    assert set(window.y) == {24}
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.title.text == "Half-life [steps]"


def test_shares_of_a_gate_fill_its_bar():
    shut, moves, opened = plot_saturation("lstm", SURVEY, theme=LIGHT).data
    assert shut.y[0] == "forget gate f"
    np.testing.assert_allclose(shut.x, [0.2, 0, 1])
    np.testing.assert_allclose(opened.x, [0.3, 0, 0])
    np.testing.assert_allclose(np.add(np.add(shut.x, moves.x), opened.x), 1)


def test_units_stand_group_by_group_with_a_line_between_groups():
    assert TRACKING.order.tolist() == [3, 0, 1, 2]
    figure = plot_tracking(TRACKING, TRACKING.order, theme=LIGHT)
    assert figure.data[0].x == ("4", "1", "2", "3")
    assert figure.data[0].y == ("input", "trend", "change")
    np.testing.assert_allclose(figure.data[0].z[:, 0], [-0.95, 0.5, 0.2], atol=1e-6)
    assert [line.x0 for line in figure.layout.shapes] == [1.5, 2.5]
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)
