"""What a measurement is, and how a table of them is printed."""

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
