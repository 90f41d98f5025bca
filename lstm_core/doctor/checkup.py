"""Systematic debugging: the same questions in the same order, from the data over the network to regularisation (E10).

The order is the point. A network cannot learn from broken data, and regularising a network that learns nothing makes
it worse: so whoever finds a red step stops there, cures it, trains again, and starts from the top.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lstm_core.doctor import bias, curves, forecasts, green, inputs, steps, units
from lstm_core.doctor.case import Case
from lstm_core.doctor.finding import SEVERITIES, Finding, Rule
from lstm_core.doctor.green import Subject
from lstm_core.evaluation.quantile import NOT_THE_MIDDLE
from lstm_core.evaluation.verdict import Tone, amount
from lstm_core.preparation.leaks import check_leaks, find_leaks

Stage = Literal["data", "network", "regularisation"]
STAGES: dict[Stage, str] = {
    "data": "Data",
    "network": "Architecture and training",
    "regularisation": "Regularisation",
}
FILLED, MOSTLY_FILLED = 0.05, 0.3
"""Share of the target's values that a repair made up: worth a look, and more invented than a network should learn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Check:
    """One step of the debugging, answered.

    Attributes
    ----------
    tone : good (green), caution (amber), bad (red: stop here), note (cannot be told yet)
    seen : the answer, with its number
    advice : what to do when it is not green
    page, label : where to do it, and what the button says
    finding : of the doctor, when the step is red or amber because of one
    """

    key: str
    stage: Stage
    question: str
    tone: Tone
    seen: str
    advice: str
    page: str
    label: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A step: the rules that can turn it red or amber, and what it says when they are silent."""

    key: str
    stage: Stage
    question: str
    fine: Callable[[Subject], str]
    page: str
    label: str
    rules: tuple[Rule, ...] = ()
    look: Callable[[Subject], tuple[Tone, str, str] | None] = lambda subject: None  # noqa: ARG005


def check_up(subject: Subject) -> tuple[Check, ...]:
    """Answer every step, in order."""
    return tuple(_answer(question, subject) for question in _QUESTIONS)


def first_red(checks: tuple[Check, ...]) -> int | None:
    """Place of the first red step, None when there is none."""
    return next((place for place, check in enumerate(checks) if check.tone == "bad"), None)


def _answer(question: _Question, subject: Subject) -> Check:
    finding = _worst(question.rules, subject.case)
    page, label = question.page, question.label
    if found := question.look(subject):
        tone, seen, advice = found
        finding = None
    elif finding is not None:
        sign = finding.sign
        tone = "caution" if sign.severity == "note" else sign.severity
        seen, advice = f"{finding.rule.name}. {sign.seen}", sign.advice
    elif reason := _open(question.rules, subject.case):
        tone, (seen, advice, page, label) = "note", reason
    else:
        tone, seen, advice = "good", question.fine(subject), ""
    return Check(
        key=question.key,
        stage=question.stage,
        question=question.question,
        tone=tone,
        seen=seen,
        advice=advice,
        page=page,
        label=label,
        finding=finding,
    )


def _open(rules: tuple[Rule, ...], case: Case) -> tuple[str, str, str, str] | None:
    """Why a step cannot be answered, what to do, and where; None when it can."""
    if any(not rule.fits(case) for rule in rules):
        seen = f"This run learned the quantile {case.edge:g}. {NOT_THE_MIDDLE}"
        return (
            seen,
            "The Forecast page judges it by its pinball loss.",
            "pages/forecast.py",
            "See the forecast",
        )
    if _waits(rules, case):
        return (
            "This cannot be told before a training is over.",
            "Train the network first.",
            "pages/training.py",
            "Train",
        )
    return None


def _waits(rules: tuple[Rule, ...], case: Case) -> bool:
    """Whether the step needs a training, and there is none to look at."""
    needing = [rule for rule in rules if rule.needs != "series"]
    return bool(needing) and not any(rule.can_look(case) for rule in needing)


def _worst(rules: tuple[Rule, ...], case: Case) -> Finding | None:
    found = [finding for rule in rules if (finding := rule(case))]
    return min(found, key=lambda finding: SEVERITIES.index(finding.sign.severity), default=None)


def _look_at_gaps(subject: Subject) -> tuple[Tone, str, str] | None:
    share = green.filled(subject)
    if share <= FILLED:
        return None
    return (
        "bad" if share > MOSTLY_FILLED else "caution",
        f"{share:.0%} of the target's values were missing and filled.",
        "Look at where they lie; cut the stretch away, or choose a coarser step.",
    )


def _look_for_leaks(subject: Subject) -> tuple[Tone, str, str] | None:
    record = subject.case.spec.cleaning
    cleaning = record.source.cleaning if record else None
    leaks = find_leaks(check_leaks(subject.series, subject.prepared, cleaning=cleaning))
    return ("bad", leaks[0].seen, leaks[0].honest) if leaks else None


_QUESTIONS = (
    _Question(
        key="gaps",
        stage="data",
        question="Is the series complete?",
        look=_look_at_gaps,
        fine=green.gaps,
        page="pages/series.py",
        label="Look at the series",
    ),
    _Question(
        key="leaks",
        stage="data",
        question="Is the future kept out of the training?",
        look=_look_for_leaks,
        fine=green.order,
        page="pages/windows.py",
        label="Look at the split",
    ),
    _Question(
        key="scaling",
        stage="data",
        question="Do the numbers reach the network at a common size?",
        rules=(inputs.unscaled_input,),
        fine=green.sizes,
        page="pages/windows.py",
        label="Choose a scaling",
    ),
    _Question(
        key="learnable",
        stage="data",
        question="Is there anything to learn?",
        rules=(inputs.nothing_to_learn,),
        fine=lambda subject: (
            f"Earlier steps explain {subject.case.past.learnable.explained:.0%} of the next one's variance; "
            "repeating the last value misses by "
            f"{amount(subject.case.past.learnable.naive_error, subject.case.unit)} on the train rows: that is to "
            "be beaten."
        ),
        page="pages/patterns.py",
        label="Look at the patterns",
    ),
    _Question(
        key="range",
        stage="data",
        question="Does the test part stay where the train part has been?",
        rules=(inputs.unseen_range,),
        fine=green.beyond,
        page="pages/windows.py",
        label="Move the split",
    ),
    _Question(
        key="window",
        stage="network",
        question="Does the network see far enough back?",
        rules=(inputs.window_of_one, inputs.window_too_short),
        fine=green.reach,
        page="pages/windows.py",
        label="Choose the window",
    ),
    _Question(
        key="steps",
        stage="network",
        question="Are the steps of the training the right length?",
        rules=steps.RULES,
        fine=green.pace,
        page="pages/training.py",
        label="Change the plan",
    ),
    _Question(
        key="alive",
        stage="network",
        question="Are units and gates alive?",
        rules=units.RULES,
        fine=green.liveliness,
        page="pages/gates.py",
        label="Look at the gates",
    ),
    _Question(
        key="learned",
        stage="network",
        question="Has it learned the rows it was shown?",
        rules=(forecasts.constant_forecast, forecasts.underfitting),
        fine=green.learned,
        page="pages/network.py",
        label="Change the network",
    ),
    _Question(
        key="baselines",
        stage="network",
        question="Does it beat forecasts that need no network?",
        rules=(forecasts.copy_cat, forecasts.beaten),
        fine=green.beats,
        page="pages/forecast.py",
        label="Compare the forecasts",
    ),
    _Question(
        key="heart",
        stage="regularisation",
        question="Does it learn rules, or its windows by heart?",
        rules=(curves.overfitting,),
        fine=green.heart,
        page="pages/network.py",
        label="Add dropout",
    ),
    _Question(
        key="room",
        stage="regularisation",
        question="Is there enough to learn from, for so many weights?",
        rules=(inputs.too_few_windows,),
        fine=green.room,
        page="pages/network.py",
        label="Change the units",
    ),
    _Question(
        key="end",
        stage="regularisation",
        question="Did the training end at the right time?",
        rules=(curves.too_few_epochs, curves.stopped_too_early),
        fine=green.end,
        page="pages/training.py",
        label="Change the epochs",
    ),
    _Question(
        key="rest",
        stage="regularisation",
        question="Is what it misses only noise?",
        rules=(bias.bias, forecasts.pattern_left, forecasts.uneven_misses),
        fine=green.rest,
        page="pages/residuals.py",
        label="Look at the residuals",
    ),
)
