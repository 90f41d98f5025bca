"""Repetitions in the store, made without TensorFlow: every seed has other random layers under a fitted head."""

from lstm_core.evaluation.scores import scoreboard
from lstm_core.network.forward import forward
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import PreparationSpec, prepare
from lstm_core.runs.artifacts import arrays_to_bytes
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.record import Series
from lstm_core.study.repetition import Repetition, seed_name, seed_specs
from lstm_core.training.events import EpochEnded, RunFinished, RunStarted
from lstm_core.training.plan import RunSpec, TrainingPlan
from tests.pages.finished import fit_head


def queue_up(
    store: RunStore,
    series: Series,
    *,
    study: str,
    n_seeds: int = 3,
    plan: TrainingPlan | None = None,
    preparation: PreparationSpec | None = None,
) -> list[Run]:
    """Runs of a repetition that have not begun."""
    preparation = preparation or default_preparation(series)
    network, _ = fit_head(prepare(series, preparation))
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=preparation,
        network=network,
        plan=plan or TrainingPlan(epochs=50),
    )
    return [
        store.create(
            "local", one, series, name=seed_name(one, series), token=f"{study}{one.plan.seed}", study=study
        )
        for one in seed_specs(spec, n_seeds)
    ]


def begin(store: RunStore, run: Run, *losses: float) -> None:
    """Let a run have trained some epochs."""
    epochs = run.spec.plan.epochs
    store.append(
        run.run_id,
        RunStarted(n_parameters=10, n_train=100, n_validation=20, n_test=30, epochs=epochs),
        *(
            EpochEnded(epoch=number, loss=loss / 2, val_loss=loss, seconds=float(number))
            for number, loss in enumerate(losses, start=1)
        ),
    )


def finish(store: RunStore, series: Series, run: Run) -> None:
    """Let a run that has begun finish with the network of its seed."""
    prepared = prepare(series, run.spec.preparation)
    network, weights = fit_head(prepared, seed=run.spec.plan.seed)

    def predict(inputs):
        return forward(network, weights, inputs)

    finished = RunFinished(
        best_epoch=2,
        seconds=3.0,
        windows_per_second=1000.0,
        parity=0.0,
        **{
            name: {
                key: one.to_dict()
                for key, one in scoreboard(prepared, predict, period=series.period, part=part).items()
            }
            for name, part in (("scores", "test"), ("validation", "validation"))
        },
    )
    artifacts = {
        "weights": arrays_to_bytes(weights.to_arrays()),
        "test_predictions": arrays_to_bytes({"keras": predict(prepared.test.inputs)}),
    }
    assert store.finish(run.run_id, finished, artifacts)


def finish_study(store: RunStore, series: Series, **choices) -> Repetition:
    """Finish a whole repetition; the seeds stop at different epochs."""
    runs = queue_up(store, series, **choices)
    for place, run in enumerate(runs):
        begin(store, run, 0.9, 0.5 + 0.05 * place, *[0.7] * place)
        finish(store, series, run)
    found = [one for one in store.list_runs("local") if one.study == choices["study"]]
    return Repetition(study=choices["study"], runs=tuple(reversed(found)))
