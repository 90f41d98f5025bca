"""Which bands a run has: those of every method that it can be asked for, some steps ahead."""

from functools import partial

import numpy as np

from lstm_core.evaluation.coverage import mean_half_width
from lstm_core.evaluation.intervals import LEVELS, METHODS, Bands, Method, adaptive_bands, split_bands
from pages._shell import cached
from pages._shell.opened import OpenedRun

MOST_ADAPTIVE = 60_000
"""Windows times steps that adaptive bands are computed for at once; more take longer than a second."""


def bands_of(run: OpenedRun, method: Method, *, level: float, step: int, rate: float) -> Bands | None:
    """Bands of a method that hold this level among theirs; None when the run has none."""
    if level not in LEVELS:
        return None
    if method == "split":
        return cached.measured(run.key, method, (step,), partial(_split, run, step))
    if method == "adaptive":
        return cached.measured(run.key, method, (step, rate), partial(_adaptive, run, step, rate))
    return None


def all_bands(run: OpenedRun, *, level: float, step: int, rate: float) -> list[Bands]:
    """Bands of every method that has some for this level, in the order of `METHODS`."""
    made = (bands_of(run, method, level=level, step=step, rate=rate) for method in METHODS)
    return [bands for bands in made if bands is not None]


def half_widths(run: OpenedRun, *, level: float, rate: float) -> dict[Method, np.ndarray]:
    """Mean half width at every step of the horizon, of every method that is quick enough for all of them."""
    many = len(run.prepared.test) * run.horizon > MOST_ADAPTIVE
    return {
        method: cached.measured(
            run.key, "half widths", (method, level, rate), partial(_half_widths, run, method, level, rate)
        )
        for method in METHODS
        if not (method == "adaptive" and many)
        and bands_of(run, method, level=level, step=1, rate=rate) is not None
    }


def _half_widths(run: OpenedRun, method: Method, level: float, rate: float) -> np.ndarray:
    made = (_made(run, method, level, step, rate) for step in range(1, run.horizon + 1))
    return np.array([np.nan if bands is None else mean_half_width(bands, level=level) for bands in made])


def _made(run: OpenedRun, method: Method, level: float, step: int, rate: float) -> Bands | None:
    """Bands without the cache, which has no room for all steps of a long horizon."""
    if method == "split":
        return _split(run, step)
    if method == "adaptive":
        return _adaptive(run, step, rate)
    return bands_of(run, method, level=level, step=step, rate=rate)


def _split(run: OpenedRun, step: int) -> Bands:
    validation, test = run.network_forecast("validation"), run.network_forecast("test")
    return split_bands(validation, test, run.prepared.transform, step=step)


def _adaptive(run: OpenedRun, step: int, rate: float) -> Bands:
    validation, test = run.network_forecast("validation"), run.network_forecast("test")
    return adaptive_bands(validation, test, run.prepared.transform, step=step, rate=rate)
