"""Whether the steps of the optimiser have the right length: what losses and gradient norms say about it."""

import numpy as np

from lstm_core.doctor import experiments
from lstm_core.doctor.case import Case
from lstm_core.doctor.evidence import GradientNorms, LossCurves
from lstm_core.doctor.finding import Experiment, Sign, rule
from lstm_core.evaluation.verdict import amount, part_of

SWING = 0.10
"""Median change of the train loss from epoch to epoch. Measured on the sunspots, Adam: 0.04 at a rate of 0.001, 0.15
at 0.1, 0.59 at 1."""
RISES = 0.25
"""Share of epochs in which the train loss rises: a loss that only falls may fall fast."""
JUMP, JUMPS = 2.0, 3
"""The train loss at this many times its lowest so far, and how often: once may be chance."""
STRAIGHT = 0.5
"""Share of the first half's fall that the second half must repeat: a loss that is learned from flattens."""
LEFT = 0.5
"""Share of the first train loss that is left at the end of a training that hardly began."""
FEWEST = 8
"""Epochs without which a curve has no shape."""
EXPLODES = 10.0
"""Pascanu, Mikolov and Bengio (2013) clip at half to ten times the usual norm: beyond, a gradient has exploded."""
SETTLED = 3
"""Epochs before which no norm is usual."""
VANISHES = 1e-6
"""Gradient per weight. Adam and RMSprop divide by its size plus 1e-7, so from here on their steps get shorter too."""


def loss_curves(case: Case, mark: int | None = None, mark_name: str = "") -> LossCurves:
    """Curves of a case as evidence, `mark` being the epoch that the finding speaks of."""
    return LossCurves(epochs=case.epochs, loss_name=case.spec.plan.loss, mark=mark, mark_name=mark_name)


@rule(
    "curves",
    name="Diverged",
    needs="series",
    fires="a loss is NaN or infinite, so that the training had to stop",
    rows=("F42", "E11", "W6"),
    experiment="the first that is not so yet: standard scaling, clip norm 1, tanh, a tenth of the rate",
)
def diverged(case: Case) -> Sign | None:
    """A loss that is no number: the one failure that cannot be overlooked."""
    state = case.state
    known = len(case.epochs)
    if state.cause != "diverged" and known == len(state.epochs):
        return None
    last = (
        f" The last train loss was {amount(float(case.losses[-1]))}."
        if known
        else " There was no epoch before."
    )
    norms = [(e.epoch, e.gradient_norm) for e in case.epochs if e.gradient_norm is not None]
    norms = [(epoch, norm) for epoch, norm in norms if np.isfinite(norm)]
    if norms:
        last += f" The gradient norm was {amount(norms[0][1])} in epoch {norms[0][0]}"
        last += f" and {amount(norms[-1][1])} in epoch {norms[-1][0]}." if len(norms) > 1 else "."
    relu = any(layer.activation == "relu" for layer in case.spec.network.layers)
    why = " relu has no upper limit, so the state can grow at every step." if relu else ""
    return Sign(
        severity="bad",
        seen=f"In epoch {known + 1} the loss stopped being a number.{last}",
        means="One step of the optimiser was so long that the weights left the range of computer numbers. From "
        f"there no step leads back.{why}",
        advice=_how_to_calm_down(case),
        evidence=loss_curves(case, known or None, "last epoch with a number"),
        experiment=experiments.calm_down(case),
    )


def _how_to_calm_down(case: Case) -> str:
    """What has not been done yet, in the order of `experiments.calm_down`."""
    ways = {
        "scale the series": case.is_unscaled,
        "clip the gradient": case.spec.plan.clipnorm is None,
        "use tanh": any(layer.activation == "relu" for layer in case.spec.network.layers),
        "lower the rate": True,
    }
    return f"Make the steps shorter or the numbers smaller: {', '.join(way for way, open_ in ways.items() if open_)}."


