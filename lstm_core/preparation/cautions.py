"""What is allowed, and should still be known before training."""

from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import TimeValues
from lstm_core.preparation.windows import Prepared

FEW_WINDOWS = 30
OUT_OF_RANGE_SHARE = 0.1
FAR_OUT = 20
"""Median distances from the median beyond which a value is called far out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One thing to know.

    Attributes
    ----------
    what : str
        A sentence with the number in it.
    field : str
        Key of the control that could change it.
    """

    what: str
    field: str


def find_cautions(prepared: Prepared) -> tuple[Caution, ...]:
    """List what may surprise, most serious first; empty when nothing does."""
    found = [*_about_columns(prepared), *_about_windows(prepared)]
    return tuple(caution for caution in found if caution)


def _about_columns(prepared: Prepared) -> list[Caution | None]:
    end = prepared.split.train.stop
    return [
        *(
            _unchanging(name, values, end)
            for name, values in zip(prepared.spec.columns, prepared.values.T, strict=True)
        ),
        _out_of_range(prepared),
        *(
            _far_out(name, values[:end], prepared.spec.scaling.kind)
            for name, values in zip(prepared.spec.columns, prepared.values.T, strict=True)
        ),
    ]


def _far_out(name: str, train: TimeValues, scaling: str) -> Caution | None:
    """Values so far from the usual ones that they rule the scaling (B78); nothing is done to them."""
    distance = np.abs(train - np.median(train))
    n_far = int((distance > FAR_OUT * np.median(distance)).sum()) if np.median(distance) > 0 else 0
    if not n_far:
        return None
    values = "1 value" if n_far == 1 else f"{n_far} values"
    cure = (
        ""
        if scaling == "robust"
        else " Robust scaling lets them count less; the Series page can mark or clip them."
    )
    return Caution(
        what=f"Column '{name}' has {values} in the train rows more than {FAR_OUT} times as far from the median as the "
        f"usual value.{cure}",
        field="scaling",
    )


def _unchanging(name: str, values: TimeValues, train_end: int) -> Caution | None:
    train = values[:train_end]
    if train.max() > train.min():
        return None
    if values.max() == values.min():
        return Caution(what=f"Column '{name}' never changes: nothing to learn from it.", field="features")
    return Caution(
        what=f"Column '{name}' never changes in the train rows but does so later: the network cannot have learned "
        "what that means.",
        field="test_fraction",
    )


def _out_of_range(prepared: Prepared) -> Caution | None:
    """Test values that lie outside the train rows as the network reads them."""
    train, test = prepared.train_table[:, 0], prepared.table[prepared.split.test.start :, 0]
    low, high = train.min(), train.max()
    share = float(((test < low) | (test > high)).mean())
    if share <= OUT_OF_RANGE_SHARE or low == high:
        return None
    return Caution(
        what=f"{share:.0%} of the test values lie outside everything the train rows have seen. A network "
        "extrapolates poorly." + ("" if prepared.spec.transform.lags else " A difference takes a trend out."),
        field="transform_difference" if not prepared.spec.transform.lags else "test_fraction",
    )


def _about_windows(prepared: Prepared) -> list[Caution | None]:
    window, n_train = prepared.spec.window, len(prepared.train)
    few = Caution(
        what=f"Only {n_train} train windows: the network will hardly have anything to learn from.",
        field="window_length",
    )
    skips = Caution(
        what=f"A stride of {window.stride} is longer than the window of {window.length}: some rows are never read.",
        field="stride",
    )
    return [few if n_train < FEW_WINDOWS else None, skips if window.stride > window.length else None]
