"""A finished run with everything the pages behind it look at: its series, its windows, its weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st

from lstm_core.arrays import FeatureValues
from lstm_core.evaluation.classical import Fitted, fit_classical, told_by
from lstm_core.evaluation.explanation.effects import StepEffects
from lstm_core.evaluation.explanation.sensitivity import train_spread
from lstm_core.evaluation.forecast import Forecast, Predictor, forecast
from lstm_core.evaluation.scores import baselines, forecasts
from lstm_core.evaluation.table import forecast_table, row_labels
from lstm_core.evaluation.verdict import Tone, Verdict
from lstm_core.figures.series import column_label
from lstm_core.figures.theme import axis_label
from lstm_core.network.counts import called
from lstm_core.network.trained import TrainedNetwork
from lstm_core.network.weights import Weights
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.training.snapshots import Snapshots
from pages._shell import cached, present, services, state

_ICONS: dict[Tone, str] = {"good": "check_circle", "caution": "error", "bad": "cancel", "note": "info"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedRun:
    """One finished run, loaded, as it was at one epoch.

    Attributes
    ----------
    weights : of that epoch
    epoch : counted from 1; None for the best one, which is what the run is judged by
    """

    run: Run
    series: Series
    prepared: Prepared
    weights: Weights
    epoch: int | None = None

    @property
    def key(self) -> str:
        """Name of the run at this epoch, for caches of what depends on the weights."""
        return self.run.run_id if self.epoch is None else f"{self.run.run_id}@{self.epoch}"

    @property
    def suffix(self) -> str:
        """What the names of downloaded files end in: nothing at the best epoch, `_epoch_5` at another one."""
        return "" if self.epoch is None else f"_epoch_{self.epoch}"

    @property
    def best_epoch(self) -> int | None:
        """Epoch with the lowest validation loss, counted from 1."""
        return self.run.state.best_epoch

    @property
    def at_best(self) -> "OpenedRun":
        """The same run at its best epoch."""
        if self.epoch is None:
            return self
        store = services.store()
        return replace(self, weights=cached.weights(self.run.owner, self.run.run_id, store), epoch=None)

    def at_epoch(self, epoch: int, snapshots: Snapshots) -> "OpenedRun":
        """The same run at one of its kept epochs: the newest that is not after `epoch`, or the first of all."""
        kept = snapshots.epochs[max(int(np.searchsorted(snapshots.epochs, epoch, side="right")) - 1, 0)]
        if kept == self.best_epoch:
            return self.at_best
        return replace(self, weights=snapshots.at(int(kept)), epoch=int(kept))

    @property
    def predict(self) -> Predictor:
        """The trained network as a function on scaled windows."""
        return TrainedNetwork(self.run.spec.network, self.weights)

    @property
    def target(self) -> str:
        """Name of the column that is forecast."""
        return self.prepared.spec.target

    @property
    def unit(self) -> str:
        """Unit of the target; only the first column's is known."""
        return self.series.unit if self.target == self.series.columns[0] else ""

    def as_read(self, rows: np.ndarray) -> tuple[np.ndarray, str]:
        """Target at some rows as the network reads it before it is scaled, (row,), and its name for an axis.

        A difference keeps the unit; the logarithm of a unit is called so; a Box-Cox power has none.
        """
        done, name = self.prepared.spec.transform, column_label(self.series, self.target)
        if done.is_active:
            unit = {"none": self.unit, "log": self.unit and f"log {self.unit}", "box-cox": ""}[done.power]
            name = axis_label(f"{self.target}: {done.brief}", unit)
        return self.prepared.table[rows, 0], name

    @property
    def horizon(self) -> int:
        """How many steps ahead the network forecasts."""
        return self.prepared.spec.window.horizon

    @property
    def name(self) -> str:
        """What the network is called: LSTM, GRU, RNN or network."""
        return called(self.run.spec.network)

    def forecasts(self, part: Part = "test") -> dict[str, Forecast]:
        """Network and baselines on the windows of a part."""
        make = partial(baselines, self.prepared, period=self.series.period, part=part, unit=self.unit)
        return {"lstm": self.network_forecast(part)} | cached.baselines(self.run.run_id, part, make)

    def classical(self) -> tuple[Fitted, ...]:
        """ETS and Theta, fitted on the train rows; the weights have no part in them."""
        make = partial(fit_classical, self.prepared, period=self.series.period)
        with st.spinner("Fitting ETS and Theta", show_time=True):
            return cached.worked_out(self.run.run_id, "classical", (), make)

    def all_forecasts(self) -> dict[str, Forecast]:
        """Network, baselines, and as far as they could be fitted ETS and Theta, on the test windows."""
        make = partial(told_by, self.classical(), self.prepared, "test", unit=self.unit)
        return self.forecasts() | cached.worked_out(self.run.run_id, "classical forecasts", (), make)

    def network_forecasts(self) -> dict[Part, Forecast]:
        """Network on the windows of every part."""
        return {part: self.network_forecast(part) for part in PARTS}

    def network_forecast(self, part: Part) -> Forecast:
        """Network on the windows of a part."""
        make = partial(forecast, self.predict, self.prepared, part=part, label=self.name, unit=self.unit)
        return cached.network_forecast(self.key, part, make)

    def forecast_csv(self) -> bytes:
        """Every window of every part with all forecasts. A download calls it outside the page: no cache in here."""
        fitted, period = fit_classical(self.prepared, period=self.series.period), self.series.period
        made: dict[Part, dict[str, Forecast]] = {}
        for part in PARTS:
            told = forecasts(
                self.prepared, self.predict, period=period, part=part, unit=self.unit, label=self.name
            )
            made[part] = told | told_by(fitted, self.prepared, part)
        return present.csv_bytes(forecast_table(self.series, made))

    def labels(self, rows: Sequence[int] | np.ndarray) -> list[str]:
        """Dates of rows, or their numbers when the series has no dates."""
        return row_labels(self.series, np.asarray(rows))

    def sizes(self, share: float) -> FeatureValues:
        """Nudge per column in its own unit: `share` standard deviations of its train rows."""
        return share * train_spread(self.prepared)

    def step_effects(self, windows: range, share: float, step: int | None) -> StepEffects:
        """Effect of nudging every step of some test windows by `share` standard deviations."""
        chosen = (windows.start, windows.stop, windows.step)
        return cached.step_effects(self.key, chosen, share, step, self.prepared, self.predict)


