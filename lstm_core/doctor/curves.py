"""What the shape of the loss curves says: learned by heart, or ended too early."""

from lstm_core.doctor import experiments
from lstm_core.doctor.case import Case
from lstm_core.doctor.finding import Experiment, Sign, rule
from lstm_core.doctor.steps import is_straight, loss_curves
from lstm_core.evaluation.verdict import amount
from lstm_core.training.events import Status
from lstm_core.training.overfitting import RISE, overfitting_start

GAIN = 0.01
"""Fall of the validation loss over the last tenth of the epochs that makes more epochs worth a try."""
IMPATIENT = 10
"""A patience up to this is short: Prechelt (1998) finds that slower criteria still gain."""
STILL_LEARNS = 0.05
"""Fall of the train loss, since the best epoch, that says that the training had not ended by itself."""


@rule(
    "curves",
    name="Overfitting",
    needs="epochs",
    fires="over the later half of the epochs since the best one (at least 3) the middle validation loss lies "
    f"{RISE - 1:.0%} above the best, and the train loss below its value at the best epoch",
    rows=("F42", "E11"),
    experiment="dropout 0.2; half the units when there is dropout already",
)
def overfitting(case: Case) -> Sign | None:
    """A validation loss that rises while the train loss falls on."""
    start, best = overfitting_start(case.epochs), case.best
    if start is None or best is None:
        return None
    last = case.epochs[-1]
    return Sign(
        severity="caution",
        seen=f"After epoch {best.epoch} the validation loss rises from {amount(best.val_loss)} to "
        f"{amount(last.val_loss)} while the train loss falls on, from {amount(best.loss)} to {amount(last.loss)}.",
        means="From there on the network learns its train windows by heart: what it adds does not carry over. "
        f"The weights of epoch {best.epoch} are kept, so the forecast does not suffer from the epochs behind it; "
        "but a network that finds it harder to learn by heart may get lower.",
        advice="Hide some of the outputs while training (dropout), or use fewer units.",
        evidence=loss_curves(case, best.epoch, "best epoch"),
        experiment=_regularised(case),
    )


def _regularised(case: Case) -> Experiment | None:
    if all(layer.dropout == 0 for layer in case.spec.network.layers):
        return experiments.other_layers(case, "Try dropout 0.2", dropout=0.2)
    return experiments.units_times(case, 0.5)


@rule(
    "curves",
    name="Too few epochs",
    needs="epochs",
    fires=f"all planned epochs are done, the last one is the best, and the validation loss fell by {GAIN:.0%} or "
    "more over the last tenth of them (and not in a straight line, which is a rate too low)",
    rows=("F42", "E11"),
    experiment="three times the epochs",
)
def too_few_epochs(case: Case) -> Sign | None:
    """A training that was ended while it still got better."""
    epochs, val = case.epochs, case.val_losses
    over = case.state.status is Status.FINISHED and len(epochs) >= case.spec.plan.epochs
    if not over or len(val) < 2 or val.argmin() != len(val) - 1 or is_straight(case):
        return None
    back = max(len(val) // 10, 1)
    gain = 1 - float(val[-1] / val[-1 - back]) if val[-1 - back] > 0 else 0.0
    if gain < GAIN:
        return None
    return Sign(
        severity="caution",
        seen=f"The last of {len(val)} epochs is the best, and over the last {_epochs(back)} the validation loss "
        f"still fell by {gain:.1%}.",
        means="The training was ended by its plan, not by what it learned: nobody knows yet how low it would get.",
        advice="Allow more epochs and let early stopping find the end.",
        evidence=loss_curves(case, epochs[-1].epoch, "last epoch = best epoch"),
        experiment=experiments.more_epochs(case),
    )


@rule(
    "curves",
    name="Stopped too early",
    needs="epochs",
    fires=f"a patience of at most {IMPATIENT} ended the training, the train loss fell by {STILL_LEARNS:.0%} or "
    "more since the best epoch, and nothing was learned by heart",
    rows=("F42",),
    experiment="a patience of 30",
)
def stopped_too_early(case: Case) -> Sign | None:
    """A patience that ran out on a stumble."""
    patience, best = case.spec.plan.patience, case.best
    if patience is None or patience > IMPATIENT or best is None or case.state.status is not Status.FINISHED:
        return None
    waited, planned = case.epochs[-1].epoch - best.epoch, case.spec.plan.epochs
    if waited < patience or case.epochs[-1].epoch >= planned or overfitting_start(case.epochs) is not None:
        return None
    fall = 1 - case.epochs[-1].loss / best.loss if best.loss > 0 else 0.0
    if fall < STILL_LEARNS:
        return None
    return Sign(
        severity="caution",
        seen=f"The training stopped after epoch {case.epochs[-1].epoch} of {planned}: for {_epochs(waited)} the "
        f"validation loss had not got below {amount(best.val_loss)}. The train loss fell by {fall:.1%} in that "
        "time.",
        means="A validation loss stumbles on its way down. With a patience this short a stumble looks like the end.",
        advice="Wait longer before stopping; the weights of the best epoch are kept in any case.",
        evidence=loss_curves(case, best.epoch, "best epoch"),
        experiment=experiments.other_plan(case, "Try patience 30", patience=30),
    )


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"


RULES = (overfitting, too_few_epochs, stopped_too_early)
