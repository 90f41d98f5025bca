"""The table of the rules, as it stands in docs/doctor.md: written from the rules, so that it cannot drift.

Print it with `python -m lstm_core.doctor.table`.
"""

import sys

from lstm_core.doctor.rules import RULES

FAMILIES = {
    "series": "the series and its windows, before anything is learned",
    "curves": "the curves of the training",
    "units": "the trained network itself, on sample windows of the train part",
    "forecast": "its forecasts, beside the truth and beside the baselines",
}
NEEDS = {
    "series": "a run",
    "epochs": "a run with epochs",
    "norms": "a run that recorded gradient norms",
    "weights": "a finished run",
    "middle": "a finished run that forecasts the middle",
}
INTRODUCTION = """# The doctor's rules

The Doctor page asks every rule below about the run that is looked at. A rule is a function of a *case*: the choices of
the run, its curves, its scaled input, its gates and units on sample windows, and its forecasts beside those of the
baselines. It answers with a finding or with nothing. Findings are sorted by severity, and causes come before what they
cause: the order of this page.

A finding whose cause is another finding waits for it: while the input is unscaled, or there is nothing to learn, no
other experiment is offered, and a bias waits while the rate is too low to leave the start. A rule that needs a forecast
of the middle says nothing about a run that learned another quantile than the median, because such a forecast is meant
to lie on one side.

Every experiment is a run that differs in one thing and has the same seed. One seed proves little: repeat what seems to
help with several (Seeds page).

This page is written by `python -m lstm_core.doctor.table`; a test holds it to the rules.
"""


def render() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION]
    for family in dict.fromkeys(rule.family for rule in RULES):
        parts.append(f"\n## From {FAMILIES[family]}\n\n")
        parts.append("| rule | fires when | needs | experiment | rows |\n|---|---|---|---|---|\n")
        parts += [
            f"| {rule.name} | {rule.fires} | {NEEDS[rule.needs]} | {rule.experiment or 'none'} | "
            f"{', '.join(rule.rows)} |\n"
            for rule in RULES
            if rule.family == family
        ]
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(render())
