"""Which bands a run has: those of every method that it can be asked for, some steps ahead."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_core.errors import PreparationError
from lstm_core.evaluation.intervals.adaptive import RATE
from lstm_core.evaluation.intervals.bands import (
    METHODS,
    Bands,
    Method,
    adaptive_bands,
    drawn_bands,
    quantile_bands,
    split_bands,
)
from lstm_core.evaluation.intervals.coverage import mean_half_width
from lstm_core.evaluation.intervals.monte_carlo import draw_forecasts
from lstm_core.network.dropout import has_dropout
from lstm_core.preparation.quantiles import quantiles_to_original
from lstm_core.runs.store import Run
from lstm_core.study.quantiles import find_pair, quantile_trials
from lstm_core.study.trials import Study
from pages._shell import cached, services
from pages._shell.opened import OpenedRun

MOST_ADAPTIVE = 60_000
"""Windows times steps that adaptive bands are computed for at once; more take longer than a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBands:
    """Bands around the forecasts of a run.

    Attributes
    ----------
    step : steps ahead, 1, 2, ...
    rate : of the adaptive ones
    others : runs of the same person, among which the quantile networks are looked for
    """

    run: OpenedRun
    step: int
    rate: float
    others: tuple[Run, ...]

    def of(self, method: Method, level: float) -> Bands | None:
        """Bands of a method, this level among theirs; None when the run has none."""
        if method == "dropout" and not has_dropout(self.run.run.spec.network):
            return None
        if method == "quantiles":
            edges = self.edges(level)
            return None if edges is None else self._between(edges, level, self.step)
        rate = self.rate if method == "adaptive" else None
        return cached.measured(
            self.run.key, method, (self.step, rate), partial(self._make, method, self.step)
        )

    def all(self, level: float) -> list[Bands]:
        """Bands of every method that has some for this level, in the order of `METHODS`."""
        made = (self.of(method, level) for method in METHODS)
        return [bands for bands in made if bands is not None]

    def half_widths(self, level: float) -> dict[Method, np.ndarray]:
        """Mean half width at every step of the horizon, of every method that is quick enough for all of them."""
        many = len(self.run.prepared.test) * self.run.horizon > MOST_ADAPTIVE
        shown: list[Method] = [
            bands.method for bands in self.all(level) if not (bands.method == "adaptive" and many)
        ]
        return {method: self._half_widths(method, level) for method in shown}

    def pair(self, level: float) -> Study | None:
        """Runs of the quantile networks for the bands of one level around this run, lower first; None without both."""
        return find_pair(self.others, quantile_trials(self.run.run.spec, self.run.series, level=level))

    def edges(self, level: float) -> np.ndarray | None:
        """What both quantile networks say about the test part: (edge, sample, horizon), original units.

        None until both have finished, and where differences add up over the horizon: no quantile comes back from that.
        """
        found, store, prepared = self.pair(level), services.store(), self.run.prepared
        if found is None or len(found.finished) < len(found.runs):
            return None
        scaled = [cached.keras_predictions(self.run.run.owner, one.run_id, store) for one in found.runs]
        try:
            return quantiles_to_original(prepared, np.stack(scaled), prepared.test.origins)
        except PreparationError:
            return None

    def _half_widths(self, method: Method, level: float) -> np.ndarray:
        steps = range(1, self.run.horizon + 1)
        if method == "quantiles" and (edges := self.edges(level)) is not None:
            made = (self._between(edges, level, step) for step in steps)
            return np.array([mean_half_width(bands, level=level) for bands in made])
        rate = self.rate if method == "adaptive" else None
        return cached.measured(
            self.run.key,
            "half widths",
            (method, level, rate),
            lambda: np.array([mean_half_width(self._make(method, step), level=level) for step in steps]),
        )

    def _make(self, method: Method, step: int) -> Bands:
        test, transform = self.run.network_forecast("test"), self.run.prepared.transform
        if method == "dropout":
            return drawn_bands(self._draws(), test, step=step)
        validation = self.run.network_forecast("validation")
        if method == "adaptive":
            return adaptive_bands(validation, test, transform, step=step, rate=self.rate)
        return split_bands(validation, test, transform, step=step)

    def _draws(self) -> np.ndarray:
        make = partial(draw_forecasts, self.run.run.spec.network, self.run.weights, self.run.prepared)
        return cached.measured(self.run.key, "dropout draws", (), make)

    def _between(self, edges: np.ndarray, level: float, step: int) -> Bands:
        return quantile_bands(edges, self.run.network_forecast("test"), level=level, step=step)


def bands_of(run: OpenedRun, *, step: int, rate: float = RATE) -> RunBands:
    """Bands of a run, and what its person's other runs add to them."""
    others = services.store().list_runs(services.owner())
    return RunBands(run=run, step=step, rate=rate, others=tuple(others))
