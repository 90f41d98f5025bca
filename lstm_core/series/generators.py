"""Series whose truth is known, so that a result can be held against it."""

import numpy as np

from lstm_core.arrays import TimeValues


def sine(*, n_rows: int = 200, noise: float = 0.1, seed: int = 42) -> TimeValues:
    """Five cycles of a sine with noise: `sin(x) + noise * N(0, 1)`, x from 0 to 10 pi.

    Parameters
    ----------
    n_rows : int
        Points over the five cycles, so one cycle takes (n_rows - 1) / 5 rows.
    noise : float
        Standard deviation of the noise. No forecast can have a smaller root mean squared error.
    """
    x = np.linspace(0, 10 * np.pi, n_rows)
    return np.sin(x) + noise * np.random.default_rng(seed).standard_normal(n_rows)


def trend_season(
    *,
    n_rows: int = 400,
    trend: float = 0.05,
    period: int = 12,
    amplitude: float = 5.0,
    noise: float = 1.0,
    seed: int = 42,
) -> TimeValues:
    """Straight trend plus one season plus noise: `trend t + amplitude sin(2 pi t / period) + noise N(0, 1)`."""
    t = np.arange(n_rows)
    season = amplitude * np.sin(2 * np.pi * t / period)
    return trend * t + season + noise * np.random.default_rng(seed).standard_normal(n_rows)


def random_walk(*, n_rows: int = 400, step: float = 1.0, seed: int = 42) -> TimeValues:
    """Sum of independent steps: `y[t] = y[t-1] + step N(0, 1)`. Repeating the last value is the best forecast."""
    return np.cumsum(step * np.random.default_rng(seed).standard_normal(n_rows))


def echo(
    *, n_rows: int = 600, delay: int = 5, strength: float = 0.9, noise: float = 1.0, seed: int = 42
) -> TimeValues:
    """What was `delay` rows ago comes back weaker: `y[t] = strength y[t-delay] + noise N(0, 1)`.

    Only the value `delay` rows back matters. The partial autocorrelation is `strength` at that lag and 0 elsewhere,
    and the best one-step forecast has a root mean squared error of `noise`.
    """
    # The first hundred echoes only bring the recursion into its steady state.
    n_before = 100 * delay
    values = noise * np.random.default_rng(seed).standard_normal(n_before + n_rows)
    for row in range(delay, len(values)):
        values[row] += strength * values[row - delay]
    return values[n_before:]
