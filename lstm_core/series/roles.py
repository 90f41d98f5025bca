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
Gaps = Literal["refuse", "interpolate", "forward fill", "drop"]


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
    unit: str = Field(
        default="",
        max_length=40,
        title="Unit",
        description="Unit of the target, shown on axes and beside errors.",
    )
    sort: bool = Field(
        default=True,
        title="Sort rows by date",
        description="Rows that stand out of order are moved, and counted.",
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
        description="Draw a straight line in time, repeat the last value, drop the row, or refuse the file.",
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
        kept = {name: getattr(self, name) for name in ("time", "date_format", "zone", "target", "features")}
        return ColumnRoles(**kept)

    @property
    def columns(self) -> tuple[str, ...]:
        """Value columns of the series, target first."""
        return (self.target, *self.features)
