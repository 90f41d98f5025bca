"""Errors by group on screen: every group stands on the axis, small ones are told apart without colour."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.error_groups import error_groups
from lstm_core.evaluation.measure import measure_for
from lstm_core.figures.error_groups import plot_error_groups
from lstm_core.figures.theme import DARK, LIGHT
from tests.core.evaluation.test_error_groups import by, made, noise


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_groups_stand_in_their_order_with_axis_units(theme):
    index = pd.date_range("2023-01-01", periods=24 * 30, freq="h", tz="Europe/Berlin")
    found = error_groups(*made(index, noise(len(index))))
    hours = plot_error_groups(by("hour", found), zone="Europe/Berlin", theme=theme)
    assert hours.layout.xaxis.categoryarray == tuple(f"{hour:02d}:00" for hour in range(24))
    assert hours.layout.xaxis.title.text == "Hour of the day [Europe/Berlin]"
    assert hours.layout.yaxis.title.text == "Error [kg]"
    level = plot_error_groups(by("level", found), zone="Europe/Berlin", theme=theme)
    assert level.layout.xaxis.title.text == "Level of the forecast [kg]"
    truth = plot_error_groups(by("truth", found), zone="Europe/Berlin", theme=theme)
    assert truth.layout.xaxis.title.text == "Level of the truth [kg]"


def test_small_groups_are_hatched_and_named():
    index = pd.date_range("2023-01-02", periods=7 * 5 - 2, freq="D")  # four weekends
    weekday = by("weekday", error_groups(*made(index, noise(len(index)))))
    bars = {one.name: one for one in plot_error_groups(weekday, theme=LIGHT).data}
    assert list(bars) == ["MAE", "MAE, seen fewer than 5 times", "bias"]
    assert bars["MAE, seen fewer than 5 times"].x == ("Sat", "Sun")
    assert bars["MAE, seen fewer than 5 times"].marker.pattern.shape == "/"
    assert np.ravel(bars["MAE"].customdata).tolist() == [5] * 5


def test_an_evil_unit_is_inert():
    found = error_groups(*made(pd.RangeIndex(100), noise(100), unit="<b>%{x}"))
    assert plot_error_groups(by("level", found), theme=LIGHT).layout.yaxis.title.text == "Error [‹b›% {x}]"


def test_a_quantile_has_its_share_below_on_the_bars_and_no_bias():
    found = error_groups(*made(pd.RangeIndex(100), noise(100)), measure=measure_for(0.9))
    figure = plot_error_groups(by("level", found), theme=LIGHT)
    assert [one.name for one in figure.data] == ["Pinball loss"]
    assert figure.data[0].text == tuple(f"{group.below:.0%}" for group in by("level", found).groups)
    assert figure.layout.yaxis.title.text == "Pinball loss [kg]"
