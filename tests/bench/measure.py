"""What a measurement is, and how tables are printed."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A number, the target it was built for, and whether more or less is better."""

    name: str
    value: float
    target: float
    unit: str
    more_is_better: bool = False
    detail: str = ""

    @property
    def holds(self) -> bool:
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    def row(self) -> str:
        sign = "at least" if self.more_is_better else "at most"
        verdict = "holds" if self.holds else "**does not hold**"
        target = f"{sign} {self.target:g} {self.unit}"
        return f"| {self.name} | {self.value:.3g} {self.unit} | {target} | {verdict} | {self.detail} |"


HEAD = "| what | measured | target | | detail |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures beside each other; nothing to hold."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        return "\n".join([f"{self.title}\n", *("| " + " | ".join(line) + " |" for line in lines)])


Section = Callable[[int], Iterator[Measurement | Table]]
"""Takes the number of rounds; a comparison measures its sides in turn that often."""


def spread(values: Sequence[float], form: str) -> str:
    """Median, and behind it the range when there is one: `1.20 (1.10-1.50)`."""
    middle = format(statistics.median(values), form)
    return f"{middle} ({min(values):{form}}-{max(values):{form}})" if len(values) > 1 else middle
