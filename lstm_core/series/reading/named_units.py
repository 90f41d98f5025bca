"""Units that stand in the name of a column: `co2 [ppm]`, `Temp (°C)`. One behind a mere underscore is not certain."""

import re
from collections.abc import Iterable

from lstm_core.series.findings import Finding, quoted

_IN_BRACKETS = re.compile(r".*\S\s*(?:\[(?P<square>[^\[\]]{1,20})\]|\((?P<round>[^()]{1,20})\))")
_SYMBOL = (
    r"(?:[kMGTmµμnchd]?(?:g|m|s|W|Wh|V|VA|A|Hz|Pa|bar|J|eV|N|L|l|K|B|cal|mol|lx|Ω|ohm|var)|F|t|deg ?[CF]|°[CFKNESW]?|%"
    r"|‰|ppm|ppb|ppt|h|hr|hrs|day|days|week|month|yr|year|years|mi|mph|ft|inch|kn|kt|kts|lb|lbs|oz|psi|inHg|mmHg|gal|bbl"
    r"|ha|dB|dBA|rpm|bpm|deg|rad|px|pcs|[cd]?m[²³]|[cdk]?m[23]|[€£¥$]|EUR|USD|GBP|JPY|CHF|AUD|CAD|CNY|INR"
    r"|thousands?|millions?|billions?|persons?|people|units?|percent|degrees?|counts?|[cC]elsius|[fF]ahrenheit|[kK]elvin)"
)
_STATISTIC = re.compile(r"mean|avg|average|min|max|sum|total|median|std|count|n", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?:in )?{_SYMBOL}(?:\^?-?[1-4²³⁻]*)?(?:(?: ?[/·*×] ?| ){_SYMBOL}(?:\^?-?[1-4²³⁻¹]*)?){{0,3}}"
)


def unit_in(name: str) -> str:
    """Unit that a column name ends with in brackets; "" where there is none or it may be something else.

    What stands in square brackets is a unit if it has a letter or a sign and is no statistic, as in `y [mean]`. Round
    brackets hold much else: `Sales (total)`, `y (2)`; there it must be written as units are.
    """
    found = _IN_BRACKETS.fullmatch(name)
    if found is None:
        return ""
    square, round_ = found["square"], found["round"]
    if square is not None:
        is_unit = re.search(r"[^\W\d_]|[%°$€£¥‰]", square) and not _STATISTIC.fullmatch(square.strip())
        return square.strip() if is_unit else ""
    return round_.strip().removeprefix("in ") if _UNIT.fullmatch(round_.strip()) else ""


def units_in(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Column and unit of every name that ends with one."""
    return tuple((name, unit) for name in names if (unit := unit_in(name)))


def about_units(units: tuple[tuple[str, str], ...]) -> tuple[Finding, ...]:
    """What was found, as a sentence beside the control of the row of units."""
    if not units:
        return ()
    name, unit = units[0]
    more = (
        f"; so {'does 1 more' if len(units) == 2 else f'do {len(units) - 1} more'}" if len(units) > 1 else ""
    )
    return (
        Finding(field="units_row", sentence=f"The name {quoted(name)} ends with its unit, {unit}{more}."),
    )
