"""Pages 6 to 8 on runs at the edge of what can be trained: every page answers, none breaks."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from pages._shell.state import Journey
from tests.pages.finished import UNITS, finish_run

PAGES = (
    "pages/forecast.py",
    "pages/ahead.py",
    "pages/intervals.py",
    "pages/residuals.py",
    "pages/sensitivity.py",
    "pages/explanation.py",
    "pages/memory.py",
    "pages/backtest.py",
    "pages/what_if.py",
)
RNG = np.random.default_rng(0)


def series(values, *, columns=("y",), index=None, unit="", period=1):
    values = np.asarray(values, dtype=float).reshape(len(values), -1)
    index = pd.RangeIndex(len(values)) if index is None else index
    return Series(values=values, index=index, columns=columns, name="odd", unit=unit, period=period)


def shortest():
    made = series(np.arange(20.0))
    return made, default_preparation(made)


def one_test_window():
    made = series(RNG.normal(size=40))
    return made, PreparationSpec(target="y", window=WindowSpec(length=5, horizon=4, stride=20))


def constant():
    made = series(np.full(100, 5.0))
    return made, default_preparation(made)


def zeros_in_the_test_part():
    made = series(np.concatenate([RNG.normal(size=80), np.zeros(20)]))
    return made, default_preparation(made)


def hostile_words():
    columns = ("<b>$x_1$</b> [a](http://e.x) %{y}", "=1+1")
    made = series(RNG.normal(size=(120, 2)), columns=columns, unit="$ `m` <i> % \\ :red[x]")
    return made, PreparationSpec(
        target=columns[0], features=columns[1:], window=WindowSpec(length=6, horizon=2)
    )


def zoned_hours():
    index = pd.date_range("2020-01-01", periods=400, freq="h", tz="Europe/Berlin")
    made = series(np.sin(np.arange(400)), index=index, period=24)
    return made, PreparationSpec(target="y", window=WindowSpec(length=24, horizon=30))


def huge_values():
    made = series(1e100 * (2 + RNG.normal(size=100)))
    return made, default_preparation(made)


def window_of_one():
    made = series(RNG.normal(size=100))
    return made, PreparationSpec(target="y", window=WindowSpec(length=1))


MAKERS = (
    shortest,
    one_test_window,
    constant,
    zeros_in_the_test_part,
    hostile_words,
    zoned_hours,
    huge_values,
    window_of_one,
)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_pages_answer(app, store_url, make):
    run = finish_run(SqlStore(store_url), *make())
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run()
    for page in PAGES:
        at = at.switch_page(page).run()
        assert not at.exception, page
        assert at.get("plotly_chart"), page
        assert len([*at.success, *at.warning, *at.error, *at.info]) >= 1, page


def test_b123_network_that_ignores_its_input_is_warned_of(app, store_url):
    made = series(np.sin(np.arange(200) * 0.3) + 0.1 * np.random.default_rng(1).normal(size=200))
    layer = LayerWeights(
        forward=CellWeights(
            kernel=np.zeros((1, 4 * UNITS)), recurrent=np.zeros((UNITS, 4 * UNITS)), bias=np.zeros(4 * UNITS)
        )
    )
    dead = Weights(layers=(layer,), head=DenseWeights(kernel=np.zeros((UNITS, 1)), bias=np.zeros(1)))
    run = finish_run(SqlStore(store_url), made, default_preparation(made), weights=dead)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run().switch_page("pages/forecast.py").run()
    assert not at.exception
    assert any("ignores its input" in box.value for box in at.warning)
    at = at.switch_page("pages/sensitivity.py").run()
    assert not at.exception
    assert "No nudge moves this forecast" in at.info[0].value
    at = at.switch_page("pages/explanation.py").run()
    assert not at.exception
    assert any("no orders to compare" in box.value for box in at.info)
    at = at.switch_page("pages/residuals.py").run()
    assert "is the series itself" in at.warning[0].value


def test_a_single_share_of_bands_that_held_is_not_drawn_over_time(app, store_url):
    run = finish_run(SqlStore(store_url), *shortest())
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    for page in ("pages/intervals.py", "pages/residuals.py"):
        at = app.run().switch_page(page).run()
        assert not at.exception
        assert any("give a single share" in box.value for box in at.info), page


def test_another_run_with_fewer_windows_can_be_opened_on_the_same_page(app, store_url):
    store = SqlStore(store_url)
    long = finish_run(store, *zoned_hours())
    short = finish_run(store, *shortest())
    app.session_state["_journey"] = Journey(selected_run=long.run_id)
    at = app.run().switch_page("pages/sensitivity.py").run()
    at.slider(key="sensitivity_window").set_value(40).run()
    at.selectbox(key="sensitivity_step").set_value(30).run()
    at.selectbox(key="run").set_value(short.run_id).run()
    assert not at.exception
    slider = at.slider(key="sensitivity_window")
    assert slider.value == slider.max


def test_another_run_with_a_shorter_window_can_be_opened_beside_large_blocks(app, store_url):
    store = SqlStore(store_url)
    long, short = finish_run(store, *zoned_hours()), finish_run(store, *shortest())
    app.session_state["_journey"] = Journey(selected_run=long.run_id)
    at = app.run().switch_page("pages/explanation.py").run()
    at.slider(key="explanation_block").set_value(20)
    at.selectbox(key="explanation_step").set_value(30).run()
    assert not at.exception
    at.selectbox(key="run").set_value(short.run_id).run()
    assert not at.exception
    assert at.get("plotly_chart")
