"""The record of a cleaning: where a series came from, every choice on the way, and what repairs and steps learned."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from lstm_core.series.assemble import Assembled, assemble
from lstm_core.series.cleaning.learned import Learned
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import Table


class CleaningRecord(BaseModel):
    """Enough to open the same file in the same way, and to clean another file of the same kind.

    Attributes
    ----------
    source : file or sample with reading options, roles (never left open) and steps
    learned : numbers from the rows that steps may learn from
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: SeriesSource
    learned: Learned = Learned()

    @property
    def roles(self) -> ColumnRoles:
        """Roles and repairs."""
        if self.source.roles is None:
            raise ValueError("a record keeps the roles that were used")
        return self.source.roles

    @property
    def literals(self) -> dict[str, Any]:
        """Choices and learned numbers as plain dicts and lists, without what was left at its default."""
        chosen = self.source.model_dump(mode="json", exclude_defaults=True)
        return {
            "ROLES": {"target": self.roles.target} | chosen.get("roles", {}),
            "CLEANING": [step.model_dump(mode="json") for step in self.source.cleaning.steps],
            "KNOWN_SHARE": self.source.cleaning.known_share,
            "LEARNED": self.learned.model_dump(mode="json"),
        }


def record(source: SeriesSource, roles: ColumnRoles, made: Assembled) -> CleaningRecord:
    """Record of a series that was read from a source with these roles."""
    return CleaningRecord(source=source.model_copy(update={"roles": roles}), learned=made.learned)


def apply_again(table: Table, record: CleaningRecord) -> Assembled:
    """Clean another table of the same kind as the one a record came from; nothing is learned from it.

    Every row is new: gaps and outliers are treated with the learned numbers and the rows before, never with later ones.
    Give it some older rows too, so that lags and medians have a past.

    Raises
    ------
    SeriesError
        If a column is not there, a repair is needed that was not chosen, or too few rows remain.
    """
    return assemble(table, record.roles, cleaning=record.source.cleaning, learned=record.learned)
