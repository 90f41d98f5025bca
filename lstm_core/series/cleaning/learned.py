"""What repairs and steps learned, as JSON: kept with a run, and enough to do them again on another file."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Learned(BaseModel):
    """The numbers that repairs and steps learned from the known rows; enough to do them again on another file.

    Attributes
    ----------
    first : date of the first row that was learned from, None when rows are numbered: where seasons begin
    gaps : column -> its mean or its seasonal profile, where gaps are filled with one
    steps : one entry per cleaning step
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: datetime | None = None
    gaps: dict[str, list[float]] = Field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()
