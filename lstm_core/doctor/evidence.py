"""What a finding shows: one noun per kind of chart, drawn by `figures.doctor`."""

from dataclasses import dataclass
from typing import Literal

from lstm_core.diagnostics.correlogram import Correlogram
from lstm_core.doctor.case import GateUse, InputSize, UnitMoves
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import LagCheck
from lstm_core.evaluation.residuals import ResidualMemory, RollingSpread
from lstm_core.training.events import EpochEnded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossCurves:
    """Train and validation loss, with the epoch that the finding speaks of.

    Attributes
    ----------
    mark : that epoch, None when it is the whole curve
    mark_name : what it is called in the chart
    """

    epochs: tuple[EpochEnded, ...]
    loss_name: str
    mark: int | None = None
    mark_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GradientNorms:
    """Mean length of the gradient per epoch, before clipping.

    Attributes
    ----------
    limit : level that the finding compares with
    limit_name : what the level is called in the chart
    """

    epochs: tuple[EpochEnded, ...]
    limit: float
    limit_name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputSizes:
    """How far the scaled values of every column reach; `limits` is where most should lie."""

    columns: tuple[InputSize, ...]
    limits: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GateShares:
    """How often the gates of every layer stand at their ends."""

    gates: tuple[GateUse, ...]
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitRanges:
    """How much every unit of every layer moves; `limit` per layer, below which a unit counts as dead."""

    layers: tuple[UnitMoves, ...]
    limits: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """How far back the series remembers itself, and how far back the network reads.

    Attributes
    ----------
    kind : which correlations tell it, acf or pacf
    season : rows of one season, 1 when there is none
    """

    correlogram: Correlogram
    kind: Literal["acf", "pacf"]
    window: int
    season: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """A few numbers of the same kind, to be compared by eye.

    Attributes
    ----------
    names, values : one bar each, the first one being the network's
    title : what they are, with the unit
    log : whether they differ by powers of ten
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    title: str
    log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traces:
    """Truth and forecast of the last test windows, one step ahead; `lag` when copying is the question."""

    forecast: Forecast
    lag: LagCheck | None = None


Evidence = (
    LossCurves
    | GradientNorms
    | InputSizes
    | GateShares
    | UnitRanges
    | Reach
    | Amounts
    | Traces
    | ResidualMemory
    | RollingSpread
)
