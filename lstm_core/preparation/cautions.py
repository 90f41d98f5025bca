"""What is allowed, and should still be known before training."""

from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import TimeValues
from lstm_core.preparation.framing import count_padded
from lstm_core.preparation.padding import PAD_TEXT, count_rows_read_as_padding
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


def find_cautions(prepared: Prepared, *, masking: bool = False) -> tuple[Caution, ...]:
    """List what may surprise, most serious first; empty when nothing does.

    Parameters
    ----------
    masking : whether the network skips padded steps
    """
    window = prepared.spec.window
    found = [
        *_about_columns(prepared),
        *_about_windows(prepared),
        read_as_padding(prepared, field="padding") if window.padding or masking else None,
        not_skipped(count_padded(window), field="padding") if not masking else None,
    ]
    return tuple(caution for caution in found if caution)


def not_skipped(n_padded: int, *, field: str) -> Caution | None:
    """Say that a network without masking reads the padding of `n_padded` windows as data; None when there is none."""
    if not n_padded:
        return None
    windows = "1 padded window" if n_padded == 1 else f"{n_padded} padded windows"
    return Caution(
        what=f"Masking is off: the network takes the {PAD_TEXT} in {windows} for data and learns from a jump that "
        "never was. Turn masking on (Network page), or padding off (Windows page).",
        field=field,
    )


def read_as_padding(prepared: Prepared, *, field: str) -> Caution | None:
    """Say how many rows of data hold the pad value in every input and cannot be told from padding; None: none."""
    table = prepared.table[prepared.spec.transform.n_lost :]
    count = count_rows_read_as_padding(table, prepared.scaler)
    if not count:
        return None
    rows = f"1 row of data is {PAD_TEXT}" if count == 1 else f"{count} rows of data are {PAD_TEXT}"
    return Caution(
        what=f"{rows} in every input once scaled: masking takes {'it' if count == 1 else 'them'} for padding and skips "
        f"{'it' if count == 1 else 'them'}. Choose another scaling: min-max keeps the train rows within its range.",
        field=field,
    )


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


def count_far_out(values: TimeValues) -> int:
    """Values more than `FAR_OUT` median distances from the median (B78); 0 when most values are the same."""
    distance = np.abs(values - np.median(values))
    usual = np.median(distance)
    return int((distance > FAR_OUT * usual).sum()) if usual > 0 else 0


def _far_out(name: str, train: TimeValues, scaling: str) -> Caution | None:
    """Values so far from the usual ones that they rule the scaling (B78); nothing is done to them."""
    n_far = count_far_out(train)
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
