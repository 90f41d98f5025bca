"""A run brings its choices back: series, preparation, network and plan, however it is opened."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.record import Series, Step
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.events import RunFailed, RunStarted
from lstm_core.training.plan import RunSpec, TrainingPlan
from pages._shell.state import Journey, from_address, to_address

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
NETWORK = NetworkSpec(layers=(LayerSpec(units=7), LayerSpec(units=3)))
PLAN = TrainingPlan(epochs=17, seed=5, loss="mae", patience=None)
STATIONS = ("series", "patterns", "windows", "network", "training")


def mine() -> Series:
    filled = np.zeros((120, 2), dtype=bool)
    filled[5, 0] = True
    return Series(
        values=np.random.default_rng(1).normal(size=(120, 2)).cumsum(axis=0),
        index=pd.date_range("2021-03-01", periods=120, freq="D"),
        columns=("level", "rain"),
        name="**My** river",
        unit="m",
        step="1 day",
        period=7,
        steps=(Step(name="interpolate", count=1, detail="1 missing value filled."),),
        filled=filled,
    )


def preparation(target: str = "level", **features) -> PreparationSpec:
    return PreparationSpec(
        target=target,
        window=WindowSpec(length=11, horizon=2),
        scaling=ScalingSpec(kind="robust"),
        **features,
    )


@pytest.fixture
def make(store: SqlStore):
    """Put a failed run into the store: nothing but its choices can be looked at."""

    def create(
        series: Series, prepared: PreparationSpec, *, owner: str = "local", name: str = "river"
    ) -> Run:
        spec = RunSpec(
            series_fingerprint=series.fingerprint, preparation=prepared, network=NETWORK, plan=PLAN
        )
        run = store.create(owner, spec, series, name=name, token=name)
        store.append(
            run.run_id,
            RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=17),
            RunFailed(cause="diverged", message="The loss stopped being a number."),
        )
        return store.get(owner, run.run_id)

    return create


@pytest.fixture
def river(make) -> Run:
    """A run on a series that no sample and no upload of this session gives."""
    return make(mine(), preparation(features=("rain",)))


@pytest.fixture
def sunspots_run(make) -> Run:
    return make(load_source(SUNSPOTS, lambda sha256: b""), preparation("sunspots"), name="spots")


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def visit(app: AppTest, page: str) -> AppTest:
    return checked(app.switch_page(f"pages/{page}.py").run())


def click(app: AppTest, key: str) -> AppTest:
    return checked(app.button(key=key).click().run())


def keys(app: AppTest) -> list[str | None]:
    return [button.key for button in app.button]


def words(app: AppTest) -> str:
    boxes = [*app.success, *app.warning, *app.error, *app.info, *app.markdown, *app.caption]
    return " ".join(box.value for box in boxes).replace("\\", "")


def journey(app: AppTest) -> Journey:
    return app.session_state["_journey"]


def assert_brought_back(app: AppTest, run: Run) -> None:
    chosen = journey(app)
    assert chosen.source.kind == "stored"
    assert chosen.source.fingerprint == run.spec.series_fingerprint
    assert (chosen.preparation, chosen.network, chosen.plan) == (
        run.spec.preparation,
        run.spec.network,
        run.spec.plan,
    )


class TestWithoutASeries:
    def test_a_link_in_a_fresh_session_fills_every_page(self, app, river):
        app.query_params["run"] = river.run_id
        checked(app.run())
        assert_brought_back(app, river)
        assert journey(app).selected_run == river.run_id
        assert "Series: **\\*\\*My\\*\\* river**" in [link.label for link in app.get("page_link")]
        for page in STATIONS:
            visit(app, page)
            assert "There is no series yet" not in words(app)
            assert not app.error or page == "training", page  # there the run itself says why it failed
        assert_brought_back(app, river)

    def test_the_widgets_show_the_choices_of_the_run(self, app, river):
        app.query_params["run"] = river.run_id
        visit(checked(app.run()), "windows")
        assert app.slider(key="window_length").value == 11
        assert app.number_input(key="horizon").value == 2
        visit(app, "network")
        assert [app.number_input(key=f"units_{at}").value for at in (0, 1)] == [7, 3]
        visit(app, "training")
        assert app.number_input(key="epochs").value == 17
        assert app.selectbox(key="loss").value == "mae"
        assert app.number_input(key="patience").value is None

    def test_open_from_the_list(self, app, river):
        visit(app.run(), "training")
        assert journey(app).source is None
        click(app, f"open_{river.run_id}")
        assert_brought_back(app, river)
        assert app.number_input(key="epochs").value == 17
        assert not app.button(key="train").disabled

    def test_open_from_the_start_page(self, app, finished_run):
        click(checked(app.run()), f"open_{finished_run.run_id}")
        assert_brought_back(app, finished_run)
        assert app.title[0].value == "Forecast"

    def test_open_from_the_strip(self, app, river):
        visit(app.run(), "series")
        checked(app.selectbox(key="run").select(river.run_id).run())
        assert_brought_back(app, river)
        assert "120 rows from 2021-03-01 to 2021-06-28" in words(app)

    def test_the_same_training_again_is_the_same_experiment(self, app, river, store):
        app.query_params["run"] = river.run_id
        visit(checked(app.run()), "training")
        click(app, "train")
        newest = store.list_runs("local")[0]
        assert newest.run_id != river.run_id
        assert newest.spec == river.spec

    def test_a_damaged_journey_beside_a_run_shows_the_choices_of_the_run(self, app, river):
        app.query_params["journey"], app.query_params["run"] = "AAAA", river.run_id
        checked(app.run())
        assert "so those of the run are shown" in words(app)
        assert_brought_back(app, river)

    @pytest.mark.parametrize("foreign", [False, True], ids=["deleted", "foreign"])
    def test_a_run_that_is_gone_brings_nothing(self, app, make, store, foreign):
        run = make(mine(), preparation(), owner="eve" if foreign else "local")
        if not foreign:
            store.delete("local", run.run_id)
        app.query_params["run"] = run.run_id
        checked(app.run())
        assert journey(app) == Journey(selected_run=run.run_id)
        for page in (*STATIONS, "forecast"):
            visit(app, page)
            assert "river" not in words(app)


class TestAddress:
    def test_it_round_trips(self, app, river):
        app.query_params["run"] = river.run_id
        checked(app.run())
        text = app.query_params["journey"]
        restored = from_address(text[0] if isinstance(text, list) else text)
        assert restored.model_copy(update={"selected_run": river.run_id}) == journey(app)

    def test_a_fresh_session_needs_only_the_journey(self, app, river):
        app.query_params["journey"] = to_address(Journey(source=stored(river)))
        checked(app.run())
        for page in STATIONS:
            visit(app, page)
            assert not app.error

    def test_the_series_of_somebody_else_is_not_in_the_store(self, app, make):
        run = make(mine(), preparation(), owner="eve")
        app.query_params["journey"] = to_address(Journey(source=stored(run)))
        checked(app.run())
        for page in STATIONS:
            visit(app, page)
            assert "This series is not in the store" in words(app), page
            assert "2021-03-01" not in words(app)
            assert not app.get("plotly_chart")

    def test_an_unknown_series_leaves_the_way_to_another(self, app):
        app.query_params["journey"] = to_address(
            Journey(source=SeriesSource(kind="stored", fingerprint="0" * 64))
        )
        visit(checked(app.run()), "series")
        assert "This series is not in the store" in words(app)
        checked(app.selectbox(key="sample").select("nile").run())
        assert not app.error
        assert journey(app).source.sample == "nile"


class TestPageOne:
    def test_it_shows_the_series_of_the_run(self, app, river):
        app.session_state["_journey"] = Journey(source=stored(river))
        visit(checked(app.run()), "series")
        assert "120 rows from 2021-03-01 to 2021-06-28, in steps of 1 day" in words(app)
        assert "series of a run" in words(app)
        assert app.get("plotly_chart")
        assert any("Step" in frame.value for frame in app.dataframe)
        assert journey(app).preparation.target == "level"
        assert app.selectbox(key="sample").value is None
        assert "filled (1)" in app.get("plotly_chart")[0].proto.spec

    def test_another_series_can_be_picked(self, app, river):
        app.query_params["run"] = river.run_id
        visit(checked(app.run()), "series")
        checked(app.selectbox(key="sample").select("nile").run())
        assert journey(app).source == SeriesSource(kind="sample", sample="nile")
        assert journey(app).preparation.target == "volume"
        assert journey(app).network == river.spec.network
        assert journey(app).selected_run == river.run_id  # a series was chosen: the run must not take it back


class TestUseItsSettings:
    def test_another_series_is_replaced_and_can_be_had_back(self, app, river):
        before = Journey(source=SUNSPOTS)
        app.session_state["_journey"] = before
        visit(checked(app.run()), "training")
        before = journey(app)
        click(app, f"open_{river.run_id}")
        assert journey(app).source == SUNSPOTS  # opening is looking; it changes no choice
        click(app, f"use_{river.run_id}")
        assert_brought_back(app, river)
        assert journey(app).selected_run == river.run_id
        assert "now hold the settings of" in words(app)
        assert app.number_input(key="epochs").value == 17
        click(app, "undo_use")
        assert journey(app).source == SUNSPOTS
        assert journey(app).plan == before.plan
        assert app.number_input(key="epochs").value == before.plan.epochs
        assert "undo_use" not in keys(app)

    def test_the_same_series_keeps_its_own_source(self, app, sunspots_run):
        app.session_state["_journey"] = Journey(source=SUNSPOTS)
        visit(checked(app.run()), "training")
        click(app, f"use_{sunspots_run.run_id}")
        chosen = journey(app)
        assert chosen.source == SUNSPOTS
        assert (chosen.preparation, chosen.network, chosen.plan) == (
            sunspots_run.spec.preparation,
            NETWORK,
            PLAN,
        )
        visit(app, "series")
        assert app.selectbox(key="sample").value == "sunspots"

    def test_a_source_that_cannot_be_read_gives_way(self, app, river):
        lost = SeriesSource(kind="upload", sha256="0" * 64, file_name="gone")
        app.session_state["_journey"] = Journey(source=lost)
        visit(checked(app.run()), "training")
        click(app, f"use_{river.run_id}")
        assert_brought_back(app, river)

    def test_a_run_deleted_in_another_tab_is_told_and_changes_nothing(self, app, river, store):
        app.session_state["_journey"] = Journey(source=SUNSPOTS)
        visit(checked(app.run()), "training")
        button = app.button(key=f"use_{river.run_id}")
        store.delete("local", river.run_id)
        checked(button.click().run())
        assert "does not exist" in words(app)
        assert journey(app).source == SUNSPOTS
        assert journey(app).selected_run is None

    def test_change_and_train_again_from_the_monitor(self, app, river):
        app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=river.run_id)
        visit(checked(app.run()), "training")
        click(app, "train_again")
        assert_brought_back(app, river)

    def test_without_a_series_it_works_too(self, app, river):
        visit(app.run(), "training")
        click(app, f"use_{river.run_id}")
        assert_brought_back(app, river)


def stored(run: Run) -> SeriesSource:
    return SeriesSource(kind="stored", fingerprint=run.spec.series_fingerprint, series_name=run.series_name)
