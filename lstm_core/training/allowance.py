"""An allowance of time: something costly is done as often as a small share of the time pays for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic


@dataclass(slots=True, kw_only=True)
class Allowance:
    """How often something may be done that training has to wait for.

    Attributes
    ----------
    share : of all time that it may take
    spacing : seconds from one time to the next, at least
    """

    share: float
    spacing: float = 0.0
    _next: float = 0.0

    @property
    def is_due(self) -> bool:
        """Whether it may be done again; the first time is always."""
        return monotonic() >= self._next

    @contextmanager
    def spend(self) -> Iterator[None]:
        """Measure how long it takes this time."""
        began = monotonic()
        try:
            yield
        finally:
            now = monotonic()
            self._next = now + max(self.spacing, (now - began) / self.share)
