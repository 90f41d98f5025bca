"""Why to scale: where the gate of an LSTM would stand when fed with raw and with scaled values (C15)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import expit

from lstm_core.arrays import TimeValues
from lstm_core.preparation.windows import Prepared

BINS = 20
SATURATED = 0.01
"""A gate this close to 0 or 1 has a slope below 0.01, 4% of its steepest: it hardly learns."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GateHistogram:
    """Share of the train values by the gate they would give, `sigmoid(value)`: one weight of 1, no bias.

    Attributes
    ----------
    edges : (bin + 1,) from 0 to 1
    raw, scaled : (bin,) shares, each summing to 1
    raw_saturated, scaled_saturated : share of values whose gate is within 0.01 of 0 or 1
    """

    edges: Float[np.ndarray, " edge"]
    raw: Float[np.ndarray, " bin"]
    scaled: Float[np.ndarray, " bin"]
    raw_saturated: float
    scaled_saturated: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Squashed:
    """What sigmoid and tanh make of values spread evenly over 0 to `largest`.

    Attributes
    ----------
    place : (point,) from 0, the smallest value, to 1, the largest
    sigmoid, tanh : (point,) what comes out
    slope : mean slope of the sigmoid over the values, against 0.25 at its steepest: what a gate can learn there
    """

    largest: float
    place: Float[np.ndarray, " point"]
    sigmoid: Float[np.ndarray, " point"]
    tanh: Float[np.ndarray, " point"]
    slope: float


def squash(largest: float, *, n_points: int = 101) -> Squashed:
    """Squash values from 0 to `largest`."""
    place = np.linspace(0, 1, n_points)
    gates = expit(largest * place)
    return Squashed(
        largest=largest,
        place=place,
        sigmoid=gates,
        tanh=np.tanh(largest * place),
        slope=float((gates * (1 - gates)).mean()),
    )


def gate_histogram(prepared: Prepared) -> GateHistogram:
    """Gates of the target's train values, raw, and transformed and scaled."""
    raw = prepared.values[prepared.spec.transform.n_lost : prepared.split.train.stop, 0]
    scaled = (prepared.train_table[:, 0] - prepared.scaler.centre[0]) / prepared.scaler.spread[0]
    edges = np.linspace(0, 1, BINS + 1)
    shares = []
    for values in (raw, scaled):
        counts = np.histogram(expit(values), bins=edges)[0]
        shares.append(counts / counts.sum())
    return GateHistogram(
        edges=edges,
        raw=shares[0],
        scaled=shares[1],
        raw_saturated=saturated_share(raw),
        scaled_saturated=saturated_share(scaled),
    )


def saturated_share(values: TimeValues) -> float:
    """Share of values whose gate, `sigmoid(value)`, is within 0.01 of 0 or 1."""
    gates = expit(values)
    return float(((gates < SATURATED) | (gates > 1 - SATURATED)).mean())
