"""Repetitions for the tests of the study room: made by hand, without a training."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lstm_core.network.spec import NetworkSpec
from lstm_core.runs.names import new_run_id
from lstm_core.runs.store import Run
from lstm_core.study.repetition import Repetition, seed_specs
from lstm_core.training.events import EpochEnded, RunCancelled, RunFailed, RunFinished, RunStarted, fold
from lstm_core.training.plan import RunSpec
from tests.core.runs import conftest as runs_room

series, spec, store = runs_room.series, runs_room.spec, runs_room.store

NAIVE = {"mae": 18.4, "rmse": 25.0, "mse": 625.0, "r2": 0.5, "smape": 40.0, "mase": 1.1}


def scores(mae: float) -> dict[str, dict[str, float | None]]:
    lstm = {
        "mae": mae,
        "rmse": 1.3 * mae,
        "mse": (1.3 * mae) ** 2,
        "r2": 0.7,
        "smape": None,
        "mase": mae / 16,
    }
    return {
        "lstm": lstm,
        "naive": NAIVE,
        "seasonal_naive": NAIVE | {"mae": 20.0},
        "linear_ar": NAIVE | {"mae": 15.0},
    }


def started(epochs: int = 10) -> RunStarted:
    return RunStarted(n_parameters=10, n_train=80, n_validation=10, n_test=20, epochs=epochs)


def curve(*val_losses: float) -> list[EpochEnded]:
    return [
        EpochEnded(epoch=number, loss=loss / 2, val_loss=loss, seconds=float(number))
        for number, loss in enumerate(val_losses, start=1)
    ]


def finished(
    mae: float, *, best_epoch: int = 1, seconds: float = 4.0, validation: float | None = None
) -> RunFinished:
    return RunFinished(
        best_epoch=best_epoch,
        seconds=seconds,
        windows_per_second=100.0,
        parity=0.0,
        scores=scores(mae),
        validation={} if validation is None else scores(validation),
    )


def failed() -> RunFailed:
    return RunFailed(cause="diverged", message="The training diverged at epoch 3.")


def make_run(
    one: RunSpec, *events, study: str | None = "s", name: str = "", parent: str | None = None
) -> Run:
    state = fold(events)
    return Run(
        run_id=new_run_id(),
        owner="ann",
        name=name or f"sine, seed {one.plan.seed}",
        spec=one,
        series_name="sine",
        created_at=datetime.now(UTC),
        status=state.status,
        state=state,
        parent=parent,
        study=study,
    )


@pytest.fixture
def repeat(spec: RunSpec) -> Callable[..., Repetition]:
    """A finished repetition with these MAE; a value may also be a list of events."""

    def build(*outcomes, base: RunSpec | None = None, study: str = "s") -> Repetition:
        specs = seed_specs(base or spec, len(outcomes))
        runs = [
            make_run(
                one, *(outcome if isinstance(outcome, list) else [started(), finished(outcome)]), study=study
            )
            for one, outcome in zip(specs, outcomes, strict=True)
        ]
        return Repetition(study=study, runs=tuple(runs))

    return build


CANCELLED = RunCancelled()


def prepared(spec, **choices):
    return spec.model_copy(update={"preparation": spec.preparation.model_copy(update=choices)})


def planned(spec, **choices):
    return spec.model_copy(update={"plan": spec.plan.model_copy(update=choices)})


def networked(spec, *layers, **choices):
    return spec.model_copy(update={"network": NetworkSpec(layers=layers, **choices)})
