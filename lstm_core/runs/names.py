"""Names of runs: an id that nobody guesses, and words that a person can change."""

import re
import secrets
from collections.abc import Iterable

from lstm_core.errors import RunError
from lstm_core.network.counts import in_brief
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec

RUN_ID = re.compile(r"[a-z0-9]{26}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
MAX_NAME = 80


def new_run_id() -> str:
    """26 random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(26))


def clean_name(name: str, *, of: str = "run", longest: int = MAX_NAME) -> str:
    """Name without control characters and outer blanks.

    Parameters
    ----------
    of : what has the name; the message says so

    Raises
    ------
    RunError
        If nothing is left or it is too long.
    """
    cleaned = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not 1 <= len(cleaned) <= longest:
        raise RunError(
            f"A {of} needs a name",
            received=f"{len(cleaned)} characters",
            expected=f"1 to {longest} characters",
            field=f"{of}_name",
        )
    return cleaned


def first_name(spec: RunSpec, series: Series) -> str:
    """Name a run gets until a person gives it a better one: `Nile, 24 → 1, log, differences, 50 units`."""
    window, transform = spec.preparation.window, spec.preparation.transform
    words = [transform.power] * (transform.power != "none") + ["differences"] * bool(transform.lags)
    words += [f"quantile {spec.plan.quantile:g}"] * (spec.plan.loss == "pinball")
    return ", ".join(
        [series.name[:40], f"{window.length} → {window.horizon}", *words, in_brief(spec.network)]
    )


_NUMBER = re.compile(r" \(\d{1,3}\)$")


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or `wanted (2)`, `wanted (3)`, ... when taken; what has such a number already gets another one."""
    wanted, taken = clean_name(wanted[:MAX_NAME]), set(taken)
    if wanted not in taken:
        return wanted
    number, stem = 2, _NUMBER.sub("", wanted) or wanted
    while (name := f"{stem[: MAX_NAME - 6]} ({number})") in taken:
        number += 1
    return name
