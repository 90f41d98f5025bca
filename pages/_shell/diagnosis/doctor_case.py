"""What the doctor looks at: a run, whatever became of it, or choices that were not trained yet."""

from functools import partial

from lstm_core.doctor.case import Case
from lstm_core.doctor.green import Subject
from lstm_core.doctor.opening import open_case
from lstm_core.errors import RunError
from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.store import Run
from lstm_core.training.events import RunState, Status
from lstm_core.training.plan import RunSpec
from pages._shell import cached, present, services, sources, state


def require() -> Run:
    """Return the selected run when it is over, however it ended; else draw the empty state and stop."""
    run = selected()
    if run is None:
        present.empty(
            "No run is selected. Train a network, or open a run from the list.", "Train", "pages/training.py"
        )
    if not run.status.is_final:
        present.empty(
            "The selected run is not over. The doctor looks at whole trainings.",
            "Watch it",
            "pages/training.py",
        )
    return run


def selected() -> Run | None:
    """Return the selected run with its curve; None when none is selected, or it is gone."""
    run_id = state.journey().selected_run
    if run_id is None:
        return None
    try:
        return services.store().get(services.owner(), run_id)
    except RunError:
        return None


def of_run(run: Run) -> Subject:
    """Open a run that is over.

    Raises
    ------
    UserError
        If its series is gone, or its settings never fitted the series.
    """
    store = services.store()
    series = cached.run_series(run.owner, run.spec.series_fingerprint, store)
    prepared = cached.prepared(run.spec.series_fingerprint, run.spec.preparation, series)

    def measure() -> Case:
        finished = run.status is Status.FINISHED
        weights = cached.weights(run.owner, run.run_id, store) if finished else None
        return open_case(run.spec, run.state, series, prepared, weights)

    return Subject(case=cached.case(f"{run.run_id} {run.status}", measure), series=series, prepared=prepared)


def of_choices() -> Subject:
    """Open the choices of the journey as if they had been trained: their series can be checked already."""
    series, journey = present.require_series(), state.journey()
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=journey.preparation or default_preparation(series),
        network=journey.network,
        plan=journey.plan,
        cleaning=sources.record_of(journey.source),
    )
    prepared = cached.prepared(series.fingerprint, spec.preparation, series)
    measure = partial(open_case, spec, RunState(), series, prepared, None)
    return Subject(case=cached.case(spec.digest, measure), series=series, prepared=prepared)
