"""From options to a series and a run spec: the same choices that the pages make."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstm_core.cli.files import Wanted, join_choices, join_options, read_series

if TYPE_CHECKING:
    from lstm_core.series.cleaning.record import CleaningRecord
    from lstm_core.series.record import Series
    from lstm_core.training.plan import RunSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the options say, as they stand.

    Attributes
    ----------
    sources : names of files, or one `sample:` and a name
    features : names between commas, None when not given
    spec : file with a run spec, or parts of one
    changes : `place.in.the.spec=value` each
    how, oldest, repeated : how several files are joined; see `files.join_choices`
    """

    sources: tuple[str, ...]
    target: str | None
    features: str | None
    spec: Path | None
    changes: tuple[str, ...]
    seed: int | None
    how: str | None = None
    oldest: str | None = None
    repeated: str | None = None


def choice_options(command: Callable) -> Callable:
    """Add the options of `Choices` to a command."""
    path = click.Path(path_type=Path)
    options = [
        click.argument("sources", metavar="FILE_OR_SAMPLE...", nargs=-1, required=True),
        click.option("--target", metavar="C", help="Column to forecast."),
        click.option("--features", metavar="A,B", help="Further input columns, between commas."),
        join_options,
        click.option("--spec", type=path, help="JSON file with choices, as --out writes it; parts will do."),
        click.option(
            "--set",
            "changes",
            multiple=True,
            metavar="PLACE=VALUE",
            help="Change one choice, for example network.layers.0.units=64. May be repeated.",
        ),
        click.option("--seed", type=int, help="Short for --set plan.seed=N."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def read_choices(choices: Choices) -> tuple["Series", "RunSpec"]:
    """Read the series and complete the spec with the defaults that the pages use.

    Raises
    ------
    UserError
        If the file cannot be read, or a choice is not one.
    """
    from pydantic import ValidationError

    from lstm_core.errors import explain_validation
    from lstm_core.preparation.defaults import default_preparation
    from lstm_core.training.plan import RunSpec

    given = _read_spec(choices.spec)
    kept = _read_cleaning(given.pop("cleaning", None))
    target, features = _columns(choices, {} if kept else given.get("preparation", {}))
    join = join_choices(choices.how, choices.oldest, choices.repeated)
    wanted = Wanted(names=choices.sources, target=target, features=features, join=join, kept=kept)
    series, cleaning = read_series(wanted)
    preparation = default_preparation(series, features=series.columns[1:]).model_dump(mode="json")
    spec = RunSpec.model_construct().model_dump(mode="json", include={"network", "plan"})
    spec = _merged({**spec, "preparation": preparation}, given)
    spec["series_fingerprint"], spec["cleaning"] = series.fingerprint, cleaning
    chosen_anew = kept is None or choices.target is not None or choices.features is not None
    if chosen_anew and isinstance(spec["preparation"], dict):  # else validation says what is wrong with it
        spec["preparation"] |= {key: preparation[key] for key in ("target", "features")}
    seeds = [] if choices.seed is None else [f"plan.seed={choices.seed}"]
    for change in [*choices.changes, *seeds]:
        _change(spec, change)
    try:
        return series, RunSpec.model_validate(spec)
    except ValidationError as error:
        raise explain_validation(error) from error


def _columns(choices: Choices, preparation: object) -> tuple[str | None, list[str] | None]:
    """Target and features that the options name, else those of the spec, else None."""
    wanted = preparation if isinstance(preparation, dict) else {}
    target, features = choices.target or wanted.get("target"), wanted.get("features")
    if choices.features is not None:
        features = [name.strip() for name in choices.features.split(",") if name.strip()]
    return (
        None if target is None else str(target),
        [str(name) for name in features] if isinstance(features, list) else None,
    )


def _read_spec(path: Path | None) -> dict[str, Any]:
    from lstm_core.errors import RunError

    if path is None:
        return {}
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise RunError(f"The spec '{path}' cannot be read: {reason}", field="spec") from error
    if not isinstance(spec, dict):
        raise RunError(
            f"The spec '{path}' is not an object",
            expected="an object with preparation, network, plan",
            field="spec",
        )
    return spec


def _read_cleaning(given: Any) -> "CleaningRecord | None":
    """How the series of a spec came about; None when it does not say."""
    from pydantic import ValidationError

    from lstm_core.errors import explain_validation
    from lstm_core.series.cleaning.record import CleaningRecord

    try:
        return None if given is None else CleaningRecord.model_validate(given)
    except ValidationError as error:
        raise explain_validation(error) from error


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Dicts are merged key by key; everything else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _change(spec: dict[str, Any], change: str) -> None:
    """Put a value at a place like `network.layers.0.units`; a list grows by one when its next place is named."""
    from lstm_core.errors import RunError

    place, equals, text = change.partition("=")
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    *path, last = place.strip().split(".")
    node: Any = spec
    try:
        for part in path:
            node = node[_key(node, part)]
        node[_key(node, last)] = value
    except (KeyError, IndexError, TypeError, ValueError):
        equals = ""
    if not equals or not place.strip():
        raise RunError(
            f"--set {change} names no place in the choices",
            expected="for example plan.epochs=50 or network.layers.0.units=64",
            advice="--out writes all places to spec.json.",
            field="set",
        )


def _key(node: Any, part: str) -> Any:
    """Key of a dict or place in a list, which may be the first one behind its end."""
    if not isinstance(node, list):
        return part
    if int(part) == len(node):
        node.append({})
    return int(part)
