"""Column names made usable: visible, short, unique."""

import unicodedata
from collections.abc import Sequence

from lstm_core.series.record import Step
from lstm_core.series.words import counted

LONGEST_NAME = 80


def clean_names(raw: Sequence[str]) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """Trim names, drop invisible characters, cut them to 80, name blanks and number repeats (B20, B21, B29, B32).

    Returns
    -------
    names, steps : as many names as came in, all different; one step per kind of change
    """
    visible = [_visible(name) for name in raw]
    blank = [place for place, name in enumerate(visible) if not name]
    altered = sum(name != old.strip() for name, old in zip(visible, raw, strict=True))
    for place in blank:
        visible[place] = f"column {place + 1}"
    names, n_repeated = _unique(visible)
    steps = []
    if altered:
        steps.append(
            Step(
                name="clean names",
                count=altered,
                detail=f"{counted(altered, 'column name')} with invisible characters or longer than {LONGEST_NAME}; "
                "those characters were removed.",
            )
        )
    if blank:
        listed = ", ".join(names[place] for place in blank[:5])
        steps.append(
            Step(
                name="name blanks",
                count=len(blank),
                detail=f"{counted(len(blank), 'column')} without a name: {listed}.",
            )
        )
    if n_repeated:
        steps.append(
            Step(
                name="number repeats",
                count=n_repeated,
                detail=f"{counted(n_repeated, 'repeated column name')} got a number.",
            )
        )
    return tuple(names), tuple(steps)


def _visible(name: str) -> str:
    """Name without control, format and direction characters; white space becomes single spaces."""
    spaced = "".join(" " if letter.isspace() else letter for letter in name)
    # Categories C*: control, format (direction overrides, zero width), surrogate, private, unassigned.
    shown = "".join(letter for letter in spaced if not unicodedata.category(letter).startswith("C"))
    return " ".join(shown.split())[:LONGEST_NAME].strip()


def _unique(names: list[str]) -> tuple[list[str], int]:
    taken: set[str] = set(names)
    seen: set[str] = set()
    result, repeated = [], 0
    for name in names:
        new, number = name, 2
        while new in seen:
            suffix = f" ({number})"
            candidate = name[: LONGEST_NAME - len(suffix)] + suffix
            new, number = (candidate, number + 1) if candidate not in taken else (new, number + 1)
        repeated += new != name
        seen.add(new)
        result.append(new)
    return result, repeated
