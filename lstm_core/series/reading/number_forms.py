"""Numbers as people write them: thousands marks, currency and percent signs, other minus signs and digits, "missing".

Everything here is about one cell at a time; `numbers` reads columns with it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lstm_core.series.table import Decimal, ReadOptions, Thousands

MISSING_WORDS = frozenset(
    {"", "na", "nan", "n/a", "#n/a", "#na", "null", "none", "nil", "-", "--", "?", ".", "missing", "nat"}
)
MARK_NAMES = {",": "comma", ".": "point", " ": "space", "'": "apostrophe"}
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_CURRENCY = (
    r"(?:US|R|A|C|NZ|HK)?\$|[€£¥₹₩₽₺₪฿₫₴]|EUR|USD|GBP|JPY|CHF|SEK|NOK|DKK|PLN|CZK|HUF|CNY|INR|BRL|AUD|CAD|"
    r"kr\.?|Kč|zł"
)
_UNIT = (
    r"%|‰|°C|°F|°|kWh|MWh|GWh|Wh|kW|MW|GW|W|V|A|m³|m3|l|mm|cm|m|km|km/h|m/s|kg|g|t|hPa|mbar|bar|Pa|ppm|ppb|"
    r"[µμ]g/m[³3]|kB|KB|MB|GB|TB|ms|s|min|h"
)
_DRESSED = re.compile(
    rf"(?P<open>\()?(?P<first>[+-]?)\s*(?P<lead>{_CURRENCY})?\s*(?P<second>[+-]?)"
    rf"(?P<body>(?:\d[\d.,' ]*|[.,]\d+)(?<![ '])(?:[eE][+-]?\d+)?)"
    rf"\s*(?P<tail>{_CURRENCY}|{_UNIT})?(?P<late>-)?(?P<close>\))?"
)
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_PLAIN = re.compile(rf"(?:\d+\.?\d*|\.\d+){_EXPONENT}")
MONTH_AND_YEAR = re.compile(r"(0?[1-9]|1[0-2])\.(19|20)\d{2}")
"""`01.2020`: four decimals, or rather a month."""
_DIGITS = {chr(start + digit): str(digit) for start in (0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10)}
_LETTERS = str.maketrans(
    _DIGITS
    | dict.fromkeys("\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008", " ")
    | dict.fromkeys("\u2019\u02bc\u066c", "'")
)
_FOREIGN = re.compile("[" + "".join(_DIGITS) + "\u2212\ufe63\uff0d\u2013\u2014\u066b\u066c]")
_LONG_DASH = re.compile(r"^[\u2013\u2014](?=[\d.,])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the marks inside a number mean.

    Attributes
    ----------
    decimal : None while nothing in the file decides it
    thousands : mark between groups of three digits; None lets each column show its own
    signs : whether currency, percent and unit signs are taken off
    """

    decimal: Decimal | None = None
    thousands: Thousands | None = None
    signs: bool = True

    @classmethod
    def of(cls, options: ReadOptions) -> "Marks":
        """Marks that the options of a file name."""
        return cls(decimal=options.decimal, thousands=options.thousands, signs=options.signs is not False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undressed:
    """A number without what stands around it: `-$1,234.50` is `1,234.50`, negative, with the sign `$`.

    Attributes
    ----------
    booked : the minus stood behind the number or was written as parentheses
    foreign : digits or minus came from another script
    """

    body: str
    negative: bool
    sign: str
    booked: bool
    foreign: bool


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value (B71)."""
    return cell.strip().lower() in MISSING_WORDS


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number, with either decimal mark, grouped or not, with a sign or without."""
    if MONTH_AND_YEAR.fullmatch(cell.strip()):
        return False
    if _NUMBER.fullmatch(cell.strip()):
        return True
    found = undress(cell) if len(cell) < 40 else None
    if found is None:
        return False
    shown = decimal_shown(found.body) or "."
    return value_of(found.body, shown, detect_thousands([found.body], shown)) is not None


def plain_letters(cell: str) -> str:
    """The cell with digits, minus signs and spaces of other scripts as 0 to 9, `-` and ` `."""
    return _LONG_DASH.sub("-", cell.translate(_LETTERS)).replace("\u066b", ".").strip()


def undress(cell: str) -> Undressed | None:
    """Take minus and sign off a cell; None where no number is left.

    `(12)` and `12-` are negative, as accountants write them. Digits of other scripts become 0 to 9.
    """
    found = _DRESSED.fullmatch(plain_letters(cell.strip()))
    if found is None:
        return None
    parts = found.groupdict()
    minus = [parts["first"], parts["second"], parts["late"] or "", "-" if parts["open"] else ""]
    if (parts["open"] is None) != (parts["close"] is None) or sum(map(bool, minus)) > 1:
        return None
    if parts["lead"] and parts["tail"]:
        return None
    return Undressed(
        body=parts["body"],
        negative="-" in minus,
        sign=parts["lead"] or parts["tail"] or "",
        booked=bool(parts["late"] or parts["open"]),
        foreign=_FOREIGN.search(cell) is not None,
    )


@lru_cache(maxsize=32)
def _grouped_form(mark: str, decimal: str) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape(mark)
    form = rf"(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+|[1-9]\d?(?:{group}\d{{2}})*{group}\d{{3}})(?:{point}\d*)?"
    return re.compile(form + _EXPONENT)


def is_grouped(body: str, mark: str, decimal: str) -> bool:
    """Whether a mark stands between groups of three digits: `1,234`, `1,234,567.8`, and Indian `12,34,567`."""
    return _grouped_form(mark, decimal).fullmatch(body) is not None


def value_of(body: str, decimal: str, thousands: str) -> float | None:
    """Value of a body, None where the marks do not allow it to be one."""
    if thousands and thousands in body and is_grouped(body, thousands, decimal):
        body = body.replace(thousands, "")
    if ("," if decimal == "." else ".") in body:
        return None
    plain = body.replace(decimal, ".")
    return float(plain) if _PLAIN.fullmatch(plain) else None


def is_doubtful(body: str, mark: str) -> bool:
    """Whether `1,234` could be both: one group of three digits after the only mark."""
    return body.count(mark) == 1 and is_grouped(body, mark, "\0")


def decimal_shown(body: str) -> Decimal | None:
    """Decimal mark that a single number proves: `1.234,5`, `1,5` and `1.234.567` say comma; `1,234` proves nothing."""
    if MONTH_AND_YEAR.fullmatch(body):
        return None
    points, commas = body.count("."), body.count(",")
    if points and commas:
        last: Decimal = "." if body.rfind(".") > body.rfind(",") else ","
        return last if is_grouped(body, "," if last == "." else ".", last) else None
    if not points and not commas:
        return None
    mark: Decimal = "." if points else ","
    other: Decimal = "," if points else "."
    if points + commas > 1:
        return other if is_grouped(body, mark, other) else None
    return None if is_doubtful(body, mark) else mark


def find_decimal(cells: Iterable[str]) -> tuple[Decimal | None, str]:
    """Decimal mark that most of the deciding cells show, and the first of them (B13); None and "" when none decides."""
    votes: Counter[Decimal] = Counter()
    first: dict[Decimal, str] = {}
    for cell in cells:
        found = undress(cell)
        if found and (shown := decimal_shown(found.body)):
            votes[shown] += 1
            first.setdefault(shown, cell)
    if not votes:
        return None, ""
    winner = votes.most_common(1)[0][0]
    return winner, first[winner]


def detect_thousands(bodies: list[str], decimal: Decimal | None) -> str:
    """Mark that groups digits in every body that holds it; "" when there is none.

    Space and apostrophe can be nothing else. Comma and point must be known not to be the decimal mark.
    """
    for mark in (" ", "'"):
        holders = [body for body in bodies if mark in body]
        if holders and all(is_grouped(body, mark, decimal or _other_mark(body)) for body in holders):
            return mark
    proven = decimal or find_decimal(bodies)[0]
    if proven is None:
        return ""
    mark = "," if proven == "." else "."
    holders = [body for body in bodies if mark in body]
    return mark if holders and all(is_grouped(body, mark, proven) for body in holders) else ""


def _other_mark(body: str) -> str:
    return "," if "," in body else "."
