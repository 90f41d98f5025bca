"""The Intervals page as a person meets it."""

import json

import numpy as np
import pandas as pd
import pytest

from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.artifacts import arrays_to_bytes
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from lstm_core.study.quantiles import pair_study, quantile_trials
from lstm_core.training.events import RunFinished, RunStarted
from pages._shell.state import Journey
from tests.pages.finished import TWO_EPOCHS, finish_run, fit_head

PAGE = "pages/intervals.py"


@pytest.fixture(autouse=True)
def worker_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that a test starts reach a real worker, but one without TensorFlow that only waits."""
    room = "tests.core.runs.executables"
    program = Program(warm_up=f"{room}.no_warm_up", execute=f"{room}.wait")
    monkeypatch.setattr("lstm_core.runs.queue.Program", lambda: program)


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def said(at):
    return " ".join(
        one.value
        for kind in (at.success, at.warning, at.info, at.error, at.caption, at.markdown)
        for one in kind
    )


def steady(n=400, *, rough=1.0):
    """Noise around 100, in the test part `rough` times as large."""
    noise = np.random.default_rng(3).normal(size=n)
    noise[-n // 5 :] *= rough
    return Series(
        values=(100 + noise)[:, None],
        index=pd.date_range("2020-01-01", periods=n, freq="D"),
        columns=("level",),
        name="steady",
        unit="kg",
    )


def open_run(app, store_url, series, *, horizon=1, **preparation):
    spec = PreparationSpec(target="level", window=WindowSpec(length=8, horizon=horizon), **preparation)
    run = finish_run(SqlStore(store_url), series, spec)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    return app.run().switch_page(PAGE).run()


def finish_quantiles(store, run, series, level=0.8):
    """Both networks of a band: 2 kg below and above the train mean, but for the first window, where they cross."""
    prepared = prepare(series, run.spec.preparation)
    study = pair_study(run.run_id, "token")
    for sign, trial in zip((-1, 1), quantile_trials(run.spec, series, level=level), strict=True):
        made = store.create("local", trial.spec, series, name=trial.name, token=f"{study}{sign}", study=study)
        store.append(
            made.run_id,
            RunStarted(n_parameters=1, epochs=2, n_train=9, n_validation=9, n_test=9),
            *TWO_EPOCHS,
        )
        said = np.full(prepared.test.targets.shape, sign * 2 / prepared.scaler.spread[0], np.float32)
        said[0] *= -1
        finished = RunFinished(best_epoch=2, seconds=1.0, windows_per_second=1.0, parity=0.0, scores={})
        assert store.finish(made.run_id, finished, {"test_predictions": arrays_to_bytes({"keras": said})})


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_bands_their_coverage_and_how_it_came_and_went(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert {"intervals_chart", "coverage_chart"} <= set(charts(at))
    table = at.dataframe[0].value
    assert list(table["Level"].unique()) == ["50%", "80%", "95%"]
    assert set(table["Method"]) >= {"Split conformal", "Adaptive conformal"}
    assert "Of the 80% bands" in said(at)


def test_calm_validation_and_rough_test_part_are_too_narrow_and_said(app, store_url):
    at = open_run(app, store_url, steady(rough=3.0))
    assert not at.exception
    assert "too narrow. The validation part was calmer" in at.warning[0].value
    assert "kg" in at.warning[0].value


def test_steady_series_keeps_the_promise(app, store_url):
    at = open_run(app, store_url, steady())
    assert "which fits what they promise" in at.success[0].value


def test_level_and_method_change_the_band(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    first = charts(at)["intervals_chart"]["data"]
    at.segmented_control(key="interval_level").set_value(0.95).run()
    second = charts(at)["intervals_chart"]["data"]
    assert second[1]["name"] == "95% band"
    at.segmented_control(key="interval_method").set_value("adaptive").run()
    assert not at.exception
    third = charts(at)["intervals_chart"]["data"]
    at.select_slider(key="interval_rate").set_value(0.1).run()
    assert not at.exception
    fourth = charts(at)["intervals_chart"]["data"]
    assert first != second != third != fourth


def test_several_steps_ahead_show_how_the_width_grows(app, store_url):
    at = open_run(app, store_url, steady(), horizon=3)
    assert not at.exception
    assert "half_width_chart" in charts(at)
    at.slider(key="interval_step").set_value(3).run()
    assert not at.exception
    assert any("3 steps ahead" in one.value for one in at.subheader)


@pytest.mark.parametrize("power", ["log", "box-cox"])
def test_bands_of_a_transformed_target_grow_with_the_level_in_original_units(app, store_url, power):
    at = open_run(app, store_url, steady(), transform=TransformSpec(power=power, difference=1))
    assert not at.exception
    assert "grow with the level" in said(at)
    lower, upper = charts(at)["intervals_chart"]["data"][:2]
    assert "bdata" in str(lower["y"]) or min(lower["y"]) > 90
    assert upper["name"] == "80% band"


def test_too_short_a_validation_part_says_so(app, store_url):
    at = open_run(app, store_url, steady(60))
    at.segmented_control(key="interval_level").set_value(0.95).run()
    assert not at.exception
    assert "too short for 95% bands" in said(at)
    assert "at least 19 windows" in said(at)
    assert "none has a limit" in set(at.dataframe[0].value["Mean width"])


def test_a_network_without_dropout_is_offered_some(app_with_run, monkeypatch):
    at = app_with_run.switch_page(PAGE).run()
    at.segmented_control(key="interval_method").set_value("dropout").run()
    assert not at.exception
    assert "trained without dropout" in said(at)
    assert set(at.dataframe[0].value["Method"]) == {"Split conformal", "Adaptive conformal"}
    started = []
    monkeypatch.setattr("pages._shell.network.run_start.start", lambda spec, series: started.append(spec))
    at.button(key="train_dropout").click().run()
    assert not at.exception
    assert [layer.dropout for layer in started[0].network.layers] == [0.2]


def test_dropout_of_the_training_makes_bands(app, store_url):
    series, spec = steady(), PreparationSpec(target="level", window=WindowSpec(length=8))
    network, weights = fit_head(prepare(series, spec))
    layers = tuple(layer.model_copy(update={"dropout": 0.3}) for layer in network.layers)
    run = finish_run(
        SqlStore(store_url),
        series,
        spec,
        weights=weights,
        network=network.model_copy(update={"layers": layers}),
    )
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    at.segmented_control(key="interval_method").set_value("dropout").run()
    assert not at.exception
    assert "Monte-Carlo dropout" in set(at.dataframe[0].value["Method"])
    assert "100 forecasts of 80 test windows" in said(at)
    assert "usually holds too little" in said(at)


def test_both_quantiles_are_started_with_one_button_and_found_again(app, store_url):
    at = open_run(app, store_url, steady())
    at.segmented_control(key="interval_method").set_value("quantiles").run()
    assert not at.exception
    assert "quantile 0.1" in said(at)
    at.button(key="train_quantiles").click().run()
    assert not at.exception
    runs = [run for run in SqlStore(store_url).list_runs("local") if run.study]
    assert sorted(run.spec.plan.quantile for run in runs) == [0.1, 0.9]
    assert len({run.study for run in runs}) == 1
    assert "are being trained" in said(at)
    assert "train_quantiles" not in [button.key for button in at.button]
    at.switch_page("pages/training.py").run()
    assert not at.exception
    at.button(key=f"open_study_{runs[0].study}").click().run()
    assert not at.exception
    assert at.session_state["_journey"].selected_run in runs[0].study


def test_quantiles_that_are_trained_are_a_band_and_their_crossings_are_counted(app, store_url):
    series = steady()
    at = open_run(app, store_url, series)
    store = SqlStore(store_url)
    finish_quantiles(store, store.list_runs("local")[0], series)
    at.segmented_control(key="interval_method").set_value("quantiles").run()
    assert not at.exception
    assert "At 1 of 80 windows they cross" in said(at)
    table = at.dataframe[0].value
    row = table[table["Method"] == "Quantile networks"].iloc[0]
    assert (row["Level"], row["Mean width"]) == ("80%", "4.00 kg")
    prepared = prepare(series, PreparationSpec(target="level", window=WindowSpec(length=8)))
    truth = prepared.values[prepared.test.origins, 0]
    held = np.mean(np.abs(truth - prepared.scaler.centre[0]) <= 2)
    assert row["Held"] == f"{held:.1%}"


def test_summed_differences_have_no_quantiles_and_say_so(app, store_url):
    at = open_run(app, store_url, steady(), horizon=3, transform=TransformSpec(difference=1))
    at.segmented_control(key="interval_method").set_value("quantiles").run()
    assert not at.exception
    assert "not sums of their quantiles" in at.error[0].value
    assert "coverage_chart" in charts(at)
