"""Backtest page: lay out folds, start them, follow them, read them; and one network block by block."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.evaluation.verdict import amount
from lstm_core.preparation.split import SplitSpec
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.runs.presence import Presence
from lstm_core.series.source import SeriesSource
from lstm_core.study.folds import FoldSpec
from lstm_core.study.trials import find_studies
from lstm_core.training.events import RunFailed
from pages._shell.state import Journey
from tests.pages.studied import backtest, drawn_in, words

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
PAGE = "pages/backtest.py"
FOLDS = FoldSpec(n_folds=4, rows=15)
pytestmark = pytest.mark.usefixtures("worker_that_waits")


def on_page(app: AppTest, **choices) -> AppTest:
    app.session_state["_journey"] = Journey(**{"source": SUNSPOTS, **choices})
    app.run().switch_page(PAGE).run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return [*app.success, *app.warning, *app.error, *app.info][0].value


class TestStarting:
    def test_without_a_series_the_page_says_so(self, app):
        on_page(app, source=None)
        assert app.button(key="empty_sample")

    def test_the_folds_are_drawn_and_their_cost_is_told_before_anything_starts(self, app, store):
        on_page(app)
        assert "There is no backtest yet" in words(app)
        assert app.button(key="start_backtest").label == "Train 5 folds"
        assert "5 runs, 2 at the same time: about" in words(app)
        tests = drawn_in(app, "backtest_plan_chart")["Test"]
        assert tests["x"][0].startswith("1949")  # 5 blocks of 12 years end at the last row, 2008
        assert store.list_runs("local") == []

    def test_one_click_starts_every_fold_as_an_ordinary_run(self, app, store):
        on_page(app)
        app.number_input(key="backtest_folds").set_value(3).run()
        app.button(key="start_backtest").click().run()
        assert not app.exception
        (found,) = find_studies(store.list_runs("local"), "backtest")
        rows = [store.load_series("local", run.spec.series_fingerprint).n_rows for run in found.runs]
        assert rows == [309 - 2 * 20, 309 - 20, 309]
        assert app.session_state["_journey"].selected_run == found.runs[0].run_id
        assert app.get("progress")[0].proto.text.startswith("0 of 3 done")
        assert app.segmented_control(key="backtest_how").value == "anew"

    def test_folds_that_do_not_fit_are_refused_in_words(self, app):
        preparation = PreparationSpec(
            target="sunspots", split=SplitSpec(validation_fraction=0.5, test_fraction=0.2)
        )
        on_page(app, preparation=preparation)
        app.number_input(key="backtest_folds").set_value(2).run()
        rows = next(one for one in app.number_input if one.key.startswith("backtest_rows_2_"))
        rows.set_value(rows.max).run()
        assert "2 folds of" in words(app)
        assert "do not fit this series" in words(app)


class TestReading:
    def test_the_verdict_mean_and_skill_are_those_of_the_runs(self, app, store, series):
        runs = backtest(store, series, FOLDS)
        scores = [store.get("local", run.run_id).state.finished.scores for run in runs]
        maes = [one["lstm"]["mae"] for one in scores]
        skills = [1 - one["lstm"]["mae"] / one["naive"]["mae"] for one in scores]
        on_page(app, selected_run=runs[1].run_id)
        won = sum(skill > 0 for skill in skills)
        assert told(app).startswith(f"The LSTM is better than naive in {won} of 4 folds; worst in ")
        first = 1949 + 15 * int(np.argmin(skills))
        assert f"worst in {first} to {first + 14} " in told(app)
        assert f"{amount(np.mean(maes))} ± " in told(app)
        assert drawn_in(app, "backtest_error_chart")["LSTM"]["y"] == pytest.approx(maes)
        table = app.dataframe[0].value
        assert table["Test rows"].tolist() == [
            "1949 to 1963",
            "1964 to 1978",
            "1979 to 1993",
            "1994 to 2008",
        ]
        assert table["Fold"].tolist() == [1, 2, 3, 4]

    def test_a_backtest_is_found_again_through_the_address(self, app, store, series):
        runs = backtest(store, series, FOLDS, token="old")
        backtest(store, series, FoldSpec(n_folds=2, rows=15), token="new")
        app.query_params["run"] = runs[2].run_id
        app.run().switch_page(PAGE).run()
        assert not app.exception
        assert len(app.dataframe[0].value) == 4
        assert app.pills(key="open_fold").value == runs[2].run_id

    def test_a_live_one_tells_how_far_it_is_and_can_be_cancelled(self, app, store, series):
        elsewhere = Presence(store.url)
        runs = backtest(store, series, FOLDS, done=2)
        for run in runs[2:]:
            assert store.hand_over(run.run_id, elsewhere.name, held_by=None)
        on_page(app, selected_run=runs[0].run_id)
        assert app.get("progress")[0].proto.text.startswith("2 of 4 done, 2 waiting")
        assert "of 2 folds" in told(app)
        app.button(key="cancel_all").click().run()
        assert {run.run_id for run in store.open_runs() if run.stop} == {run.run_id for run in runs[2:]}
        elsewhere.close()

    def test_a_fold_without_a_result_is_named_and_left_out(self, app, store, series):
        runs = backtest(store, series, FOLDS, done=3)
        store.append(runs[3].run_id, RunFailed(cause="diverged", message="The training diverged."))
        on_page(app, selected_run=runs[0].run_id)
        assert "fold 4 failed. The training diverged." in words(app)
        assert "of 3 folds" in told(app)

    def test_the_run_list_leads_here(self, app, store, series):
        backtest(store, series, FOLDS)
        app.session_state["_journey"] = Journey(source=SUNSPOTS)
        app.run().switch_page("pages/training.py").run()
        assert not app.exception
        assert "**Sunspots, 24 → 1, 12 units** :violet-badge[:material/event_repeat: 4 folds]" in words(app)
        app.button(key="open_study_backtest-a").click().run()
        assert not app.exception
        assert app.title[0].value == "Backtest"

    def test_the_seeds_page_leaves_folds_alone(self, app, store, series):
        backtest(store, series, FOLDS)
        app.session_state["_journey"] = Journey(source=SUNSPOTS)
        app.run().switch_page("pages/seeds.py").run()
        assert "There is no repetition yet" in words(app)


class TestBlocks:
    def test_one_network_is_scored_at_once(self, app, finished_run, store):
        on_page(app, selected_run=finished_run.run_id)
        assert app.segmented_control(key="backtest_how").value == "blocks"
        assert "of 5 blocks; worst in" in told(app)
        maes = drawn_in(app, "backtest_error_chart")["LSTM"]["y"]
        assert np.average(maes, weights=[13, 13, 12, 12, 12]) == pytest.approx(
            finished_run.state.finished.scores["lstm"]["mae"], rel=1e-6
        )
        assert len(store.list_runs("local")) == 1
        app.slider(key="backtest_blocks").set_value(3).run()
        assert "of 3 blocks" in told(app)

    def test_without_a_run_it_says_what_is_missing(self, app):
        on_page(app)
        app.segmented_control(key="backtest_how").set_value("blocks").run()
        assert not app.exception
        assert "No run is selected" in words(app)
