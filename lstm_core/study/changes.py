"""What differs between two settings, in the words of their controls; and whether both are judged on the same rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from lstm_core.errors import RunError
from lstm_core.training.plan import RunSpec

NEVER = {"plan.seed", "series_fingerprint"}
"""What never counts as a change: the seed is what is averaged over, and another series is refused."""
HISTORY = "cleaning"
"""How a series came about: two ways to the same numbers are no change, and other numbers are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that differs.

    Attributes
    ----------
    name : title of its control, with the layer it belongs to
    first, second : values in words; `none` where a layer or a value is missing
    """

    name: str
    first: str
    second: str


def changes(first: RunSpec, second: RunSpec) -> tuple[Change, ...]:
    """Settings that differ and make a difference, in reading order.

    The seed is left out, and so is what the other choices switch off: the momentum of adam, the decay of a constant
    rate. Whether a layer hands on its steps is told by its place.
    """
    ours, theirs = dict(_leaves(first)), dict(_leaves(second))
    idle = NEVER | (_idle(first) & _idle(second))
    names = [
        name for name in {**ours, **theirs} if not name.endswith("return_sequences") and name not in idle
    ]
    return tuple(
        Change(name=title(name), first=_words(ours.get(name)), second=_words(theirs.get(name)))
        for name in names
        if ours.get(name) != theirs.get(name)
    )


def require_same_test(first: RunSpec, second: RunSpec) -> None:
    """Refuse to compare scores that were not measured on the same values (F72).

    The forecasts must be of the same rows of the same column, the same number of steps ahead. The rows that train
    and validate may differ: they are a choice like any other.

    Raises
    ------
    RunError
        If the series, the target, the test rows, the horizon or the stride differ.
    """
    ours, theirs = first.preparation, second.preparation
    if first.series_fingerprint != second.series_fingerprint:
        raise _refusal("they were trained on different series", "", "")
    if ours.target != theirs.target:
        raise _refusal("they forecast different columns", ours.target, theirs.target)
    for what, one, other in (
        ("their test parts differ", _test_part(first), _test_part(second)),
        ("their horizons differ", f"{ours.window.horizon}", f"{theirs.window.horizon}"),
        ("their strides differ", f"{ours.window.stride}", f"{theirs.window.stride}"),
    ):
        if one != other:
            raise _refusal(what, one, other)


def _refusal(what: str, first: str, second: str) -> RunError:
    return RunError(
        f"These two cannot be compared: {what}",
        received=f"{first} and {second}" if first else "",
        advice="An error on other values is no evidence. Repeat one of them with the other's test part.",
        field="compare_with",
    )


def _test_part(spec: RunSpec) -> str:
    cut = spec.preparation.split
    if cut.validation_start is not None and cut.test_start is not None:
        return f"from {cut.test_start.isoformat()}"
    return f"the last {cut.test_fraction:.6g} of the rows"


def _idle(spec: RunSpec) -> set[str]:
    """Settings that the others switch off."""
    plan, idle = spec.plan, set[str]()
    if plan.optimizer != "sgd":
        idle.add("plan.momentum")
    if plan.loss != "pinball":
        idle.add("plan.quantile")
    if plan.schedule != "exponential":
        idle.add("plan.decay_epochs")
    if plan.schedule not in ("exponential", "cosine"):
        idle.add("plan.restart_every")
    if plan.schedule != "plateau":
        idle |= {"plan.plateau_factor", "plan.plateau_patience"}
    if spec.preparation.scaling.kind != "minmax":
        idle.add("preparation.scaling.lower")
    return idle


def _leaves(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Every single choice with its place: `network.layers.0.units`."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name == HISTORY:
                continue
            yield from _leaves(getattr(value, name), f"{place}.{name}" if place else name)
    elif isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in value):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{place}.{number}")
    else:
        yield place, value


def title(place: str) -> str:
    """Words of a place in a spec: `Layer 1, units`; `Learning rate`."""
    kind: type[BaseModel] = RunSpec
    words, name = "", place
    for part in place.split("."):
        if part.isdigit():
            words = f"{'Dense layer' if '.dense.' in place else 'Layer'} {int(part) + 1}, "
            continue
        field = kind.model_fields[part]
        name = field.title or part.replace("_", " ").capitalize()
        kind = _model_of(field.annotation) or kind
    return words + (name[0].lower() + name[1:] if words and not name[:2].isupper() else name)


def _model_of(annotation: object) -> type[BaseModel] | None:
    """Model that a field holds, itself or in a tuple."""
    for one in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _words(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
