"""Before and after: what an experiment changed, and what came of it.

The validation part says whether the change helped, because whoever goes on with the better of two runs chooses; the
test part is told beside it and stays an honest check.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from lstm_core.doctor.case import Case
from lstm_core.doctor.finding import Rule
from lstm_core.doctor.rules import diagnose
from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.verdict import Verdict, amount, over_all, percent
from lstm_core.preparation.split import Part
from lstm_core.training.plan import RunSpec

NOTICEABLE = 0.05
"""Change of the error below which another seed alone could be the reason; the Seeds page tells how much that is."""
ONE_SEED = "One seed proves little: repeat both with several seeds before you believe it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that two runs do not share; the same setting of several layers is one."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two runs on one series.

    Attributes
    ----------
    changes : what was changed between them
    gone, come : rules that fired only before, and only after
    """

    changes: tuple[Change, ...]
    gone: tuple[Rule, ...]
    come: tuple[Rule, ...]
    verdict: Verdict


def changes(before: RunSpec, after: RunSpec) -> tuple[Change, ...]:
    """Settings that differ, by the titles they have on the pages."""
    found: dict[str, list[tuple[str, str]]] = {}
    # How the series came about is no setting: two runs on one series may have cleaned it in different ways.
    plain = {"cleaning": None}
    for title, one, other in _walk(before.model_copy(update=plain), after.model_copy(update=plain), ""):
        found.setdefault(title, []).append((_word(one), _word(other)))
    return tuple(
        Change(name=title, before=_join(pairs, 0), after=_join(pairs, 1)) for title, pairs in found.items()
    )


def compare(before: Case, after: Case) -> Comparison:
    """Hold two runs against each other."""
    told, tells = diagnose(before).findings, diagnose(after).findings
    keys_before, keys_after = {one.rule.key for one in told}, {one.rule.key for one in tells}
    gone = tuple(one.rule for one in told if one.rule.key not in keys_after)
    come = tuple(one.rule for one in tells if one.rule.key not in keys_before)
    return Comparison(
        changes=changes(before.spec, after.spec), gone=gone, come=come, verdict=_judge(before, after)
    )


def _judge(before: Case, after: Case) -> Verdict:
    """Say whether the change helped, by the validation part; what the test part says is told beside it."""
    if before.edge != after.edge:
        return Verdict(
            tone="note",
            sentence="The two runs learned different things, the middle or another quantile: no error judges both.",
        )
    first, second = (error_of(case, "validation") for case in (before, after))
    if second is None:
        return Verdict(tone="caution", sentence="The run after the change has no forecast to compare.")
    what = measure_for(after.edge).name + over_all(after.spec.preparation.window.horizon)
    if first is None:
        return Verdict(
            tone="good",
            sentence=f"The run before had no forecast; this one has a {what} of {amount(second, after.unit)} on the "
            f"validation part. {ONE_SEED}",
        )
    if first == 0:
        return Verdict(tone="note", sentence="The run before made no error at all: nothing can be gained.")
    saved = 1 - second / first
    numbers = (
        f"({what} on the validation part {amount(first, after.unit)} before, {amount(second, after.unit)} after, "
        f"{percent(-saved)}{_on_test(before, after)})"
    )
    if saved > NOTICEABLE:
        return Verdict(tone="good", sentence=f"The change helped {numbers}. {ONE_SEED}")
    if saved < -NOTICEABLE:
        return Verdict(tone="caution", sentence=f"The change made it worse {numbers}. {ONE_SEED}")
    return Verdict(
        tone="note", sentence=f"The change made no difference worth the name {numbers}. {ONE_SEED}"
    )


def _on_test(before: Case, after: Case) -> str:
    first, second = (error_of(case, "test") for case in (before, after))
    if not first or second is None:
        return ""
    return f"; on the test part, which does not choose, {percent(second / first - 1)}"


def error_of(case: Case, part: Part) -> float | None:
    """What judges a run on a part, original units: MAE, or the pinball loss of a quantile; None without a forecast."""
    made, board = case.forecasts.get(part), case.boards.get(part)
    if case.edge is None:
        return board["lstm"].mae if board else None
    return None if made is None else measure_for(case.edge).of(made)


def _walk(before: Any, after: Any, title: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(before, BaseModel) and type(before) is type(after):
        for name, field in type(before).model_fields.items():
            yield from _walk(getattr(before, name), getattr(after, name), field.title or title or name)
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _walk(one, other, title)
    elif before != after:
        yield title, before, after


def _word(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return " + ".join(_word(one) for one in value) or "none"
    if isinstance(value, BaseModel):
        return str(getattr(value, "units", type(value).__name__))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _join(pairs: list[tuple[str, str]], side: int) -> str:
    words = [pair[side] for pair in pairs]
    return words[0] if len(set(words)) == 1 else " + ".join(words)
