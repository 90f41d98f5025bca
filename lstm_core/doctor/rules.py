"""All rules in the order of causes: what makes the others happen comes first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lstm_core.doctor import bias, curves, forecasts, inputs, steps, units
from lstm_core.doctor.case import Case
from lstm_core.doctor.finding import SEVERITIES, Finding, Rule

RULES: tuple[Rule, ...] = (
    *inputs.RULES,
    *steps.RULES,
    *units.RULES,
    *curves.RULES,
    *forecasts.RULES,
    *bias.RULES,
)

WAITING: tuple[tuple[Rule, tuple[Rule, ...]], ...] = (
    (inputs.nothing_to_learn, tuple(rule for rule in RULES if rule is not inputs.nothing_to_learn)),
    # A network that has hardly left its start lies beside the level wherever its first weights put it.
    (steps.rate_too_low, (bias.bias,)),
)
"""Findings that come first, and those that wait for them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diagnosis:
    """What all rules say about a case.

    Attributes
    ----------
    findings : the most severe first; of equal ones, causes before what they cause
    quiet : rules that looked and found nothing
    blind : rules that could not look, because the run lacks what they need
    """

    findings: tuple[Finding, ...]
    quiet: tuple[Rule, ...]
    blind: tuple[Rule, ...]


def diagnose(case: Case) -> Diagnosis:
    """Ask every rule; experiments that would try to cure what another finding causes wait for that one."""
    answers = {rule.key: rule(case) for rule in RULES}
    found = [_in_turn(answer, answers) for answer in answers.values() if answer is not None]
    return Diagnosis(
        findings=tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.sign.severity))),
        quiet=tuple(rule for rule in RULES if answers[rule.key] is None and rule.can_look(case)),
        blind=tuple(rule for rule in RULES if not rule.can_look(case)),
    )


def _in_turn(finding: Finding, answers: Mapping[str, Finding | None]) -> Finding:
    """The finding, with the one that comes first when what it advises cannot tell anything before."""
    tried, scale = finding.sign.experiment, answers[inputs.unscaled_input.key]
    if finding.rule is inputs.unscaled_input or finding.rule is inputs.nothing_to_learn:
        return finding
    if tried and scale and scale.sign.experiment and scale.sign.experiment.spec != tried.spec:
        return replace(finding, waits_for=scale.rule)
    for first, others in WAITING:
        if answers[first.key] is not None and finding.rule in others:
            return replace(finding, waits_for=first)
    return finding