@rule(
    "curves",
    name="Rate too high",
    needs="epochs",
    fires=f"after the first quarter of at least {FEWEST} epochs the train loss rises in {RISES:.0%} of the epochs "
    f"or more and changes by {SWING:.0%} or more in the middle one; or it jumps to {JUMP:.0f} times its lowest "
    f"value at least {JUMPS} times",
    rows=("F42",),
    experiment="a tenth of the learning rate",
)
def rate_too_high(case: Case) -> Sign | None:
    """A loss that swings or jumps instead of falling."""
    losses = case.losses
    if len(losses) < FEWEST or losses.min() <= 0:
        return None
    with np.errstate(over="ignore"):
        changes = np.diff(losses) / np.minimum(losses[1:], losses[:-1])
    late = changes[len(changes) // 4 :]
    swing, rises = float(np.median(np.abs(late))), float((late > 0).mean())
    jumps = int((losses[1:] > JUMP * np.minimum.accumulate(losses)[:-1]).sum())
    if not (swing >= SWING and rises >= RISES) and jumps < JUMPS:
        return None
    jumped = (
        f" {jumps} times it jumps to more than {JUMP:.0f} times its lowest value." if jumps >= JUMPS else ""
    )
    return Sign(
        severity="bad" if jumps >= JUMPS else "caution",
        seen=f"The train loss rises in {rises:.0%} of the later epochs and changes by {swing:.0%} from one to the "
        f"next.{jumped} The learning rate is {case.spec.plan.learning_rate:g}.",
        means="Every step overshoots the valley it aims for, lands on the other side, and overshoots again. The "
        "curve swings around a loss that a smaller rate would go below.",
        advice="Lower the learning rate to a tenth, and look whether the curve gets smooth and lower.",
        evidence=loss_curves(case),
        experiment=experiments.rate_times(case, 0.1),
    )


@rule(
    "curves",
    name="Exploding gradient",
    needs="norms",
    fires=f"the gradient norm of an epoch is more than {EXPLODES:.0f} times the median of all epochs before it "
    f"(at least {SETTLED}), or no number, and no clip norm shortens it",
    rows=("F42", "W6", "U6"),
    experiment="clip norm 1",
)
def exploding_gradient(case: Case) -> Sign | None:
    """A gradient that is suddenly many times as long as usual, and that nothing shortens."""
    # A norm that is no number comes as None; before the first known one nothing was recorded.
    norms = np.array(
        [np.inf if e.gradient_norm is None else e.gradient_norm for e in case.state.epochs], dtype=np.float64
    )
    clip = case.spec.plan.clipnorm
    for place in range(1, len(norms)):
        before = norms[:place][np.isfinite(norms[:place])]
        if not len(before):
            continue
        usual, norm = float(np.median(before)), float(norms[place])
        exploded = not np.isfinite(norm) or (len(before) >= SETTLED and norm > EXPLODES * usual > 0)
        if not exploded or (clip is not None and clip < norm):
            continue
        epoch = case.state.epochs[place].epoch
        size = amount(norm) if np.isfinite(norm) else "not a number"
        return Sign(
            severity="caution",
            seen=f"In epoch {epoch} the gradient norm is {size}; the usual one until then is {amount(usual)}.",
            means="On its way back through the steps of the window the gradient is multiplied again and again. "
            "Once it grows instead of shrinking, a single batch can undo what many have learned.",
            advice="Clip the gradient: directions stay, only the length is limited.",
            evidence=GradientNorms(
                epochs=case.state.epochs,
                limit=EXPLODES * usual,
                limit_name=f"{EXPLODES:.0f} times the usual norm",
            ),
            experiment=experiments.other_plan(case, "Try clip norm 1", clipnorm=1.0),
        )
    return None


@rule(
    "curves",
    name="Vanishing gradient",
    needs="norms",
    fires=f"the median gradient norm, divided by the square root of the number of weights, is below {VANISHES:g} "
    f"while more than {LEFT:.0%} of the first train loss is left",
    rows=("F42", "C15", "U6"),
    experiment="standard scaling when the input is unscaled, else tanh, else ten times the learning rate",
)
def vanishing_gradient(case: Case) -> Sign | None:
    """A gradient of nothing while there is still everything to learn."""
    norms = [
        e.gradient_norm for e in case.epochs if e.gradient_norm is not None and np.isfinite(e.gradient_norm)
    ]
    if not norms or case.losses[0] <= 0 or case.losses[-1] <= LEFT * case.losses[0]:
        return None
    each = float(np.median(norms)) / float(np.sqrt(case.room.n_parameters))
    if each >= VANISHES:
        return None
    advice, experiment = _bring_it_back(case)
    return Sign(
        severity="bad",
        seen=f"The gradient norm is {amount(float(np.median(norms)))} in the middle epoch, {amount(each)} per "
        f"weight, while {case.losses[-1] / case.losses[0]:.0%} of the first train loss is left.",
        means="The weights are told to stay where they are although the forecast is still wrong: gates or units "
        "stand where their curves are flat, and nothing comes back through them.",
        advice=advice,
        evidence=GradientNorms(
            epochs=case.state.epochs,
            limit=VANISHES * float(np.sqrt(case.room.n_parameters)),
            limit_name=f"{VANISHES:g} per weight",
        ),
        experiment=experiment,
    )


def _bring_it_back(case: Case) -> tuple[str, Experiment | None]:
    """Advice and experiment against a gradient that vanishes; what is done already is not told again."""
    if case.is_unscaled:
        return (
            "Bring the input to a common size, so that gates and units stand where their curves rise.",
            experiments.standard_scaling(case),
        )
    if any(layer.activation != "tanh" for layer in case.spec.network.layers):
        return (
            "The input is scaled already: use tanh, whose curve rises on both sides of 0.",
            experiments.other_layers(case, "Try the tanh activation", activation="tanh"),
        )
    return (
        "The input is scaled and the activation is tanh: take longer steps, or read a shorter window, so that the "
        "gradient has less far to come back.",
        experiments.rate_times(case, 10),
    )


def is_straight(case: Case) -> bool:
    """Whether the train loss falls in a straight line to the end, with most of it left."""
    losses = case.losses
    if len(losses) < FEWEST or losses[-1] <= LEFT * losses[0]:
        return False
    middle = len(losses) // 2
    first, second = losses[0] - losses[middle], losses[middle] - losses[-1]
    return bool(first > 0 and second >= STRAIGHT * first and losses.argmin() == len(losses) - 1)


@rule(
    "curves",
    name="Rate too low",
    needs="epochs",
    fires=f"over at least {FEWEST} epochs the train loss falls to the last one, the second half at least "
    f"{STRAIGHT:.0%} as far as the first, and more than {LEFT:.0%} of it is left",
    rows=("F42", "E11"),
    experiment="ten times the learning rate",
)
def rate_too_low(case: Case) -> Sign | None:
    """A loss that falls in a straight line and has hardly begun."""
    if not is_straight(case):
        return None
    first, last = float(case.losses[0]), float(case.losses[-1])
    return Sign(
        severity="caution",
        seen=f"In {len(case.losses)} epochs the train loss falls by {part_of(1 - last / first)}, in a straight line "
        f"({amount(first)} to {amount(last)}), and still falls. The learning rate is "
        f"{case.spec.plan.learning_rate:g}.",
        means="A loss that is learned from falls fast and then flattens. A straight line is only its beginning: "
        "the steps are so short that the training has hardly left its start.",
        advice="Raise the learning rate tenfold; more epochs would help as well, but take as many times longer.",
        evidence=loss_curves(case),
        experiment=experiments.rate_times(case, 10),
    )


RULES = (diverged, rate_too_high, exploding_gradient, vanishing_gradient, rate_too_low)
