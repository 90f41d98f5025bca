"""Seeds page: start a repetition, follow it, read its spread, compare two."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.presence import Presence
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource
from lstm_core.study.repetition import group
from lstm_core.training.events import RunCancelled, RunFailed
from lstm_core.training.plan import TrainingPlan
from pages._shell.state import Journey, from_address, to_address
from tests.pages.live import live_figure
from tests.pages.repeated import begin, finish, finish_study, queue_up

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
pytestmark = pytest.mark.usefixtures("worker_that_waits")


@pytest.fixture
def elsewhere(store: SqlStore):
    """A living queue of another process, so that its runs are left alone here."""
    presence = Presence(store.url)
    yield presence
    presence.close()


@pytest.fixture
def live(store: SqlStore, series: Series, elsewhere: Presence):
    """A repetition that another process trains: one run done, one at work, one waiting."""
    runs = queue_up(store, series, study="live")
    for run in runs:
        assert store.hand_over(run.run_id, elsewhere.name, held_by=None)
    for run in runs[:2]:
        assert store.claim(run.run_id, elsewhere.name)
    begin(store, runs[0], 0.9, 0.5)
    finish(store, series, runs[0])
    begin(store, runs[1], 0.8, 0.6, 0.4)
    return runs


def on_page(app: AppTest, page: str = "pages/seeds.py", **choices) -> AppTest:
    app.session_state["_journey"] = Journey(source=SUNSPOTS, **choices)
    app.run().switch_page(page).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    boxes = [*app.success, *app.warning, *app.error, *app.info]
    return " ".join(part.value for part in [*boxes, *app.markdown, *app.caption])


def chart(app: AppTest, key: str) -> dict:
    for element in app.get("plotly_chart"):
        if element.proto.id.endswith(f"-{key}"):
            return json.loads(element.proto.spec)
    raise AssertionError(f"no chart {key}")


def frame(app: AppTest, at: int):
    return app.dataframe[at].value


class TestStarting:
    def test_without_a_repetition_the_page_offers_one_with_its_cost(self, app):
        on_page(app)
        assert "There is no repetition yet" in words(app)
        assert "3 runs, 2 at the same time: about" in words(app)
        assert app.button(key="repeat").label == "Repeat with 3 seeds"

    def test_one_click_starts_all_seeds_and_shows_them(self, app, store):
        on_page(app)
        app.number_input(key="repeat_seeds").set_value(4).run()
        app.button(key="repeat").click().run()
        assert not app.exception
        (found,) = group(store.list_runs("local"))
        assert found.seeds == (42, 43, 44, 45)
        assert len({run.spec.model_copy(update={"plan": TrainingPlan()}).digest for run in found.runs}) == 1
        assert app.session_state["_journey"].selected_run == found.runs[0].run_id
        assert app.get("progress")[0].proto.text.startswith("0 of 4 done")

    def test_a_second_click_finds_the_same_repetition(self, app, store):
        on_page(app)
        app.button(key="repeat").click().run()
        app.button(key="repeat").click().run()
        assert not app.exception
        assert len(store.list_runs("local")) == 3

    def test_the_training_page_has_the_button_too(self, app, store):
        on_page(app, "pages/training.py")
        app.number_input(key="epochs").set_value(7)
        app.number_input(key="n_seeds").set_value(2)
        app.run()
        app.button(key="repeat").click().run()
        assert not app.exception
        (found,) = group(store.list_runs("local"))
        assert (found.seeds, found.spec.plan.epochs) == ((42, 43), 7)
        assert app.title[0].value == "Seeds"

    def test_no_half_repetition_when_there_is_no_room(self, app, store, monkeypatch):
        monkeypatch.setenv("LSTM_EXPLORER_MAX_WAITING_PER_OWNER", "2")
        on_page(app)
        app.button(key="repeat").click().run()
        assert not app.exception
        assert any("3 more do not fit" in box.value for box in app.error)
        assert store.list_runs("local") == []

    def test_what_cannot_be_trained_cannot_be_repeated(self, app):
        huge = NetworkSpec(layers=(LayerSpec(units=512),) * 3)
        on_page(
            app,
            "pages/training.py",
            network=huge,
            plan=TrainingPlan(batch_size=4096, epochs=10_000, patience=None),
        )
        assert app.button(key="repeat").disabled

    def test_without_a_series_the_page_says_so(self, app):
        app.run().switch_page("pages/seeds.py").run()
        assert not app.exception
        assert app.button(key="empty_sample")


class TestFollowing:
    def test_a_live_repetition_tells_how_far_it_is_and_what_is_known(self, app, live):
        on_page(app, selected_run=live[1].run_id)
        assert app.get("progress")[0].proto.text.startswith("1 of 3 done, 1 training, 1 waiting, about")
        assert "With 1 seed the test MAE is" in words(app)
        assert "One value has no spread" in words(app)
        assert "±" not in app.info[0].value
        losses = {trace["name"]: trace for trace in live_figure(app, "seeds_loss_chart")["data"]}
        assert losses["validation, highest"]["y"][:2] == [0.9, 0.6]

    def test_news_are_drawn_at_the_next_look(self, app, live, store, series):
        on_page(app, selected_run=live[1].run_id)
        finish(store, series, live[1])
        app.run()
        assert app.get("progress")[0].proto.text.startswith("2 of 3 done")
        assert "Over 2 seeds the test MAE is" in words(app)

    def test_cancel_all_asks_every_live_run_to_stop(self, app, live, store):
        on_page(app, selected_run=live[1].run_id)
        app.button(key="cancel_all").click().run()
        assert not app.exception
        assert app.get("progress")[0].proto.text == "Stopping"
        stopping = {run.run_id for run in store.open_runs() if run.stop}
        assert stopping == {run.run_id for run in live[1:]}

    def test_runs_without_a_result_are_counted_and_named(self, app, store, series):
        runs = queue_up(store, series, study="s")
        begin(store, runs[0], 0.9, 0.5)
        finish(store, series, runs[0])
        store.append(runs[1].run_id, RunFailed(cause="diverged", message="The training diverged at epoch 3."))
        store.append(runs[2].run_id, RunCancelled())
        on_page(app)
        said = " ".join(box.value for box in app.warning)
        assert "2 of 3 runs have no result" in said
        assert "seed 43 failed. The training diverged at epoch 3." in said
        assert "seed 44 cancelled" in said


class TestReading:
    def test_the_verdict_is_the_mean_and_spread_of_the_runs(self, app, store, series):
        made = finish_study(store, series, study="s", n_seeds=4)
        maes = [run.state.finished.scores["lstm"]["mae"] for run in made.runs]
        on_page(app)
        verdict = [*app.success, *app.warning, *app.error][0].value
        assert verdict.startswith(
            f"Over 4 seeds the test MAE is {np.mean(maes):.1f} ± {np.std(maes, ddof=1):.1f} sunspots"
        )
        assert f"from {min(maes):.1f} to {max(maes):.1f}; repeating the last value gives" in verdict

    def test_bands_hold_every_forecast_with_dates(self, app, store, series):
        finish_study(store, series, study="s")
        on_page(app)
        traces = {trace["name"]: trace for trace in chart(app, "seeds_forecast_chart")["data"]}
        assert {"Actual", "Median of the seeds", "Lowest to highest seed"} <= set(traces)
        assert traces["Actual"]["x"][-1].startswith("2008")
        assert "of the actual values lie inside the band" in words(app)

    def test_early_stopping_is_said(self, app, store, series):
        finish_study(store, series, study="s")
        on_page(app)
        assert "After epoch 2 some runs had stopped early" in words(app)

    def test_tables_have_spread_baselines_and_every_seed(self, app, store, series):
        finish_study(store, series, study="s")
        on_page(app)
        whole, each = frame(app, 0), frame(app, 1)
        assert whole["Forecast"].tolist()[:2] == ["Mean of the seeds", "Standard deviation"]
        assert whole["Forecast"].tolist()[4:] == ["Naive", "Seasonal naive", "Linear AR"]
        assert each["Seed"].tolist() == [42, 43, 44]
        assert each["Best epoch"].tolist() == ["2", "2", "2"]

    def test_numbers_stand_on_the_right(self, app, store, series):
        finish_study(store, series, study="s")
        on_page(app)
        columns = json.loads(app.dataframe[1].proto.columns)
        assert {columns[name]["alignment"] for name in ("Best epoch", "MAE", "Seconds")} == {"right"}

    def test_a_seed_can_be_opened(self, app, store, series):
        made = finish_study(store, series, study="s")
        on_page(app, selected_run=made.runs[0].run_id)
        app.pills(key="open_seed").set_value(made.runs[2].run_id).run()
        assert not app.exception
        assert app.session_state["_journey"].selected_run == made.runs[2].run_id
        assert app.pills(key="open_seed").value == made.runs[2].run_id
        assert app.button(key="next")

    def test_the_repetition_of_the_selected_run_is_shown(self, app, store, series):
        first = finish_study(store, series, study="a", n_seeds=2)
        finish_study(store, series, study="b", n_seeds=3, plan=TrainingPlan(epochs=50, batch_size=16))
        on_page(app, selected_run=first.runs[1].run_id)
        assert "Over 2 seeds" in words(app)
        app.selectbox(key="study").set_value(group(store.list_runs("local"))[0].runs[0].run_id).run()
        assert not app.exception
        assert "Over 3 seeds" in words(app)

    def test_a_look_of_the_live_part_chooses_no_repetition(self, app, store, series, monkeypatch):
        """It may have been sent before the browser knew of the repetition that a click has just started."""
        old = finish_study(store, series, study="a", n_seeds=2)
        new = finish_study(store, series, study="b", n_seeds=3, plan=TrainingPlan(epochs=50, batch_size=16))
        on_page(app, selected_run=new.runs[0].run_id)
        context = SimpleNamespace(fragment_ids_this_run=["the live part of the page"])
        with monkeypatch.context() as look:
            look.setattr("pages._shell.state.get_script_run_ctx", lambda: context)
            app.selectbox(key="study").set_value(old.runs[0].run_id).run()
        assert app.session_state["_journey"].selected_run == new.runs[0].run_id
        app.selectbox(key="study").set_value(old.runs[0].run_id).run()
        assert app.session_state["_journey"].selected_run == old.runs[0].run_id

    def test_a_horizon_has_a_slider(self, app, store, series):
        preparation = PreparationSpec(target=series.columns[0], window=WindowSpec(length=12, horizon=3))
        finish_study(store, series, study="s", n_seeds=2, preparation=preparation)
        on_page(app)
        before = chart(app, "seeds_forecast_chart")["data"][-1]["y"]
        app.slider(key="seeds_step").set_value(3).run()
        assert not app.exception
        assert chart(app, "seeds_forecast_chart")["data"][-1]["y"] != before


class TestComparing:
    @pytest.fixture
    def two(self, store, series):
        return (
            finish_study(store, series, study="a", n_seeds=5),
            finish_study(
                store, series, study="b", n_seeds=5, plan=TrainingPlan(epochs=50, learning_rate=0.01, seed=90)
            ),
        )

    def compare(self, app, two):
        on_page(app, selected_run=two[0].runs[0].run_id)
        app.selectbox(key="compare_with").set_value(two[1].runs[0].run_id).run()
        assert not app.exception

    def test_a_change_that_does_nothing_is_smaller_than_the_seed_noise(self, app, two):
        """The made-up networks know no learning rate: only their seeds differ."""
        self.compare(app, two)
        assert "The change you made is smaller than the seed noise" in words(app)
        assert frame(app, 2).to_dict("records") == [{"Changed": "Learning rate", "A": "0.001", "B": "0.01"}]
        assert frame(app, 3)["Seeds"].tolist() == [5, 5]
        assert "95% interval" in words(app)

    def test_the_choice_goes_into_the_address(self, app, two):
        self.compare(app, two)
        assert from_address(app.query_params["journey"]).beside == two[1].runs[0].run_id

    def test_a_refresh_keeps_the_choice(self, app, two):
        """A refresh is a new session that knows the address only."""
        chosen = Journey(source=SUNSPOTS, beside=two[1].runs[0].run_id)
        app.query_params.update(journey=to_address(chosen), run=two[0].runs[0].run_id)
        app.run().switch_page("pages/seeds.py").run()
        assert not app.exception
        assert app.selectbox(key="compare_with").value == two[1].runs[0].run_id
        assert "The change you made is smaller than the seed noise" in words(app)

    def test_another_repetition_or_none_may_follow(self, app, two):
        self.compare(app, two)
        app.selectbox(key="study").set_value(two[1].runs[0].run_id).run()
        assert not app.exception
        assert app.selectbox(key="compare_with").value is None
        app.selectbox(key="compare_with").set_value(two[0].runs[0].run_id).run()
        assert "seed noise of one run" in words(app)
        app.selectbox(key="compare_with").set_value(None).run()
        assert not app.exception
        assert app.session_state["_journey"].beside is None

    def test_a_change_for_the_worse_is_larger(self, app, store, series, two):
        short = PreparationSpec(target=series.columns[0], window=WindowSpec(length=1))
        third = finish_study(store, series, study="c", n_seeds=5, preparation=short)
        self.compare(app, (two[0], third))
        assert "is larger than the seed noise" in words(app)
        assert "Both have the seeds 42, 43, 44, 45, 46" in words(app)

    def test_f72_another_test_part_is_refused(self, app, store, series, two):
        other = PreparationSpec(target=series.columns[0], window=WindowSpec(length=12, horizon=2))
        third = finish_study(store, series, study="c", n_seeds=2, preparation=other)
        self.compare(app, (two[0], third))
        assert any("their horizons differ" in box.value for box in app.error)

    def test_two_seeds_cannot_say(self, app, store, series, two):
        third = finish_study(store, series, study="c", n_seeds=2)
        self.compare(app, (two[1], third))
        assert "With 5 and 2 seeds this cannot be said" in words(app)

    def test_alone_there_is_nothing_to_compare_with(self, app, store, series):
        finish_study(store, series, study="a")
        on_page(app)
        assert "Repeat a second setting" in words(app)
        assert "compare_with" not in [box.key for box in app.selectbox]


class TestInTheRunList:
    def test_the_runs_of_a_repetition_are_one_entry(self, app, store, series, finished_run):
        made = finish_study(store, series, study="a", n_seeds=4)
        on_page(app, "pages/training.py")
        assert "4 finished · test MAE" in words(app)
        assert any("±" in caption.value and "(sunspots)" in caption.value for caption in app.caption)
        keys = [button.key for button in app.button]
        assert f"open_{finished_run.run_id}" in keys
        assert not any(f"open_{run.run_id}" in keys for run in made.runs)
        app.button(key="open_study_a").click().run()
        assert not app.exception
        assert app.title[0].value == "Seeds"
        assert app.session_state["_journey"].selected_run == made.runs[0].run_id

    def test_opened_it_shows_every_run(self, app, store, series):
        made = finish_study(store, series, study="a", n_seeds=2)
        on_page(app, "pages/training.py")
        app.session_state["runs_of_a"] = True
        app.run()
        assert not app.exception
        keys = [button.key for button in app.button]
        assert all(f"open_{run.run_id}" in keys for run in made.runs)


def test_the_number_of_seeds_chosen_on_the_training_page_is_the_one_on_this_page(app):
    on_page(app, "pages/training.py")
    app.number_input(key="n_seeds").set_value(5).run()
    app.switch_page("pages/seeds.py").run()
    assert app.button(key="repeat").label == "Repeat with 5 seeds"


def test_a_run_outside_the_repetition_is_not_mistaken_for_one_of_it(app, store, series):
    made = finish_study(store, series, study="s", n_seeds=2)
    spec = made.runs[0].spec.model_copy(update={"plan": TrainingPlan(epochs=51)})
    alone = store.create("local", spec, series, name="alone", token="alone")
    on_page(app, selected_run=alone.run_id)
    assert "was trained with one seed" in words(app)
    on_page(app, selected_run=made.runs[0].run_id)
    assert "was trained with one seed" not in words(app)
