"""Start a study: the settings chosen on the pages before, what it costs, all of its runs or none."""

import secrets
from collections.abc import Sequence

from lstm_core.network.counts import in_brief
from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.reading import duration
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.trials import Kind, Trial, start_trials, study_id
from lstm_core.training.plan import RunSpec
from pages._shell import cached, present, services, sources, state


def chosen(series: Series) -> RunSpec:
    """Settings of the journey for a series.

    Raises
    ------
    UserError
        If the series is too short for a preparation, or its source cannot be read.
    """
    journey = state.journey()
    return RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=journey.preparation or default_preparation(series),
        network=journey.network,
        plan=journey.plan,
        cleaning=sources.record_of(journey.source),
    )


def brief(spec: RunSpec, series: Series) -> str:
    """What is about to be trained: `Sunspots, 24 → 1 steps, 50 units, 100 epochs`."""
    window = spec.preparation.window
    return (
        f"The settings on the pages before this one: {present.safe(series.name)}, {window.length} → {window.horizon} "
        f"steps, {in_brief(spec.network)}, {spec.plan.epochs} epochs"
    )


def cost(n_runs: int, seconds: float) -> str:
    """`5 runs, 2 at the same time: about 40 s for all epochs, ...`."""
    slots = services.settings().slots
    together = "one at a time" if slots == 1 else f"{min(slots, n_runs)} at the same time"
    runs = f"{n_runs} runs, {together}" if n_runs > 1 else "1 run"
    return (
        f"{runs}: about {duration(seconds)} for all epochs, a guess within a factor of three; less when they stop "
        "early."
    )


def begin(kind: Kind, wanted: tuple[object, ...], trials: Sequence[Trial]) -> tuple[Run, ...]:
    """Start the runs of a study. The same choices again while it lives find the same ones (double click).

    Parameters
    ----------
    wanted : what was chosen: equal for equal choices

    Raises
    ------
    RunError
        If the queue has no room for all of them.
    """
    store, owner = services.store(), services.owner()
    last, study = state.recall(f"{kind}_token", ((), ""))
    alive = any(run.study == study and not run.status.is_final for run in store.list_runs(owner))
    if last != wanted or not alive:
        study = study_id(kind, secrets.token_hex(16))
        state.remember(f"{kind}_token", (wanted, study))
    runs = start_trials(store, services.queue(), owner, trials, study=study)
    cached.run_series.clear()  # the same numbers may have a new unit or season
    return runs
