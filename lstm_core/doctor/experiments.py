"""The next run: a copy of a spec with one thing changed. The seed stays, so the change is the only difference."""

from typing import Any

from lstm_core.doctor.case import Case
from lstm_core.doctor.finding import Experiment
from lstm_core.network.spec import LayerSpec
from lstm_core.preparation.windows import WindowSpec
from lstm_core.training.plan import TrainingPlan

ENOUGH_WINDOWS = 30
"""An experiment that would leave fewer train windows is none."""


def other_plan(case: Case, label: str, **changes: Any) -> Experiment | None:
    """Change the plan; None when that changes nothing or leaves the bounds."""
    plan = TrainingPlan.model_validate(case.spec.plan.model_dump() | changes)
    return _changed(case, label, plan=plan)


def other_layers(case: Case, label: str, **changes: Any) -> Experiment | None:
    """Change the same thing in every layer."""
    layers = tuple(
        LayerSpec.model_validate(layer.model_dump() | changes) for layer in case.spec.network.layers
    )
    return _changed(case, label, network=case.spec.network.model_copy(update={"layers": layers}))


def units_times(case: Case, factor: float) -> Experiment | None:
    """Make every layer wider or narrower."""
    layers = tuple(
        layer.model_copy(update={"units": min(max(round(factor * layer.units), 1), 512)})
        for layer in case.spec.network.layers
    )
    units = " + ".join(str(layer.units) for layer in layers)
    return _changed(
        case, f"Try {units} units", network=case.spec.network.model_copy(update={"layers": layers})
    )


def rate_times(case: Case, factor: float) -> Experiment | None:
    """Multiply the learning rate, inside its bounds."""
    rate = min(max(case.spec.plan.learning_rate * factor, 1e-6), 1.0)
    return other_plan(case, f"Try learning rate {rate:.3g}", learning_rate=float(f"{rate:.6g}"))


def more_epochs(case: Case, factor: int = 3) -> Experiment | None:
    """Allow more epochs."""
    epochs = min(case.spec.plan.epochs * factor, 10_000)
    return other_plan(case, f"Try {epochs} epochs", epochs=epochs)


def standard_scaling(case: Case) -> Experiment | None:
    """Bring every column to mean 0 and deviation 1."""
    preparation = case.spec.preparation
    scaling = preparation.scaling.model_copy(update={"kind": "standard"})
    return _changed(
        case, "Try standard scaling", preparation=preparation.model_copy(update={"scaling": scaling})
    )


def plain_difference(case: Case) -> Experiment | None:
    """Forecast the steps from row to row; None when that is done already."""
    preparation = case.spec.preparation
    transform = preparation.transform.model_copy(update={"difference": 1})
    return _changed(
        case,
        "Try the difference from row to row",
        preparation=preparation.model_copy(update={"transform": transform}),
    )


def logarithm(case: Case) -> Experiment | None:
    """Forecast the logarithm; None when a power is taken already, or a value that is forecast is not above 0."""
    preparation = case.spec.preparation
    above = all((made.actual > 0).all() for made in case.forecasts.values())
    if preparation.transform.power != "none" or not above:
        return None
    transform = preparation.transform.model_copy(update={"power": "log"})
    return _changed(
        case,
        "Try the logarithm of the series",
        preparation=preparation.model_copy(update={"transform": transform}),
    )


def window_length(case: Case, length: int) -> Experiment | None:
    """Let the network read `length` rows; None when too few windows would be left."""
    preparation = case.spec.preparation
    if length < 1 or case.room.n_train_rows - length - preparation.window.horizon < ENOUGH_WINDOWS:
        return None
    window = WindowSpec.model_validate(preparation.window.model_dump() | {"length": length})
    return _changed(
        case,
        f"Try a window of {length} rows",
        preparation=preparation.model_copy(update={"window": window}),
    )


def stride_of_one(case: Case) -> Experiment | None:
    """Start a window at every row."""
    preparation = case.spec.preparation
    window = preparation.window.model_copy(update={"stride": 1})
    return _changed(case, "Try stride 1", preparation=preparation.model_copy(update={"window": window}))


def calm_down(case: Case) -> Experiment | None:
    """Make a training that runs away stay: the first of these that is not so yet.

    Scale the input; clip the gradient; use tanh; lower the rate to a tenth.
    """
    if case.is_unscaled and any(size.outside > 0 for size in case.inputs):
        return standard_scaling(case)
    if case.spec.plan.clipnorm is None:
        return other_plan(case, "Try clip norm 1", clipnorm=1.0)
    if any(layer.activation == "relu" for layer in case.spec.network.layers):
        return other_layers(case, "Try the tanh activation", activation="tanh")
    return rate_times(case, 0.1)


def _changed(case: Case, label: str, **parts: Any) -> Experiment | None:
    spec = case.spec.model_copy(update=parts)
    return Experiment(label=label, spec=spec) if spec != case.spec else None
