"""The cleaning: a list of named steps between the repaired table and the series, as choices.

What a step does stands beside it in `outliers`, `arithmetic`, `calendar_features` and `one_hot`; `clean` does the list.
"""

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_serializer

OutlierMethod = Literal["rolling median", "season and trend"]
OutlierAction = Literal["keep", "mark", "clip", "replace"]
Operation = Literal["sum", "difference", "product", "ratio"]
Cycle = Literal["hour of day", "day of week", "day of month", "month of year", "day of year"]

LONGEST_NAME = 80
MAX_STEPS = 40
Column = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_serializer(mode="wrap")
    def _name_the_kind(self, write: Callable[..., dict[str, Any]]) -> dict[str, Any]:
        """Keep the kind, also where defaults are left out: without it nobody could read the step again."""
        return {"kind": getattr(self, "kind", ""), **write(self)}


class _ColumnStep(_Step):
    """A step that reads one column, which each kind describes in its own words."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns the step needs."""
        return (getattr(self, "column", ""),)


class OutlierStep(_ColumnStep):
    """Values far from where their neighbours and the season put them."""

    kind: Literal["outliers"] = "outliers"
    column: Column = Field(title="Column", description="The column whose values are judged.")
    method: OutlierMethod = Field(
        default="rolling median",
        title="Usual value",
        description="What a value is compared with: the median of its neighbours, or season and trend (robust STL). "
        "Behind the rows that steps learn from, only the past counts: the median of the rows before, and the season "
        "as it was learned.",
    )
    window: int = Field(
        default=25,
        ge=3,
        le=10_001,
        title="Neighbours",
        description="Rows of the rolling median; enough that outliers are fewer than half of them.",
    )
    period: int | None = Field(
        default=None,
        ge=2,
        le=100_000,
        title="Season length",
        description="Rows of one season; that of the series when left open. Only used with season and trend.",
    )
    threshold: float = Field(
        default=5.0,
        ge=1.0,
        le=100.0,
        title="Threshold",
        description="A value is an outlier when it is further from its usual value than this many robust standard "
        "deviations, 1.4826 × MAD: the median distance over the rows that steps learn from.",
    )
    action: OutlierAction = Field(
        default="keep",
        title="What to do",
        description="Keep: only count and show them. Mark: keep them, and add a column that is 1 there, else 0. "
        "Clip: pull them to the threshold. Replace: put the usual value in their place.",
    )

    @property
    def words(self) -> str:
        """The step in a few words."""
        return f"{self.column}, {self.action}"


class LagStep(_ColumnStep):
    """A column as it was some rows ago."""

    kind: Literal["lag"] = "lag"
    column: Column = Field(title="Column", description="The column that is moved.")
    rows: int = Field(
        default=1, ge=1, le=100_000, title="Rows back", description="The new column at t is x(t − rows)."
    )

    @property
    def words(self) -> str:
        """The step in a few words, which are also the name of its column."""
        return f"{self.column} {self.rows} back"


class MovingAverageStep(_ColumnStep):
    """The mean of the newest rows of a column."""

    kind: Literal["moving average"] = "moving average"
    column: Column = Field(title="Column", description="The column that is averaged.")
    rows: int = Field(
        default=7,
        ge=2,
        le=100_000,
        title="Rows",
        description="The new column at t is the mean of the rows t − rows + 1 to t: never of a later one.",
    )

    @property
    def words(self) -> str:
        """The step in a few words, which are also the name of its column."""
        return f"{self.column} mean of {self.rows}"


class DifferenceStep(_ColumnStep):
    """How far a column moved, or how fast."""

    kind: Literal["difference"] = "difference"
    column: Column = Field(title="Column", description="The column whose movement is taken.")
    rows: int = Field(
        default=1,
        ge=1,
        le=100_000,
        title="Rows back",
        description="The new column at t is x(t) − x(t − rows).",
    )
    per: Literal["step", "day"] = Field(
        default="step",
        title="Unit",
        description="Step: the difference as it is. Day: divided by the days between both rows, the derivative.",
    )

    @property
    def words(self) -> str:
        """The step in a few words, which are also the name of its column."""
        how = "change" if self.per == "step" else "change per day"
        return f"{self.column} {how} over {self.rows}"


class CombinationStep(_Step):
    """Two columns made into one."""

    kind: Literal["combination"] = "combination"
    left: Column = Field(title="First column", description="The column before the sign.")
    operation: Operation = Field(
        default="ratio",
        title="Operation",
        description="a + b, a − b, a × b or a ÷ b, row by row.",
    )
    right: Column = Field(title="Second column", description="The column behind the sign.")

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns the step needs."""
        return (self.left, self.right)

    @property
    def words(self) -> str:
        """The step in a few words, which are also the name of its column."""
        sign = {"sum": "+", "difference": "−", "product": "×", "ratio": "÷"}[self.operation]
        return f"{self.left} {sign} {self.right}"


class CalendarStep(_Step):
    """Where in the day, week, month or year a row stands."""

    kind: Literal["calendar"] = "calendar"
    cycle: Cycle = Field(
        default="month of year", title="Cycle", description="Which part of the date becomes an input."
    )
    form: Literal["Fourier pairs", "number"] = Field(
        default="Fourier pairs",
        title="Written as",
        description="Pairs sin(2πkp), cos(2πkp) of the place p in the cycle, so that its end touches its beginning; "
        "or the plain number, which jumps there.",
    )
    pairs: int = Field(
        default=1,
        ge=1,
        le=20,
        title="Pairs",
        description="Pairs k = 1, 2, ...: one draws a smooth wave, more can follow sharper shapes.",
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns the step needs: only the dates."""
        return ()

    @property
    def words(self) -> str:
        """The step in a few words."""
        return self.cycle if self.form == "number" else f"{self.cycle}, {self.pairs} × sin and cos"


class OneHotStep(_Step):
    """A text column as one column of 0 and 1 per text."""

    kind: Literal["one-hot"] = "one-hot"
    column: Column = Field(title="Text column", description="A column of words or names.")
    most: int = Field(
        default=12,
        ge=1,
        le=100,
        title="Most columns",
        description="The most frequent texts of the rows that steps learn from get a column each; a rarer, new or "
        "missing text is 0 in all of them.",
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns of numbers the step needs: none."""
        return ()

    @property
    def words(self) -> str:
        """The step in a few words."""
        return f"{self.column} as columns of 0 and 1"


StepSpec = Annotated[
    OutlierStep | LagStep | MovingAverageStep | DifferenceStep | CombinationStep | CalendarStep | OneHotStep,
    Field(discriminator="kind"),
]


class Cleaning(BaseModel):
    """Steps in order, and the share of the rows that they may learn from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: tuple[StepSpec, ...] = Field(default=(), max_length=MAX_STEPS, title="Steps")
    known_share: float = Field(
        default=0.7,
        ge=0.1,
        le=0.98,
        title="Rows to learn from",
        description="Share of the oldest rows that repairs and steps may look at as a whole: usual values, means and "
        "seasons are learned there. Behind them only the past of a row is used. Keep it inside the train part.",
    )

    @property
    def texts(self) -> tuple[str, ...]:
        """Text columns that the steps read, each once."""
        return tuple(dict.fromkeys(step.column for step in self.steps if isinstance(step, OneHotStep)))

    def known_rows(self, n_rows: int) -> int:
        """How many of `n_rows` rows steps may learn from."""
        return max(math.floor(self.known_share * n_rows + 1e-9), 1)
