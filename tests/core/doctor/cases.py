"""Cases made by hand: a healthy one, and what it takes to make it ill."""

from dataclasses import replace

import numpy as np

from lstm_core.diagnostics.correlogram import correlogram, suggest_window
from lstm_core.diagnostics.learnable import Learnability
from lstm_core.diagnostics.seasonality import Season
from lstm_core.doctor.case import Case, GateUse, InputSize, Past, Room, UnitMoves
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import lag_check
from lstm_core.evaluation.residual_tests import cluster_test, mean_test, memory_test, size_test
from lstm_core.evaluation.residuals import memory, residuals, rolling_spread
from lstm_core.evaluation.scores import Scores
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.training.events import EpochEnded, RunFailed, RunFinished, fold
from lstm_core.training.plan import RunSpec, TrainingPlan

N_TEST = 60
FINISHED = RunFinished(best_epoch=1, seconds=1.0, windows_per_second=1.0, parity=0.0, scores={})
SIZE = InputSize(column="y", outside=0.003, largest=3.2, spread=1.0, gate_shut=0.0)
GATES = tuple(
    GateUse(layer=1, cell="lstm", gate=gate, shut=0.05, open=0.1) for gate in ("input", "forget", "output")
)


def wave(n=200, period=12, noise=0.1, seed=0):
    time = np.arange(n)
    return np.sin(2 * np.pi * time / period) + noise * np.random.default_rng(seed).normal(size=n)


def spec(*, length=24, units=50, activation="tanh", scaling="standard", dropout=0.0, stride=1, **plan):
    return RunSpec(
        series_fingerprint="f" * 64,
        preparation=PreparationSpec(
            target="y",
            scaling=ScalingSpec(kind=scaling),
            window=WindowSpec(length=length, stride=stride),
        ),
        network=NetworkSpec(layers=(LayerSpec(units=units, activation=activation, dropout=dropout),)),
        plan=TrainingPlan(**plan),
    )


def curve(losses, val_losses=None, *, norms=None, failed=False, final=True):
    """State of a run with these losses per epoch."""
    val_losses = losses if val_losses is None else val_losses
    norms = [None] * len(losses) if norms is None else norms
    events = [
        EpochEnded(epoch=number, loss=loss, val_loss=val, seconds=number, gradient_norm=norm)
        for number, (loss, val, norm) in enumerate(zip(losses, val_losses, norms, strict=True), start=1)
    ]
    if failed:
        return fold([*events, RunFailed(cause="diverged", message="It diverged.")])
    best = int(np.nanargmin(val_losses)) + 1 if len(losses) else 1
    return fold([*events, *([FINISHED.model_copy(update={"best_epoch": best})] if final else [])])


HEALTHY_CURVE = [1.0, 0.6, 0.4, 0.3, 0.25, 0.22, 0.21, 0.2, 0.2, 0.2, 0.199, 0.199]


def past(values=None, *, something=True, season=None, p_values=1e-6, p_steps=1e-6, unseen=0.0):
    """What train rows say about themselves; by default those of a wave that repeats every 12 rows."""
    values = wave() if values is None else values
    season = 12 if season is None else season
    found = correlogram(values, n_lags=60)
    return Past(
        learnable=Learnability(
            something=something,
            naive_error=1.0,
            p_values=p_values,
            p_steps=p_steps,
            explained=0.5 if something else 0.0,
            lags=10,
            n_tested=len(values),
            verdict="",
        ),
        season=Season(length=season, strength=0.8 if season > 1 else 0.0, n_cycles=10.0, verdict=""),
        correlogram=found,
        window=suggest_window(found, season=season),
        unseen=unseen,
    )


def scores(mae, r2=0.8):
    return Scores(mae=mae, rmse=mae, mse=mae**2, r2=r2, smape=10.0, mase=mae, n=N_TEST)


def board(lstm=0.5, naive=1.0, seasonal=0.9, linear=0.6, r2=0.8):
    made = {"lstm": lstm, "naive": naive, "seasonal_naive": seasonal, "linear_ar": linear}
    return {key: scores(mae, r2) for key, mae in made.items()}


def told(predicted, actual=None, *, first=100):
    """A one-step forecast of the test part, and what is measured on it."""
    values = wave(first + N_TEST)
    actual = values[first:] if actual is None else actual
    values = np.r_[values[:first], actual]
    made = Forecast(
        origins=np.arange(first, first + len(actual)),
        actual=actual[:, None],
        predicted=np.asarray(predicted, dtype=np.float64)[:, None],
        part="test",
        unit="V",
    )
    left = residuals(made)
    return {
        "forecasts": {"test": made},
        "lag": lag_check(made, values),
        "bias": mean_test(left),
        "leftover": memory_test(left),
        "remembers": memory(left),
        "uneven": (size_test(left), cluster_test(left)),
        "spread": rolling_spread(left),
    }


def healthy(**changes):
    """A case that no rule has anything to say about, with some of its parts exchanged."""
    actual = wave(100 + N_TEST)[100:]
    noise = 0.1 * np.random.default_rng(5).normal(size=N_TEST)
    case = Case(
        spec=spec(epochs=50),
        state=curve(HEALTHY_CURVE),
        past=past(),
        room=Room(n_windows=300, n_parameters=10_451, n_train_rows=324),
        inputs=(SIZE,),
        boards={"train": board(), "validation": board(), "test": board()},
        gates=GATES,
        units=(UnitMoves(layer=1, moves=np.linspace(0.2, 1.5, 50)),),
        unit="V",
        **told(actual + noise),
    )
    return replace(case, **changes)


def swinging(swing, n=20):
    """Losses that go up and down by a share, without ever jumping to twice their lowest."""
    return [1.0 if number % 2 else 1.0 + swing for number in range(n)]


def size(**changes):
    return InputSize(**{name: getattr(SIZE, name) for name in InputSize.__slots__} | changes)


def lazy(n_dead, n=50, dead=0.0):
    return (UnitMoves(layer=1, moves=np.r_[np.full(n_dead, dead), np.linspace(0.2, 1.5, n - n_dead)]),)


def gates(share):
    return tuple(
        GateUse(layer=1, cell="lstm", gate=gate, shut=share / 2, open=share / 2)
        for gate in ("input", "forget", "output")
    )


def copying(weight):
    """A forecast between the last value (1) and the truth (0)."""
    values = wave(100 + N_TEST)
    return told(weight * values[99:-1] + (1 - weight) * values[100:])


ACTUAL = wave(100 + N_TEST)[100:]
STILL = ACTUAL.mean() + 0.0 * ACTUAL
REMEMBERING = np.convolve(np.random.default_rng(1).normal(size=N_TEST + 9), np.ones(10), "valid") / 5
GROWING = np.random.default_rng(2).normal(size=N_TEST) * np.where(ACTUAL.mean() < ACTUAL, 0.5, 0.05)
CLUSTERED = np.random.default_rng(4).normal(size=N_TEST) * np.repeat([0.02, 0.5, 0.02], N_TEST // 3)
NOISE = np.random.default_rng(0).normal(size=200)
MISSES = 0.1 * np.random.default_rng(5).normal(size=N_TEST)
STRAIGHT = list(np.linspace(1.0, 0.95, 20))
HEART = [0.15, 0.12, 0.1, 0.08, 0.05]
