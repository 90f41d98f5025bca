"""The series: the one noun everything downstream starts from."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lstm_core.arrays import SeriesFlags, SeriesValues, TimeFlags, TimeValues
from lstm_core.errors import SeriesError


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done to the data on its way in: named, counted, shown.

    Attributes
    ----------
    name : str
        Verb of the step (`sort`, `interpolate`, `decode`, ...).
    count : int
        How many rows, cells or columns it touched.
    detail : str
        One sentence for the person.
    """

    name: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """A complete numeric series in original units.

    Attributes
    ----------
    values : (time, feature) float64, read-only, finite
    index : DatetimeIndex or RangeIndex of length time, strictly increasing
    columns : names of the features, unique
    name : what people call it
    unit : unit of the first column, "" when unknown
    step : the usual distance between rows in words ("1 month"), "" when rows are only numbered
    period : season length in rows that the calendar suggests (12 for months), 1 when none
    steps : what was done to the data on the way here
    filled : (time, feature) bool, read-only: values that a repair put into a gap; all False when left out
    merged : (time,) bool, read-only: rows that stand for several of the same date; all False when left out
    """

    values: SeriesValues
    index: pd.Index
    columns: tuple[str, ...]
    name: str
    unit: str = ""
    step: str = ""
    period: int = 1
    steps: tuple[Step, ...] = ()
    filled: SeriesFlags = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    merged: TimeFlags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    _fingerprint: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        """Hold what every reader relies on: finite, ordered, read-only."""
        values = np.array(self.values, dtype=np.float64, order="C")
        if values.ndim != 2 or values.shape != (len(self.index), len(self.columns)):
            raise ValueError(f"values {values.shape} do not match index and columns")
        if not np.isfinite(values).all():
            row, column = np.argwhere(~np.isfinite(values))[0]
            raise SeriesError(
                f"Row {row + 1} of column '{self.columns[column]}' is missing or infinite",
                advice="Choose how to fill the gaps on the Series page.",
                field="gaps",
            )
        if not (self.index.is_monotonic_increasing and self.index.is_unique):
            raise SeriesError(
                "The rows are not in increasing time order",
                advice="Sort the rows and resolve duplicate timestamps on the Series page.",
                field="duplicates",
            )
        values.flags.writeable = False
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "filled", _flags(self.filled, values.shape))
        object.__setattr__(self, "merged", _flags(self.merged, values.shape[:1]))

    @property
    def n_rows(self) -> int:
        """Number of rows on the time axis."""
        return len(self.index)

    @property
    def is_dated(self) -> bool:
        """Whether rows carry dates (True) or only numbers (False)."""
        return isinstance(self.index, pd.DatetimeIndex)

    def column(self, name: str) -> TimeValues:
        """Values of one column, shape (time,).

        Raises
        ------
        SeriesError
            If there is no such column.
        """
        if name not in self.columns:
            raise SeriesError(
                f"The series '{self.name}' has no column '{name}'",
                received=name,
                expected="one of " + ", ".join(self.columns),
                field="target",
            )
        return self.values[:, self.columns.index(name)]

    @property
    def fingerprint(self) -> str:
        """sha256 over values, index and columns: two series are the same if and only if it is.

        How values came about (steps, marks of repairs) is no part of it: a network learns the same from them. Computed
        once: a million rows take 30 ms, and a page asks several times.
        """
        if not self._fingerprint:
            object.__setattr__(self, "_fingerprint", self._digest())
        return self._fingerprint

    def _digest(self) -> str:
        digest = hashlib.sha256()
        digest.update(repr((self.columns, self.values.shape)).encode())
        digest.update(np.ascontiguousarray(self.values).tobytes())
        if isinstance(self.index, pd.DatetimeIndex):
            digest.update(self.index.as_unit("us").asi8.tobytes())
        else:
            digest.update(self.index.to_numpy(dtype=np.int64).tobytes())
        return digest.hexdigest()


def _flags(flags: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Read-only flags of a shape; none set when none were given."""
    flags = np.array(flags, dtype=bool) if flags.size else np.zeros(shape, dtype=bool)
    if flags.shape != shape:
        raise ValueError(f"flags {flags.shape} do not match values {shape}")
    flags.flags.writeable = False
    return flags
