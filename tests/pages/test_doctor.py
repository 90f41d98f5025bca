"""Doctor page: findings in words, their pictures, one click to the experiment, before and after."""

import json

import pytest

from lstm_core.doctor.rules import RULES
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import WindowSpec
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.events import EpochEnded, RunFailed, RunStarted
from lstm_core.training.plan import RunSpec, TrainingPlan
from pages._shell.state import Journey, from_address, to_address
from tests.pages.finished import finish_run

PAGE = "pages/doctor.py"
SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
STARTED = RunStarted(n_parameters=10, n_train=200, n_validation=20, n_test=60, epochs=100)


@pytest.fixture(autouse=True)
def worker_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that a test starts reach a real worker, but one without TensorFlow that only waits."""
    room = "tests.core.runs.executables"
    program = Program(warm_up=f"{room}.no_warm_up", execute=f"{room}.wait")
    monkeypatch.setattr("lstm_core.runs.queue.Program", lambda: program)


@pytest.fixture
def series():
    return load_source(SUNSPOTS, lambda sha256: b"")


@pytest.fixture
def look(app, store_url):
    """Open the Doctor page on a run."""

    def open_page(run_id):
        app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=run_id)
        at = app.run().switch_page(PAGE).run()
        assert not at.exception
        return at

    return open_page


@pytest.fixture
def diverged(store_url, series):
    """A run with relu and without a clip norm whose loss stopped being a number."""
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=default_preparation(series),
        plan=TrainingPlan(clipnorm=None),
    )
    store = SqlStore(store_url)
    run = store.create("local", spec, series, name="wild", token="wild")
    ended = EpochEnded(epoch=1, loss=9.0, val_loss=1e9, seconds=1.0, gradient_norm=77.0)
    store.append(run.run_id, STARTED, ended, RunFailed(cause="diverged", message="It diverged at epoch 2."))
    return store.get("local", run.run_id)


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def said(at):
    boxes = [*at.error, *at.warning, *at.info, *at.success, *at.markdown, *at.caption]
    return " ".join(one.value for one in boxes).replace("\\", "")


def red(at):
    return at.error[0].value.replace("\\", "")


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_a_live_run_is_not_judged(look, store_url, series):
    spec = RunSpec(series_fingerprint=series.fingerprint, preparation=default_preparation(series))
    run = SqlStore(store_url).create("local", spec, series, name="live", token="live")
    at = look(run.run_id)
    assert "not over" in at.info[0].value
    assert at.button(key="empty_go").label == "Watch it"


def test_a_good_run_is_told_what_was_looked_for(look, finished_run):
    at = look(finished_run.run_id)
    assert sum(f"**{rule.name}**: {rule.fires}" in said(at) for rule in RULES) > len(RULES) // 2
    assert not at.error


def test_a_run_that_failed_is_examined_by_its_curve(look, diverged):
    at = look(diverged.run_id)
    assert red(at).startswith("Diverged: In epoch 2 the loss stopped being a number")
    assert "gradient norm was 77.0 in epoch 1" in red(at)
    assert "diverged_chart" in charts(at)
    assert at.button(key="experiment_diverged").label == "Try clip norm 1, same seed"
    assert "could not be looked for" in " ".join(box.label for box in at.expander)


def test_one_click_starts_the_experiment_and_leads_to_it(look, diverged, store_url):
    at = look(diverged.run_id)
    at.button(key="experiment_diverged").click().run()
    assert not at.exception
    runs = SqlStore(store_url).list_runs("local")
    assert len(runs) == 2
    new = next(run for run in runs if run.run_id != diverged.run_id)
    assert new.spec == diverged.spec.model_copy(
        update={"plan": diverged.spec.plan.model_copy(update={"clipnorm": 1.0})}
    )
    assert at.session_state["_journey"].selected_run == new.run_id
    assert at.title[0].value == "Training"
    in_address = from_address(at.query_params["journey"])
    assert in_address.experiment == (new.run_id, diverged.run_id)
    assert in_address.beside == diverged.run_id


def test_after_a_refresh_an_experiment_still_stands_beside_its_run(app, store_url, series):
    """The newest run alike is another one: only the address says which one the experiment came from."""
    store, usual = SqlStore(store_url), default_preparation(series)
    before = finish_run(store, series, usual)
    newer = finish_run(store, series, usual.model_copy(update={"window": WindowSpec(length=12)}))
    after = finish_run(store, series, usual.model_copy(update={"window": WindowSpec(length=1)}))
    journey = Journey(source=SUNSPOTS, experiment=(after.run_id, before.run_id))
    app.query_params.update(journey=to_address(journey), run=after.run_id)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert [one.value for one in at.subheader][:2] == ["Before and after", "Findings"]
    box = at.selectbox(key="compare_with")
    assert box.value == before.run_id
    box.set_value(newer.run_id).run()
    assert not at.exception
    assert from_address(at.query_params["journey"]).beside == newer.run_id
    assert [one.value for one in at.subheader][:2] == ["Before and after", "Findings"]


def test_a_worse_setting_is_found_and_compared_with_the_one_before(look, store_url, series):
    """The same network reading one row instead of 24: red, with a way back, beside the run before it."""
    store, usual = SqlStore(store_url), default_preparation(series)
    before = finish_run(store, series, usual)
    after = finish_run(store, series, usual.model_copy(update={"window": WindowSpec(length=1)}))
    at = look(after.run_id)
    assert red(at).startswith("Window of one step: The network reads 1 row")
    assert "window_of_one_chart" in charts(at)
    assert at.selectbox(key="compare_with").value == before.run_id
    assert "before_after_chart" in charts(at)
    assert "One seed proves little" in said(at)
    table = next(frame.value for frame in at.dataframe if "Before" in frame.value)
    assert list(table.iloc[0]) == ["Window length", "24", "1"]
    assert "**New:** Window of one step" in said(at)


def test_an_unscaled_run_gets_the_three_reasons(look, store_url, series):
    raw = default_preparation(series).model_copy(update={"scaling": ScalingSpec(kind="none")})
    at = look(finish_run(SqlStore(store_url), series, raw).run_id)
    assert "Unscaled input" in red(at)
    assert "unscaled_input_chart" in charts(at)
    words = said(at)
    for reason in ("Saturation", "Gradient", "Convergence"):
        assert reason in words
    assert at.button(key="experiment_unscaled_input").label == "Try standard scaling, same seed"


def test_an_experiment_that_may_not_run_says_why(look, diverged, monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_WALL_LIMIT_SECONDS", "0.001")
    at = look(diverged.run_id)
    at.button(key="experiment_diverged").click().run()
    assert not at.exception
    assert len(at.error) == 2


def test_the_training_page_says_the_top_finding_beside_the_curve(look, diverged):
    at = look(diverged.run_id).switch_page("pages/training.py").run()
    assert not at.exception
    assert "Diverged: In epoch 2 the loss stopped being a number" in said(at)
