"""Months and weekdays named in other languages than English, put into English; their names are those of the CLDR."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from lstm_core.errors import SeriesError

LANGUAGES = (
    "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "ru", "da", "nb", "fi", "cs", "hr", "hu", "ro", "uk",
)  # fmt: skip
"""Codes of the languages that are read beside English."""
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_IN_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORTEST = 3
_BESIDE_CLDR = {
    "de": {"mrz": 3, "maerz": 3, "jänner": 1, "jan": 1, "jän": 1, "feber": 2},
    "es": {"setiembre": 9, "sep": 9},
    "pt": {"setembro": 9},
}
"""Names that people write and the CLDR leaves out."""
_BETWEEN = frozenset({
    "de", "del", "di", "da", "den", "der", "le", "il", "el", "la", "las", "alle", "am", "um", "uhr", "à", "às", "as",
    "o", "om", "kl", "klo", "ore", "er", "º", "ª", "г", "года", "год", "р",
})  # fmt: skip
"""Words between the parts of a date: `15 de enero de 2020`, `15. Januar 2020 um 12:30 Uhr`, `1er janvier`, `2020 г.`"""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
_WEEKDAY_FIRST = re.compile(r"^([^\W\d_]{2,})[.,]*\s+(?=\d{1,4}[-/.] ?\d{1,2}[-/.] ?\d{1,4})")
_DATE = re.compile(
    r"(?:\d{1,2}[ /-])?[A-Z][a-z]{2}[ /-]\d{4}(?: .*)?|\d{1,2}[ /-][A-Z][a-z]{2}[ /-]\d{2}(?: .*)?"
    r"|\d{4}[ /-][A-Z][a-z]{2}(?:[ /-]\d{1,2})?(?: .*)?"
)
_MAY_BE_DATE = re.compile(r"[^\W\d_]{2}.*\d|\d.*[^\W\d_]{3}")
_LONGEST = 60
_N_SAMPLED = 1000
_MOST = 0.5
_MOST_NAMES = 60
"""Different cells a column of month names may have: twelve, written in a few ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How a language calls months (1 to 12) and weekdays, in small letters without points."""

    months: Mapping[str, int]
    weekdays: frozenset[str]

    def knows(self, words: tuple[str, ...]) -> bool:
        """Whether every word belongs to a date of the language, and one of them is a month."""
        known = all(word in self.months or word in self.weekdays or word in _BETWEEN for word in words)
        return known and any(word in self.months for word in words)

    def in_english(self, cell: str) -> str:
        """The cell with an English month, without weekday and words between; unknown words stay."""
        words = words_of(cell)
        n_months = sum(word in self.months for word in words)
        # `mar. 3 mar 2020`: what stands first is the Tuesday.
        skipped = words[0] if n_months > 1 and words[0] in self.weekdays else ""

        def put(found: re.Match[str]) -> str:
            nonlocal skipped
            word = _plain(found.group())
            if word == skipped:
                skipped = ""
                return " "
            if word in self.months:
                return _ENGLISH[self.months[word] - 1]
            return " " if word in self.weekdays or word in _BETWEEN else found.group()

        bare = re.sub(r"(?<!\d)[.,]|[.,](?!\d)", " ", _WORD.sub(put, unicodedata.normalize("NFC", cell)))
        return re.sub(r"\s+(?=[-/]\d)", "", " ".join(bare.split()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Translated:
    """A column of dates with English months; `language` they were in, `because` one of its rows, as a clause."""

    text: pd.Series
    language: str
    because: str


def words_of(cell: str) -> tuple[str, ...]:
    """Words of a cell in small letters, in order."""
    return tuple(map(_plain, _WORD.findall(unicodedata.normalize("NFC", cell))))


@lru_cache(maxsize=len(LANGUAGES) + 1)
def names_in(language: str) -> Names:
    """Names of months and weekdays: in full and short, inside a date and alone, with accents and without.

    The first three letters of a month count too where no other month of the language begins with them, nor an English
    one that means another month.
    """
    from babel.dates import get_day_names, get_month_names

    months: dict[str, int] = dict(_BESIDE_CLDR.get(language, {}))
    weekdays: set[str] = set()
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, context, language).items():
                months[_plain(name)] = number
            weekdays |= {_plain(name) for name in get_day_names(width, context, language).values()}
        weekdays |= {_plain(name) for name in get_day_names("short", context, language).values()}
    starts = {(name[:3], number) for name, number in months.items() if len(name) > 3}
    for start in {start for start, _ in starts}:
        meant = {number for other, number in starts if other == start}
        english = start.capitalize()
        if len(meant) == 1 and (english not in _ENGLISH or _ENGLISH.index(english) + 1 in meant):
            months.setdefault(start, *meant)
    for name, number in list(months.items()):
        months.setdefault(_without_accents(name), number)
    return Names(months=months, weekdays=frozenset(weekdays | set(map(_without_accents, weekdays))))


def to_english(text: pd.Series) -> Translated | None:
    """Put the months of a column into English; None where no language names them.

    Raises
    ------
    SeriesError
        If two languages know every name and mean different months by one of them.
    """
    head = text.iloc[:: max(len(text) // _N_SAMPLED, 1)]
    spoken = [words_of(str(cell)) for cell in head]
    counts = {language: sum(map(names_in(language).knows, spoken)) for language in LANGUAGES}
    most = max(counts.values())
    if most <= _MOST * len(head):
        return None
    chosen, *others = [language for language in LANGUAGES if counts[language] == most]
    names = names_in(chosen)
    place = next(place for place, words in enumerate(spoken) if names.knows(words))
    for other in others:
        _check_agreement(head, spoken, chosen, other)
    row = int(text.index.to_numpy()[place * max(len(text) // _N_SAMPLED, 1)]) + 1
    word = next(word for word in spoken[place] if word in names.months)
    language = " or ".join(map(_called, (chosen, *others[:2])))
    return Translated(
        text=text.map(lambda cell: names.in_english(str(cell))).astype("str"),
        language=language,
        because=f"row {row:,} says '{str(head.iloc[place])[:40]}', and '{word}' is {language}",
    )


def month_numbers(cells: pd.Series) -> tuple[dict[str, int], str]:
    """Number (1 to 12) of every different cell that is the name of a month, and the language they are in.

    English goes before all others where it knows every name; the language is "" then, and where no language knows most.

    Raises
    ------
    SeriesError
        If two languages know every name and mean different months by one of them.
    """
    names = cells.drop_duplicates()
    if len(names) > _MOST_NAMES:
        return {}, ""
    english = {name: number for name in names if (number := _english_month(str(name)))}
    if len(english) == len(names) or (translated := to_english(names)) is None:
        return english, ""
    pairs = zip(names, translated.text, strict=True)
    found = {name: number for name, month in pairs if (number := _english_month(month))}
    return (found, translated.language) if len(found) > len(english) else (english, "")


def _english_month(cell: str) -> int | None:
    """Number of an English month, in full or cut short: `March`, `mar.`, `Sept`; None for all else."""
    word = _plain(cell)
    fits = (number for number, name in enumerate(_IN_FULL, start=1) if name.startswith(word))
    return next(fits, None) if len(word) >= _SHORTEST else None


def is_spoken_date(cell: str) -> bool:
    """Whether a cell is a date that names month or weekday in some language: `3 févr. 2021`, `Mo, 13.01.2020`."""
    # The length first: the time of the search grows with its square.
    if len(cell) > _LONGEST or not _MAY_BE_DATE.search(cell):
        return False
    if found := _WEEKDAY_FIRST.match(cell):
        return _plain(found.group(1)) in _all_weekdays()
    words = words_of(cell)
    return any(
        names.knows(words) and _DATE.fullmatch(names.in_english(cell)) for names in map(names_in, LANGUAGES)
    )


def without_weekdays(text: pd.Series) -> pd.Series | None:
    """Cells such as `Mo, 31.01.2020` without their weekday, in any language; None where they name none."""
    head = text.iloc[:: max(len(text) // _N_SAMPLED, 1)].astype("str")
    first = [found.group(1) for cell in head if (found := _WEEKDAY_FIRST.match(cell))]
    if len(first) <= _MOST * len(head):
        return None
    if not all(_plain(word) in _all_weekdays() for word in first):
        return None
    return text.str.replace(_WEEKDAY_FIRST, "", regex=True)


@lru_cache(maxsize=1)
def _all_weekdays() -> frozenset[str]:
    return frozenset[str]().union(*(names_in(language).weekdays for language in ("en", *LANGUAGES)))


def _check_agreement(head: pd.Series, spoken: list[tuple[str, ...]], language: str, other: str) -> None:
    here, there = names_in(language).months, names_in(other).months
    for place, words in enumerate(spoken):
        word = next((word for word in words if here.get(word) != there.get(word)), None)
        if word is not None and word in here and word in there:
            meant = f"{_ENGLISH[here[word] - 1]} in {_called(language)}"
            meant += f", {_ENGLISH[there[word] - 1]} in {_called(other)}"
            raise SeriesError(
                f"{_called(language)} or {_called(other)}? The months of column '{head.name}' can be read both ways",
                received=f"'{str(head.iloc[place])[:40]}', where '{word}' is {meant}",
                expected="months in numbers or in English",
                advice="Write the months of the file as numbers, such as 2020-01-31.",
                field="time",
            )


def _called(language: str) -> str:
    from babel import Locale

    return Locale(language).english_name or language


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().strip(" .").replace("ʼ", "'").replace("’", "'")


def _without_accents(word: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)
    )
