"""A run keeps how its series came about; opening it brings roles and steps back, as long as the file is there."""

from streamlit.testing.v1 import AppTest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import record
from lstm_core.series.cleaning.spec import Cleaning, LagStep, OutlierStep
from lstm_core.series.detect import detect_roles
from lstm_core.series.source import SeriesSource, load_table
from lstm_core.training.events import RunFailed, RunStarted
from lstm_core.training.plan import RunSpec
from pages._shell.state import Journey
from tests.pages.test_cleaning import csv
from tests.pages.test_series import checked, source_of

STEPS = (OutlierStep(column="y", action="replace"), LagStep(column="y", rows=3))
CLEANING = Cleaning(steps=STEPS, known_share=0.6)


def make_run(store: SqlStore, *, keep: bool) -> Run:
    """A failed run on an upload with two steps: nothing but its choices can be looked at."""
    content = csv().encode()
    sha256 = store.save_upload("local", content, "mine.csv") if keep else "b" * 64
    source = SeriesSource(kind="upload", sha256=sha256, file_name="mine.csv", cleaning=CLEANING)
    table = load_table(source, lambda _: content)
    roles = detect_roles(table).model_copy(update={"unit": "kWh"})
    made = assemble(table, roles, cleaning=CLEANING)
    spec = RunSpec(
        series_fingerprint=made.series.fingerprint,
        preparation=default_preparation(made.series),
        cleaning=record(source, roles, made),
    )
    run = store.create("local", spec, made.series, name="mine", token="mine")
    store.append(
        run.run_id,
        RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=1),
        RunFailed(cause="diverged", message="The loss stopped being a number."),
    )
    return store.get("local", run.run_id)


def opened(app: AppTest, run: Run) -> AppTest:
    app.query_params["run"] = run.run_id
    return checked(app.run())


def test_the_record_survives_the_store(store):
    run = make_run(store, keep=True)
    assert run.spec.cleaning is not None
    assert run.spec.cleaning.source.cleaning == CLEANING
    assert set(run.spec.cleaning.learned.steps[0]) == {"season", "known", "behind"}


def test_opening_a_run_brings_its_roles_and_steps_back(app, store):
    run = make_run(store, keep=True)
    source = source_of(opened(app, run))
    assert (source.kind, source.cleaning, source.roles.unit) == ("upload", CLEANING, "kWh")
    assert app.session_state["_journey"].preparation == run.spec.preparation
    checked(app.switch_page("pages/series.py").run())
    assert "remove_step_1" in [button.key for button in app.button]


def test_without_the_file_the_series_itself_comes_back_and_new_runs_keep_its_record(app, store):
    run = make_run(store, keep=False)
    source = source_of(opened(app, run))
    assert (source.kind, source.fingerprint) == ("stored", run.spec.series_fingerprint)
    checked(app.switch_page("pages/training.py").run())
    checked(app.button(key="train").click().run())
    newest = store.list_runs("local")[0]
    assert newest.run_id != run.run_id
    assert newest.spec.cleaning == run.spec.cleaning


def test_a_training_keeps_the_record_of_a_sample(app, store):
    source = SeriesSource(sample="sunspots", cleaning=Cleaning(steps=(LagStep(column="sunspots", rows=11),)))
    app.session_state["_journey"] = Journey(source=source)
    checked(app.run().switch_page("pages/training.py").run())
    checked(app.button(key="train").click().run())
    kept = store.list_runs("local")[0].spec
    assert kept.cleaning is not None
    assert kept.cleaning.source.cleaning == source.cleaning
    assert kept.cleaning.roles.target == "sunspots"
    assert kept.preparation.features == ("sunspots 11 back",)
