"""A forecast that errs to one side."""

from lstm_core.doctor import experiments
from lstm_core.doctor.case import Case
from lstm_core.doctor.evidence import Amounts
from lstm_core.doctor.finding import Sign, rule
from lstm_core.evaluation.residual_tests import WEAK_BIAS


@rule(
    "forecast",
    name="Bias",
    needs="middle",
    fires="one step ahead on the test part, the mean miss is not 0 (z test with Newey-West errors, p below 0.05) and "
    f"more than {WEAK_BIAS:.0%} of a usual miss",
    rows=("F53", "F42"),
    experiment="the plain difference, unless it is taken already",
)
def bias(case: Case) -> Sign | None:
    """Misses that do not cancel out."""
    test = case.bias
    if test is None or test.verdict.tone != "caution" or not test.seen:
        return None
    means = {part: made.actual[:, 0] - made.predicted[:, 0] for part, made in case.forecasts.items()}
    return Sign(
        severity="note",
        seen=test.seen,
        means=test.means,
        advice=test.advice,
        evidence=Amounts(
            names=tuple(f"{part} part" for part in reversed(means)),
            values=tuple(float(missed.mean()) for missed in reversed(means.values())),
            title="Mean miss, actual minus forecast" + (f" [{case.unit}]" if case.unit else ""),
        ),
        experiment=experiments.plain_difference(case),
    )


RULES = (bias,)
