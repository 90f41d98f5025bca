"""A finding: what a rule saw, what it means, what to try; and the rule itself, with its line in the documents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lstm_core.doctor.case import Case
from lstm_core.doctor.evidence import Evidence
from lstm_core.training.plan import RunSpec

Severity = Literal["bad", "caution", "note"]
SEVERITIES: tuple[Severity, ...] = ("bad", "caution", "note")
Family = Literal["curves", "units", "series", "forecast"]
Needs = Literal["epochs", "norms", "weights", "middle", "series"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A run that differs from the one examined in one thing, and in nothing else: the seed is the same.

    Attributes
    ----------
    label : what to do, as on a button: "Try clip norm 1"
    """

    label: str
    spec: RunSpec


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sign:
    """What one look at a case brought to light.

    Attributes
    ----------
    severity : bad (the result is worthless or missing), caution (it could be better), note (worth knowing)
    seen : what is seen, with the numbers; plain text, with names from the data in it
    means : what it means
    advice : what to try
    evidence : what the chart shows
    experiment : None when no change of the settings can help
    """

    severity: Severity
    seen: str
    means: str
    advice: str
    evidence: Evidence
    experiment: Experiment | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """A sign, and the rule that saw it.

    Attributes
    ----------
    waits_for : rule whose finding is to be mended before what this one advises can tell anything; None: it can
    """

    rule: "Rule"
    sign: Sign
    waits_for: "Rule | None" = None

    @property
    def sentence(self) -> str:
        """Name, what is seen and what to try, as one short paragraph."""
        return f"{self.rule.name}: {self.sign.seen} {self.sign.advice}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing the doctor looks for. Call it with a case.

    Attributes
    ----------
    key : name of the function that looks
    name : what it is called, in two or three words
    needs : what a run must have to be looked at: epochs, gradient norms, weights, weights that forecast the middle (a
        mean or a median, no other quantile), or nothing but its series
    fires : when it fires, in words and with its thresholds
    rows : lines of the documents it stands for
    experiment : what its experiment changes, in words; "" when it has none
    """

    key: str
    family: Family
    name: str
    needs: Needs
    fires: str
    rows: tuple[str, ...]
    experiment: str
    look: Callable[[Case], Sign | None]

    def __call__(self, case: Case) -> Finding | None:
        """Look at a case; None when there is nothing to find, or too little to tell."""
        sign = self.look(case) if self.can_look(case) else None
        return Finding(rule=self, sign=sign) if sign else None

    def can_look(self, case: Case) -> bool:
        """Whether the case holds what this rule needs."""
        held = {
            "epochs": bool(case.epochs),
            "norms": any(ended.gradient_norm is not None for ended in case.state.epochs),
            "weights": bool(case.forecasts),
            "middle": bool(case.forecasts) and self.fits(case),
            "series": True,
        }
        return held[self.needs]

    def fits(self, case: Case) -> bool:
        """Whether the rule can judge what the run learned."""
        return case.edge is None or self.needs != "middle"


def rule(
    family: Family, *, name: str, needs: Needs, fires: str, rows: tuple[str, ...], experiment: str = ""
) -> Callable[[Callable[[Case], Sign | None]], Rule]:
    """Make a rule of a function that looks at a case."""

    def make(look: Callable[[Case], Sign | None]) -> Rule:
        return Rule(
            key=look.__name__,
            family=family,
            name=name,
            needs=needs,
            fires=fires,
            rows=rows,
            experiment=experiment,
            look=look,
        )

    return make
