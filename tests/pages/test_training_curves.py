"""Training page: the plan's schedule, and the curves of a run."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.events import EpochEnded, ExampleForecast, RunFailed, RunStarted
from lstm_core.training.plan import RunSpec, TrainingPlan
from pages._shell.state import Journey

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")


@pytest.fixture
def make(store_url: str):
    """Put a run that is over into the store without training it."""

    def create(*events, network: NetworkSpec | None = None, **plan) -> Run:
        store, series = SqlStore(store_url), load_source(SUNSPOTS, lambda sha256: b"")
        spec = RunSpec(
            series_fingerprint=series.fingerprint,
            preparation=default_preparation(series),
            network=network or NetworkSpec(),
            plan=TrainingPlan(**plan),
        )
        run = store.create("local", spec, series, name="by hand", token="x")
        started = RunStarted(n_parameters=10, n_train=200, n_validation=20, n_test=60, epochs=100)
        store.append(run.run_id, started, *events, RunFailed(cause="error", message="It stopped."))
        return run

    return create


def epoch(number: int, **measured: float) -> EpochEnded:
    return EpochEnded(epoch=number, loss=1 / number, val_loss=2 / number, seconds=number, **measured)


def on_page(app: AppTest, run: Run | None = None, **choices) -> AppTest:
    selected = None if run is None else run.run_id
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=selected, **choices)
    app.run().switch_page("pages/training.py").run()
    assert not app.exception
    return app


def chart(app: AppTest, number: int = 0) -> dict:
    return json.loads(app.get("plotly_chart")[number].proto.spec)


def names(figure: dict) -> list[str]:
    return [trace["name"] for trace in figure["data"]]


def words(app: AppTest) -> str:
    return " ".join(part.value for part in [*app.markdown, *app.caption])


class TestSchedule:
    def test_only_what_the_schedule_uses_is_asked_for(self, app):
        on_page(app)

        def asked() -> set[str]:
            keys = {widget.key for widget in app.number_input}
            return keys & {"decay_epochs", "restart_every", "plateau_factor", "plateau_patience"}

        assert asked() == set()
        for schedule, fields in {
            "exponential": {"decay_epochs", "restart_every"},
            "cosine": {"restart_every"},
            "plateau": {"plateau_factor", "plateau_patience"},
        }.items():
            app.selectbox(key="schedule").set_value(schedule).run()
            assert not app.exception
            assert asked() == fields
            assert app.session_state["_journey"].plan.schedule == schedule

    def test_the_planned_rate_is_drawn_before_the_run(self, app):
        on_page(app, plan=TrainingPlan(schedule="exponential", learning_rate=0.01, epochs=5))
        figure = chart(app, -1)
        rates = figure["data"][0]["y"]
        assert [f"{rate:.6f}" for rate in rates] == [
            "0.010000",
            "0.008187",
            "0.006703",
            "0.005488",
            "0.004493",
        ]
        assert figure["layout"]["yaxis"]["title"]["text"] == "Learning rate"
        app.number_input(key="restart_every").set_value(2).run()
        assert not app.exception
        assert chart(app, -1)["data"][0]["y"][2] == 0.01
        assert app.session_state["_journey"].plan.restart_every == 2

    @pytest.mark.parametrize("name", ["optimizer", "loss", "schedule"])
    def test_choices_are_explained_with_their_formulas(self, app, name):
        on_page(app)
        assert "$" in app.selectbox(key=name).help


class TestCurves:
    def test_the_rate_is_drawn_under_the_losses_unless_it_is_constant(self, app, make):
        falling = make(
            epoch(1, learning_rate=0.01),
            epoch(2, learning_rate=0.005),
            schedule="plateau",
            learning_rate=0.01,
        )
        figure = chart(on_page(app, falling))
        drawn = {trace["name"]: trace for trace in figure["data"]}
        assert drawn["learning rate"]["y"] == [0.01, 0.005]
        assert drawn["learning rate"]["yaxis"] == "y2"
        assert figure["layout"]["yaxis2"]["title"]["text"] == "Learning rate"

    def test_a_constant_rate_needs_no_panel(self, app, make):
        figure = chart(on_page(app, make(epoch(1, learning_rate=0.01))))
        assert "learning rate" not in names(figure)

    def test_lengths_are_shown_on_demand_with_a_sentence_that_teaches(self, app, make):
        run = make(epoch(1, gradient_norm=4.0, weight_norm=9.0), epoch(2, gradient_norm=0.1, weight_norm=9.5))
        assert "gradient" not in names(chart(on_page(app, run)))
        app.toggle(key="norms").set_value(True).run()
        assert not app.exception
        figure = chart(app)
        drawn = {trace["name"]: trace for trace in figure["data"]}
        assert drawn["gradient"]["y"] == [4.0, 0.1]
        assert drawn["weights"]["y"] == [9.0, 9.5]
        assert set(drawn["clip norm (1)"]["y"]) == {1.0}
        assert figure["layout"]["yaxis2"]["type"] == "log"
        assert "explodes" in words(app)
        assert "vanishes" in words(app)

    def test_an_old_run_without_lengths_says_so(self, app, make):
        on_page(app, make(epoch(1), epoch(2)))
        app.toggle(key="norms").set_value(True).run()
        assert not app.exception
        assert "before the lengths were recorded" in words(app)

    def test_penalties_are_named_on_the_axis(self, app, make):
        network = NetworkSpec(layers=(LayerSpec(recurrent_l2=0.01),))
        figure = chart(on_page(app, make(epoch(1), network=network)))
        assert figure["layout"]["yaxis"]["title"]["text"].startswith("Loss: mse + weight penalty [")

    def test_the_example_is_drawn_with_its_first_forecast_behind_it(self, app, make):
        def told(number, value):
            return ExampleForecast(epoch=number, values=(value,) * 31)

        run = make(epoch(1), told(1, 10.0), epoch(2), told(2, 50.0))
        on_page(app, run)
        figure = chart(app, 1)
        assert names(figure) == ["after epoch 1", "Actual", "forecast after epoch 2"]
        assert figure["layout"]["yaxis"]["title"]["text"] == "sunspots"
        assert "after epoch 2 the forecast misses them by" in words(app)

    def test_a_run_without_an_example_has_no_empty_frame(self, app, make):
        assert len(on_page(app, make(epoch(1))).get("plotly_chart")) == 1
