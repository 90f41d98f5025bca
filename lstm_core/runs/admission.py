"""Whether a run may start: told from the choices alone, before anything is built (B106-B109, B116-B119)."""

from dataclasses import dataclass

from lstm_core.network.estimate import Estimate, Workload, check_fit, estimate
from lstm_core.preparation import windows
from lstm_core.preparation.cautions import not_skipped
from lstm_core.preparation.framing import count_padded
from lstm_core.preparation.split import split
from lstm_core.preparation.transform import check_target
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.training.plan import RunSpec, TrainingPlan

SHORT = TrainingPlan().patience or 0
"""Epochs of a training that could not stop early with the default patience either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a run will work on and about what it will cost.

    Attributes
    ----------
    n_windows : train windows
    notes : what is allowed but unwise, in sentences
    asides : what is worth knowing and no reason to change anything, in sentences
    """

    n_windows: int
    cost: Estimate
    notes: tuple[str, ...]
    asides: tuple[str, ...] = ()


def admit(spec: RunSpec, series: Series, limits: Settings) -> Admission:
    """Weigh a run against the limits.

    Raises
    ------
    PreparationError
        If the windows do not fit the parts, or the target has values that the chosen power does not know.
    NetworkError
        If the training needs more memory or time than it may have.
    """
    preparation, plan = spec.preparation, spec.plan
    parts = split(series, preparation.split)
    check_target(series.column(preparation.target), preparation.transform, preparation.target)
    windows.check_fit(parts, preparation)
    n_windows = windows.count_train_windows(parts, preparation)
    work = Workload(
        n_features=len(preparation.columns),
        window_length=preparation.window.length,
        horizon=preparation.window.horizon,
        n_windows=n_windows,
        batch_size=plan.batch_size,
        epochs=plan.epochs,
        patience=plan.patience,
    )
    cost = estimate(spec.network, work)
    check_fit(cost, memory_budget_mb=limits.memory_budget_mb, wall_limit_seconds=limits.wall_limit_seconds)
    return Admission(n_windows=n_windows, cost=cost, notes=_notes(spec, n_windows), asides=_asides(spec.plan))


def _never_stops(plan: TrainingPlan) -> bool:
    """Whether the patience is as long as the training itself, which may not be what was meant."""
    return plan.patience is not None and plan.patience >= plan.epochs


def _asides(plan: TrainingPlan) -> tuple[str, ...]:
    if not _never_stops(plan) or plan.epochs > SHORT:
        return ()
    told = f"With a patience of {plan.patience} and {plan.epochs} epochs the training never stops early"
    return (f"{told}; so short a training need not.",)


def _notes(spec: RunSpec, n_windows: int) -> tuple[str, ...]:
    plan, notes = spec.plan, []
    if plan.batch_size > n_windows:
        notes.append(
            f"A batch of {plan.batch_size} is larger than the {n_windows} train windows: every epoch is one step with "
            "all of them. A smaller batch makes more steps."
        )
    if _never_stops(plan) and plan.epochs > SHORT:
        notes.append(
            f"With a patience of {plan.patience} and {plan.epochs} epochs the training never stops early."
        )
    if plan.clipnorm is None and any(layer.activation == "relu" for layer in spec.network.layers):
        notes.append("relu without a clip norm often diverges. Set a clip norm of 1.")
    padded = not_skipped(count_padded(spec.preparation.window), field="masking")
    if padded and not spec.network.masking:
        notes.append(padded.what)
    return tuple(notes)