def require() -> OpenedRun:
    """Return the selected run at its best epoch when it is finished; else draw the empty state and stop.

    A page that shows the run at the epoch a person chose asks `time_slider.require` instead.
    """
    run = present.require_finished_run()
    if state.recall("opened_run", "") != run.run_id:
        # Another run may have fewer windows or steps than the controls were left at.
        state.forget_widgets(
            "ahead_",
            "explanation_",
            "forecast_step",
            "residuals_step",
            "interval_step",
            "sensitivity_",
            "time_",
        )
        state.remember("opened_run", run.run_id)
    store = services.store()
    with present.guard():
        series = cached.run_series(run.owner, run.spec.series_fingerprint, store)
        return OpenedRun(
            run=run,
            series=series,
            prepared=cached.prepared(run.spec.series_fingerprint, run.spec.preparation, series),
            weights=cached.weights(run.owner, run.run_id, store),
        )


def say(verdict: Verdict) -> None:
    """Show a verdict; units and names in it come from data, so it is made inert."""
    present.verdict(verdict.tone, present.safe(verdict.sentence, limit=600))


def remark(verdict: Verdict) -> None:
    """Show a verdict under its picture: an icon and a sentence, without a box."""
    st.markdown(f":material/{_ICONS[verdict.tone]}: {present.safe(verdict.sentence, limit=600)}")
