"""Where values were missing, before a repair filled them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from lstm_core.arrays import TimeFlags
from lstm_core.series.record import Series

MOST_STRETCHES = 200
"""Stretches of time that a picture can tell apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Missingness:
    """Shares of missing values by column and stretch of time.

    Attributes
    ----------
    columns : names
    starts : (stretch,) first row of each stretch; all are about equally long
    shares : (feature, stretch) 0 to 1
    counts : (feature,) missing values
    longest : (feature,) longest run of missing rows
    longest_at : (feature,) row where it starts
    together : share of the rows with a gap that have one in every column
    verdict : one sentence
    """

    columns: tuple[str, ...]
    starts: Int[np.ndarray, " stretch"]
    shares: Float[np.ndarray, "feature stretch"]
    counts: Int[np.ndarray, " feature"]
    longest: Int[np.ndarray, " feature"]
    longest_at: Int[np.ndarray, " feature"]
    together: float
    verdict: str


def describe_missingness(series: Series) -> Missingness | None:
    """Where the values that a repair filled lie; None when nothing was filled."""
    flags = series.filled
    counts = flags.sum(axis=0)
    if not counts.any():
        return None
    n_stretches = min(series.n_rows, MOST_STRETCHES)
    starts = np.linspace(0, series.n_rows, n_stretches, endpoint=False).astype(np.int64)
    lengths = np.diff(np.r_[starts, series.n_rows])
    shares = np.add.reduceat(flags.astype(np.float64), starts, axis=0).T / lengths
    runs = [_longest_run(column) for column in flags.T]
    any_column = flags.any(axis=1)
    worst = int(np.argmax(counts))
    part = counts[worst] / series.n_rows
    return Missingness(
        columns=series.columns,
        starts=starts,
        shares=shares,
        counts=counts,
        longest=np.array([length for length, _ in runs]),
        longest_at=np.array([row for _, row in runs]),
        together=float(flags.all(axis=1).sum() / any_column.sum()),
        verdict=f"{part:.1%} of '{series.columns[worst]}' was missing and filled ({counts[worst]} values); the longest "
        f"gap has {runs[worst][0]} {'row' if runs[worst][0] == 1 else 'rows'}.",
    )


def _longest_run(flags: TimeFlags) -> tuple[int, int]:
    """Length and first row of the longest run of True; (0, 0) when there is none."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False]))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(lengths):
        return 0, 0
    longest = int(lengths.argmax())
    return int(lengths[longest]), int(starts[longest])
