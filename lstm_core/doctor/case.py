"""The case: everything a rule may look at, as plain numbers. Measured once by `opening`, read by every rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from lstm_core.diagnostics.correlogram import Correlogram, WindowSuggestion
from lstm_core.diagnostics.learnable import Learnability
from lstm_core.diagnostics.seasonality import Season
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import LagCheck
from lstm_core.evaluation.residual_tests import ResidualTest
from lstm_core.evaluation.residuals import ResidualMemory, RollingSpread
from lstm_core.evaluation.scores import Scores
from lstm_core.network.spec import CellKind
from lstm_core.preparation.split import Part
from lstm_core.training.events import EpochEnded, RunState
from lstm_core.training.plan import RunSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSize:
    """How large the numbers of one column are when they reach the network.

    Attributes
    ----------
    outside : share of the scaled train rows outside −3 to 3
    largest : largest of them without its sign
    spread : their standard deviation; 0 when the column never changes
    gate_shut : share of them that a gate with one weight of 1 and no bias turns to within 0.01 of 0 or 1
    """

    column: str
    outside: float
    largest: float
    spread: float
    gate_shut: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GateUse:
    """Where one kind of gate of one layer stood, over sample windows, steps and units.

    Attributes
    ----------
    layer : counted from 1
    shut, open : share below 0.05 and above 0.95
    """

    layer: int
    cell: CellKind
    gate: str
    shut: float
    open: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitMoves:
    """How much the units of one layer react to what they read.

    Attributes
    ----------
    layer : counted from 1
    moves : (unit,) range of the hidden state over the sample windows, at the step where it differs most: 0 is a unit
        that says the same whatever it reads
    """

    layer: int
    moves: Float[np.ndarray, "unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the train rows of the target say about themselves, without any network.

    Attributes
    ----------
    correlogram : None when there are too few rows
    window : the length they suggest, None with the correlogram
    unseen : share of the test values beyond everything the train rows have seen, both as the network reads them
    """

    learnable: Learnability
    season: Season
    correlogram: Correlogram | None
    window: WindowSuggestion | None
    unseen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much there is to learn from, and how much could be learned by heart.

    Attributes
    ----------
    n_windows : train windows
    n_parameters : numbers the network learns
    n_train_rows : rows the windows are cut from
    """

    n_windows: int
    n_parameters: int
    n_train_rows: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One run, opened for the rules. What a run does not have (weights, gradient norms) is None or empty.

    Attributes
    ----------
    state : status, curves, rates and norms, as told by the events
    inputs : per column, target first
    boards : scores of the LSTM and the baselines per part, original units; empty without weights
    forecasts : of the LSTM per part, original units; empty without weights
    lag : the copy-cat check on the test part, None without weights
    bias : the mean test of the test residuals one step ahead; None without weights
    leftover, remembers : the memory test of the test residuals one step ahead, and their autocorrelation; None
        without weights, or when nothing varies
    uneven, spread : the tests of the size of these residuals, and their spread over time; empty or None as above
    gates, units : over sample windows of the train part; empty without weights
    unit : of the target
    """

    spec: RunSpec
    state: RunState
    past: Past
    room: Room
    inputs: tuple[InputSize, ...]
    boards: Mapping[Part, Mapping[str, Scores]] = field(default_factory=dict)
    forecasts: Mapping[Part, Forecast] = field(default_factory=dict)
    lag: LagCheck | None = None
    bias: ResidualTest | None = None
    leftover: ResidualTest | None = None
    remembers: ResidualMemory | None = None
    uneven: tuple[ResidualTest, ...] = ()
    spread: RollingSpread | None = None
    gates: tuple[GateUse, ...] = ()
    units: tuple[UnitMoves, ...] = ()
    unit: str = ""

    @property
    def epochs(self) -> tuple[EpochEnded, ...]:
        """Epochs whose losses are numbers, oldest first."""
        return tuple(
            ended for ended in self.state.epochs if np.isfinite(ended.loss) and np.isfinite(ended.val_loss)
        )

    @property
    def losses(self) -> Float[np.ndarray, "epoch"]:
        """Train loss of `epochs`, scaled units."""
        return np.array([ended.loss for ended in self.epochs], dtype=np.float64)

    @property
    def val_losses(self) -> Float[np.ndarray, "epoch"]:
        """Validation loss of `epochs`, scaled units."""
        return np.array([ended.val_loss for ended in self.epochs], dtype=np.float64)

    @property
    def best(self) -> EpochEnded | None:
        """Epoch with the lowest validation loss; its weights are the ones that are kept."""
        return min(self.epochs, key=lambda ended: ended.val_loss, default=None)

    @property
    def edge(self) -> float | None:
        """Quantile that the network learned when it is not the middle, which most rules judge; else None."""
        return self.spec.plan.edge

    @property
    def is_unscaled(self) -> bool:
        """Whether the columns reach the network in their original units."""
        return self.spec.preparation.scaling.kind == "none"
