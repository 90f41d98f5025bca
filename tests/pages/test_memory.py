"""Memory page: how far back a network looks, a sweep of window lengths, and one click to use one of them."""

from base64 import b64decode

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.evaluation.explanation.reach import reach
from lstm_core.evaluation.explanation.sensitivity import step_effects, train_spread
from lstm_core.network.forward import forward
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.presence import Presence
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.study.trials import find_studies
from lstm_core.training.plan import TrainingPlan
from pages._shell.state import Journey
from tests.pages.finished import finish_run, fit_head
from tests.pages.studied import drawn_in, sweep, words

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
PAGE = "pages/memory.py"
pytestmark = pytest.mark.usefixtures("worker_that_waits")


def on_page(app: AppTest, **choices) -> AppTest:
    app.session_state["_journey"] = Journey(**{"source": SUNSPOTS, **choices})
    app.run().switch_page(PAGE).run()
    assert not app.exception
    return app


def traces(app: AppTest) -> dict:
    return drawn_in(app, "memory_chart")


class TestMemoryOfARun:
    def test_the_verdict_and_the_pull_are_those_of_the_run(self, app, finished_run, series):
        on_page(app, selected_run=finished_run.run_id)
        prepared = prepare(series, finished_run.spec.preparation)
        network, weights = fit_head(prepared)
        wanted = reach(
            step_effects(
                lambda inputs: forward(network, weights, inputs),
                prepared.test,
                sizes=train_spread(prepared),
                prepared=prepared,
            )
        )
        assert f"Window 24, memory {wanted.memory()}: 95% of what" in words(app)
        packed = traces(app)["Pull of sunspots"]["y"]
        drawn = np.frombuffer(b64decode(packed["bdata"]), dtype=packed["dtype"])
        np.testing.assert_allclose(drawn, wanted.of(), rtol=1e-4, atol=1e-4)  # weights are stored as float32

    def test_every_column_is_told_apart(self, app, store):
        source = SeriesSource(kind="sample", sample="macrodata")
        series = load_source(source, lambda sha256: b"")
        run = finish_run(
            store,
            series,
            default_preparation(series).model_copy(
                update={"window": WindowSpec(length=4), "features": series.columns[1:3]}
            ),
        )
        on_page(app, source=source, selected_run=run.run_id)
        table = next(one.value for one in app.dataframe if "Memory" in one.value)
        assert table["Column"].tolist() == [series.columns[0], *series.columns[1:3]]
        assert table["Memory"].max() <= 4

    def test_without_a_run_the_series_still_speaks(self, app):
        on_page(app)
        assert "No finished run is open" in words(app)
        assert "stands out" in traces(app)

    def test_without_a_series_the_page_says_so(self, app):
        on_page(app, source=None)
        assert app.button(key="empty_sample")


