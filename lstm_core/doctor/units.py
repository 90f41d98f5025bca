"""What the units and gates of a trained network say: those that no longer move."""

from collections import defaultdict

import numpy as np

from lstm_core.doctor import experiments
from lstm_core.doctor.case import Case, GateUse, UnitMoves
from lstm_core.doctor.evidence import GateShares, UnitRanges
from lstm_core.doctor.finding import Experiment, Sign, rule
from lstm_core.network.spec import thousands

STILL = 0.01
"""A unit that moves this little, against the middle one of its layer's moving units, says nearly always the same."""
MOTIONLESS = 1e-6
"""A whole layer below this does not move at all: float32 tells no smaller steps apart near 1."""
DEAD = 0.2
"""Share of dead units in a layer that is worth a word: with fewer the others do the work."""
SATURATED = 0.5
"""Share of a layer's gate values within 0.05 of 0 or 1. Karpathy, Johnson and Li (2015) call gates beyond 0.1 and 0.9
saturated and find single gates there in good networks, but never the middle one."""
HIGH_RATE = 0.01
"""Ten times the usual learning rate: one step can push a gate to its end."""


def still_limit(layer: UnitMoves) -> float:
    """Movement below which a unit of this layer counts as dead."""
    moving = layer.moves[layer.moves > MOTIONLESS]
    return max(STILL * float(np.median(moving)), MOTIONLESS) if len(moving) else MOTIONLESS


@rule(
    "units",
    name="Dead units",
    needs="weights",
    fires=f"in {DEAD:.0%} or more of a layer's units the hidden state differs between the sample windows by less "
    f"than {STILL:.0%} of what it does in the middle one of the layer's moving units (or by less than "
    f"{MOTIONLESS:g})",
    rows=("F42", "W6"),
    experiment="standard scaling when the input is unscaled; else tanh; else a tenth of the learning rate",
)
def dead_units(case: Case) -> Sign | None:
    """Units that say the same whatever the window."""
    limits = tuple(still_limit(layer) for layer in case.units)
    counts = [int((layer.moves < limit).sum()) for layer, limit in zip(case.units, limits, strict=True)]
    shares = [count / max(len(layer.moves), 1) for layer, count in zip(case.units, counts, strict=True)]
    if not shares or max(shares) < DEAD:
        return None
    worst = int(np.argmax(shares))
    layer, all_dead = case.units[worst], counts[worst] == len(case.units[worst].moves)
    relu = case.spec.network.layers[layer.layer - 1].activation == "relu"
    cause = (
        " relu says 0 for everything below 0, and where it says 0 no gradient brings it back."
        if relu
        else " It stands at an end of its curve, where no gradient brings it back, or nothing has reached it yet."
    )
    return Sign(
        severity="bad" if all_dead else "caution",
        seen=f"In layer {layer.layer}, {thousands(counts[worst])} of {thousands(len(layer.moves))} units say the "
        "same whatever window they read.",
        means=f"A unit that does not move carries nothing from the input to the forecast.{cause}",
        advice=_how_to_revive(case, relu),
        evidence=UnitRanges(layers=case.units, limits=limits),
        experiment=_revive(case, relu),
    )


def _how_to_revive(case: Case, relu: bool) -> str:
    """Advice in the order of the experiments of `_revive`; what is done already is not told again."""
    if case.is_unscaled:
        return "Scale the input first; lower the rate if units still die during the training."
    if relu:
        return (
            "Use tanh, which has a slope everywhere; lower the rate if units still die during the training."
        )
    return (
        "The input is scaled already: lower the rate, so that no step throws a unit to the end of its curve."
    )


def _revive(case: Case, relu: bool) -> Experiment | None:
    if case.is_unscaled:
        return experiments.standard_scaling(case)
    if relu:
        return experiments.other_layers(case, "Try the tanh activation", activation="tanh")
    return experiments.rate_times(case, 0.1)


@rule(
    "units",
    name="Saturated gates",
    needs="weights",
    fires=f"over the sample windows more than {SATURATED:.0%} of a layer's gate values lie below 0.05 or above 0.95",
    rows=("F42", "C15", "E2"),
    experiment="standard scaling when the input is unscaled; else a tenth of a rate of "
    f"{HIGH_RATE:g} or more; else L2 1e-4",
)
def saturated_gates(case: Case) -> Sign | None:
    """Gates that are stuck at their ends."""
    layers: dict[int, list[GateUse]] = defaultdict(list)
    for gate in case.gates:
        layers[gate.layer].append(gate)
    shares = {
        number: sum(gate.shut + gate.open for gate in gates) / len(gates) for number, gates in layers.items()
    }
    worst = max(shares, key=lambda number: shares[number], default=0)
    if not worst or shares[worst] <= SATURATED:
        return None
    numbers = ", ".join(
        f"{gate.gate} {gate.shut:.0%} shut and {gate.open:.0%} open" for gate in layers[worst]
    )
    return Sign(
        severity="caution",
        seen=f"In layer {worst}, {shares[worst]:.0%} of all gate values are below 0.05 or above 0.95 ({numbers}).",
        means="At its ends a gate is a switch: it passes on less than a fifth of the gradient it could, so it "
        "hardly learns. Single gates may stand there for good reasons; most of them may not.",
        advice=_how_to_ease(case),
        evidence=GateShares(gates=case.gates, limit=SATURATED),
        experiment=_ease(case),
    )


def _how_to_ease(case: Case) -> str:
    """Advice in the order of the experiments of `_ease`; what is scaled already is not told to be."""
    if case.is_unscaled:
        return "Scale the input; after that take shorter steps, or keep the weights small."
    if case.spec.plan.learning_rate >= HIGH_RATE:
        return "The input is scaled already: take shorter steps, or keep the weights small."
    return "The input is scaled already: keep the weights small, for example by a penalty on them."


def _ease(case: Case) -> Experiment | None:
    if case.is_unscaled:
        return experiments.standard_scaling(case)
    if case.spec.plan.learning_rate >= HIGH_RATE:
        return experiments.rate_times(case, 0.1)
    return experiments.other_layers(case, "Try L2 1e-4", l2=1e-4)


RULES = (dead_units, saturated_gates)
