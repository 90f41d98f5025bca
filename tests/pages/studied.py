"""Backtests and sweeps of window lengths in the store, made without TensorFlow, and what their pages show."""

import json
from collections.abc import Sequence

from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.record import Series
from lstm_core.study.backtest import fold_trials
from lstm_core.study.folds import FoldSpec
from lstm_core.study.lengths import length_trials
from lstm_core.study.trials import Kind, Trial, study_id
from lstm_core.training.plan import RunSpec, TrainingPlan
from tests.pages.finished import UNITS
from tests.pages.repeated import begin, finish


def spec_of(series: Series, preparation: PreparationSpec | None = None) -> RunSpec:
    return RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=preparation or default_preparation(series),
        network=NetworkSpec(layers=(LayerSpec(units=UNITS),)),
        plan=TrainingPlan(epochs=50),
    )


def queue_up(store: RunStore, trials: Sequence[Trial], kind: Kind, token: str) -> list[Run]:
    """Runs of a study that have not begun."""
    study = study_id(kind, token)
    return [
        store.create("local", one.spec, one.series, name=one.name, token=f"{study}-{number}", study=study)
        for number, one in enumerate(trials, start=1)
    ]


def backtest(
    store: RunStore, series: Series, folds: FoldSpec, *, token: str = "a", done: int = 99
) -> list[Run]:
    """A backtest whose first `done` folds are finished."""
    trials = fold_trials(spec_of(series), series, folds)
    return _with_results(store, trials, queue_up(store, trials, "backtest", token), done)


def sweep(
    store: RunStore,
    series: Series,
    lengths: Sequence[int],
    *,
    token: str = "a",
    done: int = 99,
) -> list[Run]:
    """A sweep of window lengths whose first `done` runs are finished."""
    trials = length_trials(spec_of(series), series, lengths, epochs=20)
    return _with_results(store, trials, queue_up(store, trials, "lengths", token), done)


def _with_results(store: RunStore, trials: Sequence[Trial], runs: list[Run], done: int) -> list[Run]:
    for trial, run in list(zip(trials, runs, strict=True))[:done]:
        begin(store, run, 0.9, 0.5)
        finish(store, trial.series, run)
    return runs


def words(app: AppTest) -> str:
    """Everything a page says, without the backslashes that make text from data inert."""
    boxes = [*app.success, *app.warning, *app.error, *app.info]
    told = " ".join(part.value for part in [*boxes, *app.markdown, *app.caption])
    return told.replace("\\", "")


def drawn_in(app: AppTest, key: str) -> dict:
    """Traces of a chart, by name."""
    for element in app.get("plotly_chart"):
        if element.proto.id.endswith(f"-{key}"):
            return {trace["name"]: trace for trace in json.loads(element.proto.spec)["data"]}
    raise AssertionError(f"no chart {key}")
