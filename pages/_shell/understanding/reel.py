"""A finished run with all its kept epochs, and the one of them that is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

import streamlit as st

from lstm_core.evaluation import replay
from lstm_core.training.snapshots import Snapshots
from pages._shell import time_slider
from pages._shell.opened import OpenedRun

T = TypeVar("T")
PATIENCE = 0.2
"""Seconds after which a replay shows how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """A run, all its kept epochs, and the one that is looked at.

    Attributes
    ----------
    run, best : at the chosen epoch and at the best one
    overfitting : first epoch that learns by heart, None when none does
    """

    run: OpenedRun
    best: OpenedRun
    kept: Snapshots
    overfitting: int | None

    @property
    def epoch(self) -> int:
        """Epoch that is looked at, counted from 1."""
        return time_slider.shown_epoch(self.run)

    @property
    def n_epochs(self) -> int:
        """How many epochs were trained."""
        return len(self.run.run.state.epochs)

    @property
    def names(self) -> list[str]:
        """Names of the chosen epoch's line and, where it is another one, of the best epoch's."""
        best = f"{self.run.name} at the best epoch, {self.best.best_epoch}"
        return [best] if self.run.epoch is None else [f"{self.run.name} at epoch {self.epoch}", best]

    @property
    def runs(self) -> list[OpenedRun]:
        """The run at the chosen epoch and, where that is another one, at the best."""
        return [self.best] if self.run.epoch is None else [self.run, self.best]

    def over_epochs(self, make: Callable[[OpenedRun], T]) -> list[T]:
        """Make something for every kept epoch; show how far it is when that takes long."""
        began, place, made = monotonic(), st.empty(), []
        for number, epoch in enumerate(self.kept.epochs.tolist(), start=1):
            made.append(make(self.best.at_epoch(epoch, self.kept)))
            if monotonic() - began > PATIENCE:
                place.progress(number / len(self.kept.epochs), text=f"Replaying epoch {epoch}")
        place.empty()
        return made

    def thinning(self, n_windows: int) -> int:
        """Every so many-th of `n_windows` windows may be looked at, at every kept epoch."""
        n_weights = sum(array.size for array in self.best.weights.to_arrays().values())
        length = self.best.prepared.spec.window.length
        return replay.thinning(len(self.kept.epochs) * n_windows * length, n_weights)
