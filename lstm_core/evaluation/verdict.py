"""A verdict: an answer in one sentence, with its tone, and how numbers are spelled in it."""

import math
from dataclasses import dataclass
from typing import Literal

NO_DISTANCE = 1e-9
"""Levels that differ by less than this share of the largest differ by rounding."""
Tone = Literal["good", "caution", "bad", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a result means.

    Attributes
    ----------
    tone : good (green), caution (amber), bad (red) or note (neutral)
    sentence : what is seen, what it means, what to try; plain text, with units from the data in it
    """

    tone: Tone
    sentence: str


def amount(value: float, unit: str = "") -> str:
    """Three significant digits with the unit: `14.2 sunspots`, `1 230 kg`, `0.00412`."""
    if value == 0:
        text = "0"
    elif not 1e-4 <= abs(value) < 1e7:
        text = f"{value:.2e}"
    else:
        rounded = float(f"{value:.2e}")
        decimals = max(2 - math.floor(math.log10(abs(rounded))), 0)
        text = f"{rounded:,.{decimals}f}".replace(",", "\u202f")
    return f"{text.replace('-', '−')} {unit}".rstrip()


def amounts(*values: float, unit: str = "") -> tuple[str, ...]:
    """Levels that stand beside each other: `371.87 ppm`, `374.00 ppm` where three digits tell 372 and 374.

    Each has the digits of `amount` at least, and as many decimals as three significant digits of the distance between
    the lowest and the highest need. A distance that is rounding adds none.
    """
    distance, size = max(values) - min(values), max(map(abs, values))
    if not size * NO_DISTANCE < distance or not 1e-4 <= size < 1e7:
        return tuple(amount(value, unit) for value in values)
    enough = max(2 - math.floor(math.log10(distance)), 0)
    return tuple(_level(value, enough, unit) for value in values)


def _level(value: float, decimals: int, unit: str) -> str:
    own = 2 - math.floor(math.log10(abs(value))) if value else 0
    if own > 6:
        return amount(value, unit)
    text = f"{value + 0.0:,.{max(own, decimals)}f}".replace(",", "\u202f").replace("-", "−")
    return f"{text} {unit}".rstrip()


def percent(share: float) -> str:
    """A share with its sign, three significant digits at least: `+33.6%`, `−277%`; `0.0%` if it rounds to none."""
    digits = 1 if abs(share) < 0.9995 else 0
    text = f"{share:+,.{digits}%}".replace(",", "\u202f").replace("-", "−")
    return text if round(share, 3) else "0.0%"


def over_all(horizon: int, joined: str = "over") -> str:
    """` over all 4 steps ahead`: what an error is averaged over besides the windows; empty for a single step."""
    return f" {joined} all {horizon} steps ahead" if horizon > 1 else ""


def part_of(share: float) -> str:
    """How much of a whole: `25.0%`; `less than 0.1%` where a few of many would round to none, `0%` only for none."""
    if share <= 0:
        return "0%"
    return f"{share:.1%}" if round(share, 3) else "less than 0.1%"


def p_text(p_value: float) -> str:
    """`p = 0.042`, or `p < 0.001` where more digits say nothing."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"