class TestSweep:
    def test_lengths_and_cost_are_told_before_anything_starts(self, app, store):
        on_page(app)
        assert app.button(key="start_sweep").label == "Try 7 window lengths"
        said = words(app)
        assert "Windows of 6, " in said
        assert " 11, " in said  # one season
        assert "24, " in said
        assert "a guess within a factor of three" in said
        assert store.list_runs("local") == []

    def test_one_click_starts_them_all_with_one_seed(self, app, store):
        on_page(app, plan=TrainingPlan(epochs=5000, seed=7))
        assert "of the 5000 epochs of the plan, so that it takes about a minute" in words(app)
        app.button(key="start_sweep").click().run()
        assert not app.exception
        (found,) = find_studies(store.list_runs("local"), "lengths")
        lengths = [run.spec.preparation.window.length for run in found.runs]
        assert lengths == sorted(lengths)
        assert 24 in lengths
        assert {run.spec.plan.seed for run in found.runs} == {7}
        assert {run.spec.plan.epochs for run in found.runs} != {5000}
        selected = app.session_state["_journey"].selected_run
        chosen = next(run for run in found.runs if run.run_id == selected)
        assert chosen.spec.preparation.window.length == 24
        assert app.get("progress")[0].proto.text.startswith("0 of 7 done")

    def test_errors_by_length_with_the_knee_and_the_naive_line(self, app, store, series):
        runs = sweep(store, series, (4, 11, 24))
        scores = {
            run.spec.preparation.window.length: store.get("local", run.run_id).state.finished.scores
            for run in runs
        }
        on_page(app, selected_run=runs[1].run_id)
        drawn = traces(app)
        errors = drawn["Test error: checks"]
        assert errors["x"] == [4, 11, 24]
        assert errors["y"] == pytest.approx([scores[length]["lstm"]["mae"] for length in (4, 11, 24)])
        chooses = drawn["Validation error: chooses"]["y"]
        assert chooses != pytest.approx(errors["y"])
        knee = next(trace for name, trace in drawn.items() if name.startswith("Knee at "))
        assert knee["y"][0] <= 1.02 * min(chooses)
        naive = {round(one["naive"]["mae"], 9) for one in scores.values()}
        assert len(naive) == 1  # the same test rows
        assert drawn["Repeating the last value (test)"]["y"][0] == pytest.approx(naive.pop())
        assert any(name.startswith("Knee at ") for name in drawn)
        assert "With a window of" in words(app)

    def test_one_click_sets_the_window_length(self, app, store, series):
        runs = sweep(store, series, (4, 11, 24))
        on_page(app, selected_run=runs[1].run_id, preparation=default_preparation(series))
        offered = next(one for one in app.selectbox if one.key and one.key.startswith("use_length_of"))
        assert "the knee" in offered.options[[4, 11, 24].index(offered.value)]
        length = 11 if offered.value != 11 else 4
        offered.select(length).run()
        app.button(key="use_length").click().run()
        assert not app.exception
        assert app.session_state["_journey"].preparation.window.length == length != 24
        app.switch_page("pages/windows.py").run()
        assert app.slider(key="window_length").value == length

    def test_the_numbers_behind_the_chart_hold_the_pull_and_the_errors(self, app, store, series):
        runs = sweep(store, series, (4, 11, 24))
        app.session_state["memory_chart_table"] = True
        on_page(app, selected_run=runs[1].run_id)
        table = next(one.value for one in app.dataframe if "mae_test" in one.value)
        assert table["rows"].tolist() == [*range(1, 12), 24]
        told = table.dropna(subset="mae_test")
        assert told["rows"].tolist() == [4, 11, 24]
        done = [store.get("local", run.run_id).state.finished.scores["lstm"]["mae"] for run in runs]
        assert told["mae_test"].tolist() == pytest.approx(done)

    def test_lengths_of_another_series_are_not_offered(self, app, store, series):
        runs = sweep(store, series, (4, 11))
        on_page(app, source=SeriesSource(kind="sample", sample="nile"), selected_run=runs[0].run_id)
        assert "belong to another series" in words(app)

    def test_a_live_sweep_tells_how_far_it_is_and_can_be_cancelled(self, app, store, series):
        elsewhere = Presence(store.url)
        runs = sweep(store, series, (4, 11, 24), done=1)
        for run in runs[1:]:
            assert store.hand_over(run.run_id, elsewhere.name, held_by=None)
        on_page(app, selected_run=runs[1].run_id)
        assert app.get("progress")[0].proto.text.startswith("1 of 3 done, 2 waiting")
        assert "Fewer than two lengths are done yet" in words(app)
        app.button(key="cancel_all").click().run()
        assert {run.run_id for run in store.open_runs() if run.stop} == {run.run_id for run in runs[1:]}
        elsewhere.close()

    def test_a_sweep_is_found_again_through_the_address(self, app, store, series):
        runs = sweep(store, series, (4, 11, 24))
        sweep(store, series, (5, 6), token="newer")
        app.query_params["run"] = runs[2].run_id
        app.run().switch_page(PAGE).run()
        assert not app.exception
        assert traces(app)["Validation error: chooses"]["x"] == [4, 11, 24]

    def test_the_run_list_leads_here(self, app, store, series):
        sweep(store, series, (4, 11))
        app.session_state["_journey"] = Journey(source=SUNSPOTS)
        app.run().switch_page("pages/training.py").run()
        assert (
            "**Sunspots, windows of 4 to 11 rows** :violet-badge[:material/straighten: 2 lengths]"
            in words(app)
        )
        app.button(key="open_study_lengths-a").click().run()
        assert not app.exception
        assert app.title[0].value == "Memory"

    def test_a_series_that_never_changes_breaks_nothing(self, app, store):
        flat = Series(values=np.ones((60, 1)), index=pd.RangeIndex(60), columns=("y",), name="flat")
        run = finish_run(store, flat, PreparationSpec(target="y", window=WindowSpec(length=5)))
        source = SeriesSource(kind="stored", fingerprint=flat.fingerprint, series_name="flat")
        on_page(app, source=source, selected_run=run.run_id)
