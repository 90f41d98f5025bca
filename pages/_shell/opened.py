"""A finished run with everything the pages behind it look at: its series, its windows, its weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from lstm_core.arrays import FeatureValues
from lstm_core.evaluation.forecast import Forecast, Predictor
from lstm_core.evaluation.scores import forecasts
from lstm_core.evaluation.sensitivity import StepEffects, train_spread
from lstm_core.evaluation.table import forecast_table, row_labels
from lstm_core.evaluation.verdict import Tone, Verdict
from lstm_core.network.forward import forward
from lstm_core.network.weights import Weights
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from pages._shell import cached, present, services, state

_ICONS: dict[Tone, str] = {"good": "check_circle", "caution": "error", "bad": "cancel", "note": "info"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedRun:
    """One finished run, loaded."""

    run: Run
    series: Series
    prepared: Prepared
    weights: Weights

    @property
    def predict(self) -> Predictor:
        """The trained network as a function on scaled windows."""
        return partial(forward, self.run.spec.network, self.weights)

    @property
    def target(self) -> str:
        """Name of the column that is forecast."""
        return self.prepared.spec.target

    @property
    def unit(self) -> str:
        """Unit of the target; only the first column's is known."""
        return self.series.unit if self.target == self.series.columns[0] else ""

    @property
    def horizon(self) -> int:
        """How many steps ahead the network forecasts."""
        return self.prepared.spec.window.horizon

    def forecasts(self, part: Part = "test") -> dict[str, Forecast]:
        """LSTM and baselines on the windows of a part."""
        return cached.forecasts(
            self.run.run_id, part, self.unit, self.series.period, self.prepared, self.predict
        )

    def lstm_forecasts(self) -> dict[Part, Forecast]:
        """LSTM on the windows of every part."""
        return {
            part: cached.lstm_forecast(self.run.run_id, part, self.unit, self.prepared, self.predict)
            for part in PARTS
        }

    def forecast_csv(self) -> bytes:
        """Every window of every part with all forecasts. A download calls it outside the page: no cache in here."""
        parts: dict[Part, dict[str, Forecast]] = {
            part: forecasts(self.prepared, self.predict, period=self.series.period, part=part, unit=self.unit)
            for part in PARTS
        }
        return present.csv_bytes(forecast_table(self.series, parts))

    def labels(self, rows: Sequence[int] | np.ndarray) -> list[str]:
        """Dates of rows, or their numbers when the series has no dates."""
        return row_labels(self.series, np.asarray(rows))

    def sizes(self, share: float) -> FeatureValues:
        """Nudge per column in its own unit: `share` standard deviations of its train rows."""
        return share * train_spread(self.prepared)

    def step_effects(self, windows: range, share: float, step: int | None) -> StepEffects:
        """Effect of nudging every step of some test windows by `share` standard deviations."""
        chosen = (windows.start, windows.stop, windows.step)
        return cached.step_effects(self.run.run_id, chosen, share, step, self.prepared, self.predict)


def require() -> OpenedRun:
    """Return the selected run when it is finished; else draw the empty state and stop."""
    run = present.require_finished_run()
    if state.recall("opened_run", "") != run.run_id:
        # Another run may have fewer windows or steps than the controls were left at.
        state.forget_widgets("forecast_step", "residuals_step", "sensitivity_")
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
