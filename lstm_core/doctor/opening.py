"""Open a run for the rules: everything measured once, in NumPy, without Keras."""

from dataclasses import replace

import numpy as np

from lstm_core.diagnostics.correlogram import MIN_OBSERVATIONS, correlogram, largest_lag, suggest_window
from lstm_core.diagnostics.learnable import check_learnability
from lstm_core.diagnostics.seasonality import find_season
from lstm_core.doctor.case import Case, GateUse, InputSize, Past, Room, UnitMoves
from lstm_core.evaluation.baselines import fit_linear, season_in_use
from lstm_core.evaluation.forecast import Forecast, forecast
from lstm_core.evaluation.lag import lag_check
from lstm_core.evaluation.residual_tests import cluster_test, mean_test, memory_test, size_test
from lstm_core.evaluation.residuals import memory, residuals, rolling_spread
from lstm_core.evaluation.scores import baselines, score_all
from lstm_core.network.counts import called, count_parameters
from lstm_core.network.spec import CellKind, NetworkSpec
from lstm_core.network.survey import OPEN, SHUT
from lstm_core.network.trace import trace_gates
from lstm_core.network.trained import TrainedNetwork
from lstm_core.network.weights import Weights
from lstm_core.preparation.saturation import saturated_share
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series
from lstm_core.training.events import RunState
from lstm_core.training.plan import RunSpec

USUAL = 3.0
"""Three standard deviations: of normal values 0.3% lie beyond, of any standardised column at most 1/9 (Chebyshev)."""
FEWEST_WINDOWS, MOST_WINDOWS, STEPS = 4, 32, 2000
"""Sample windows that are looked into, and about how many steps they may have together: below a second of NumPy."""
LAGS, MOST_LAGS = 60, 400
GATES: dict[CellKind, tuple[str, ...]] = {
    "lstm": ("input", "forget", "output"),
    "gru": ("update", "reset"),
    "rnn": (),
}


def open_case(
    spec: RunSpec, state: RunState, series: Series, prepared: Prepared, weights: Weights | None
) -> Case:
    """Measure a run.

    Parameters
    ----------
    series, prepared : what the run was trained on
    weights : of the epoch that is kept; None (failed, stopped, still training): the case holds curves and series only
    """
    window, n_features = spec.preparation.window, len(spec.preparation.columns)
    case = Case(
        spec=spec,
        state=state,
        past=look_back(prepared),
        room=Room(
            n_windows=len(prepared.train),
            n_parameters=count_parameters(spec.network, n_features=n_features, horizon=window.horizon),
            n_train_rows=len(prepared.train_table),
        ),
        inputs=input_sizes(prepared),
        unit=series.unit if spec.preparation.target == series.columns[0] else "",
    )
    return case if weights is None else _with_weights(case, series, prepared, weights)


def _with_weights(case: Case, series: Series, prepared: Prepared, weights: Weights) -> Case:
    predict, linear = TrainedNetwork(case.spec.network, weights), fit_linear(prepared)
    made: dict[Part, Forecast] = {
        part: forecast(predict, prepared, part=part, label=called(case.spec.network), unit=case.unit)
        for part in PARTS
    }
    boards = {
        part: score_all(
            prepared,
            {"lstm": told, **baselines(prepared, period=series.period, part=part, linear=linear)},
            period=series.period,
        )
        for part, told in made.items()
    }
    left = residuals(made["test"])
    gates, units = look_inside(case.spec.network, weights, prepared)
    return replace(
        case,
        boards=boards,
        forecasts=made,
        lag=lag_check(made["test"], prepared.values[:, 0]),
        bias=mean_test(left),
        leftover=memory_test(left, period=season_in_use(prepared, series.period)),
        remembers=memory(left),
        uneven=(size_test(left), cluster_test(left)),
        spread=rolling_spread(left),
        gates=gates,
        units=units,
    )


def look_back(prepared: Prepared) -> Past:
    """Ask the train rows of the target what they remember, and the test rows what they have never seen.

    Both as the network reads them, so transformed; what can be learned is a question to the series itself, because
    the forecast is.
    """
    target, rows = prepared.table[:, 0], prepared.train_table[:, 0]
    season, found = find_season(rows), None
    if len(rows) >= MIN_OBSERVATIONS:
        wanted = min(max(LAGS, 2 * prepared.spec.window.length), MOST_LAGS)
        found = correlogram(rows, n_lags=min(wanted, largest_lag(len(rows))))
    test = target[prepared.split.test.start : prepared.split.test.stop]
    return Past(
        learnable=check_learnability(prepared.values[: prepared.split.train.stop, 0]),
        season=season,
        correlogram=found,
        window=suggest_window(found, season=season.length) if found else None,
        unseen=float(((test < rows.min()) | (test > rows.max())).mean()),
    )


def input_sizes(prepared: Prepared) -> tuple[InputSize, ...]:
    """Measure every column as the network reads it, on the train rows."""
    scaler = prepared.scaler
    scaled = (prepared.train_table - scaler.centre) / scaler.spread
    return tuple(
        InputSize(
            column=name,
            outside=float((np.abs(column) > USUAL).mean()),
            largest=float(np.abs(column).max()),
            spread=float(column.std()),
            gate_shut=saturated_share(column),
        )
        for name, column in zip(scaler.columns, scaled.T, strict=True)
    )


def look_inside(
    network: NetworkSpec, weights: Weights, prepared: Prepared
) -> tuple[tuple[GateUse, ...], tuple[UnitMoves, ...]]:
    """Look at gates and units of every layer, on whole windows spread evenly over the train part."""
    inputs = prepared.full_train.inputs
    wanted = int(np.clip(STEPS // inputs.shape[1], FEWEST_WINDOWS, MOST_WINDOWS))
    chosen = np.unique(np.linspace(0, len(inputs) - 1, wanted).round().astype(int))
    gates: list[GateUse] = []
    units: list[UnitMoves] = []
    for layer, spec in enumerate(network.layers):
        traces = [
            [
                trace_gates(network, weights, inputs[number], layer=layer, backward=backward)
                for number in chosen
            ]
            for backward in ((False, True) if spec.bidirectional else (False,))
        ]
        for gate in GATES[spec.cell]:
            values = np.array([trace.parts[gate] for way in traces for trace in way])
            shut, opened = float((values < SHUT).mean()), float((values > OPEN).mean())
            gates.append(GateUse(layer=layer + 1, cell=spec.cell, gate=gate, shut=shut, open=opened))
        hidden = np.concatenate(
            [np.array([trace.parts["hidden"] for trace in way]) for way in traces], axis=2
        )
        units.append(UnitMoves(layer=layer + 1, moves=np.ptp(hidden, axis=0).max(axis=0)))
    return tuple(gates), tuple(units)
