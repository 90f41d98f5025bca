"""The roles: which column is the time, which one is forecast, and which repairs are allowed."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DateFormat = Literal[
    "ISO",
    "day first",
    "month first",
    "year first",
    "month name",
    "month",
    "mixed",
    "year",
    "quarter",
    "ISO week",
    "YYYYMM",
    "YYYYMMDD",
    "YYYYMMDDhh",
    "YYYYMMDDhhmm",
    "YYYYMMDDhhmmss",
    "epoch seconds",
    "epoch milliseconds",
    "epoch microseconds",
    "epoch nanoseconds",
    "Excel serial",
]
Duplicates = Literal["refuse", "mean", "last"]
Gaps = Literal["refuse", "interpolate", "linear", "spline", "forward fill", "seasonal", "mean", "drop"]
RegularStep = Literal[
    "minute",
    "5 minutes",
    "10 minutes",
    "15 minutes",
    "30 minutes",
    "hour",
    "3 hours",
    "6 hours",
    "12 hours",
    "day",
    "business day",
    "week",
    "month",
    "quarter",
    "year",
]
Aggregate = Literal["mean", "sum", "median", "min", "max", "first", "last"]


class MissingCode(BaseModel):
    """A number that stands for "no value" in one column, such as −999."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    value: float = Field(allow_inf_nan=False)


class ColumnRoles(BaseModel):
    """What the columns of a table mean, and every repair the person agreed to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: str | None = Field(
        default=None,
        title="Time column",
        description="Column with the dates; without one, rows are numbered.",
    )
    date_format: DateFormat | None = Field(
        default=None, title="Date format", description="How the dates are written; detected when left open."
    )
    zone: str | None = Field(
        default=None,
        max_length=60,
        title="Time zone of the clock",
        description="For times on a clock that changes for summer: they become UTC, so that the hour that stands twice "
        "in autumn keeps both its rows.",
    )
    target: str = Field(title="Target", description="The column to forecast.")
    features: tuple[str, ...] = Field(
        default=(), title="Further inputs", description="Columns the network may read beside the target."
    )
    text: tuple[str, ...] = Field(
        default=(),
        title="Text columns",
        description="Columns of words or names. A cleaning step can turn one into columns of 0 and 1.",
    )
    unit: str = Field(
        default="",
        max_length=40,
        title="Unit",
        description="Unit of the target, shown on axes and beside errors.",
    )
    missing_codes: tuple[MissingCode, ...] = Field(
        default=(),
        max_length=100,
        title="Codes for missing values",
        description="Numbers such as −999 that a logger or a survey writes where it has no value. Marked, they are "
        "gaps like any other; left alone, the network learns them as values.",
    )
    sort: bool = Field(
        default=True,
        title="Sort rows by date",
        description="Rows that stand out of order are moved, and counted.",
    )
    regular_step: RegularStep | None = Field(
        default=None,
        title="Regular step",
        description="Bring the rows to one step: those of the same hour, day, ... become one row, dated at its start. "
        "A step without rows becomes a gap.",
    )
    aggregate: Aggregate = Field(
        default="mean",
        title="Rows of one step become their",
        description="Mean for levels such as a temperature, sum for amounts such as sales, last for a closing price.",
    )
    duplicates: Duplicates = Field(
        default="refuse",
        title="Rows with the same date",
        description="Average them, keep the last one, or refuse the file.",
    )
    missing_dates: Literal["keep", "insert"] = Field(
        default="keep",
        title="Dates that are absent",
        description="Keep the rows as neighbours, or insert the absent dates and treat them as gaps.",
    )
    gaps: Gaps = Field(
        default="refuse",
        title="Missing values",
        description="How gaps are filled; or drop their rows, or refuse the file. Behind the rows to learn from, lines "
        "and curves carry the value before on: the next one lies in the future.",
    )
    longest_fill: int = Field(
        default=100,
        ge=1,
        le=100_000,
        title="Longest gap to fill",
        description="Gaps of more rows than this are refused, because filling them would invent data.",
    )

    period: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        title="Season length",
        description="Rows of one season, for the seasonal baseline; taken from the calendar when left open.",
    )

    @property
    def reading(self) -> "ColumnRoles":
        """The same roles without repairs: all that reading dates and numbers depends on."""
        kept = {
            name: getattr(self, name)
            for name in ("time", "date_format", "zone", "target", "features", "text")
        }
        return ColumnRoles(**kept)

    @property
    def columns(self) -> tuple[str, ...]:
        """Value columns of the series, target first."""
        return (self.target, *self.features)
