"""What the makers of the files have in common: a case, and its dates, numbers and lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

N_ROWS = 30


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file: its text and what must come out.

    Attributes
    ----------
    truth : dates (or None for numbered rows) and values of the target
    target : column that must be proposed
    roles, options : what a person has to choose; nothing in the best case
    asks : words of the question or refusal that must come while nothing is chosen; "" when none may come
    refused : the file cannot be read even then; `asks` says why
    """

    name: str
    text: str
    dates: list[str] | None
    values: list[float | None]
    target: str
    encoding: str = "utf-8"
    unit: str = ""
    roles: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    asks: str = ""
    refused: bool = False


CASES: list[Case] = []


def days(start: str = "2020-01-06", freq: str = "D", n_rows: int = N_ROWS) -> pd.DatetimeIndex:
    """Moments of a file."""
    return pd.date_range(start, periods=n_rows, freq=freq)


def numbers(level: float, spread: float, decimals: int, *, seed: int, n_rows: int = N_ROWS) -> np.ndarray:
    """Made-up values, rounded as the file shows them."""
    return np.round(level + spread * np.random.default_rng(seed).standard_normal(n_rows), decimals)


def grouped(value: float, decimals: int, mark: str, point: str) -> str:
    """`1234.5` as `1.234,50` and the like."""
    return f"{value:,.{decimals}f}".replace(",", "\0").replace(".", point).replace("\0", mark)


def lines(moments: Iterable[object], values: Iterable[object], form: Callable[[Any, Any], str]) -> str:
    """One line per row."""
    return "".join(form(moment, value) + "\n" for moment, value in zip(moments, values, strict=True))


def case(
    name: str,
    text: str,
    moments: pd.Index | None,
    values: Iterable[float | None],
    target: str,
    **more: Any,
) -> None:
    """Add a file."""
    dates = None if moments is None else [str(moment) for moment in moments]
    truth = [None if value is None else float(value) for value in values]
    CASES.append(Case(name=name, text=text, dates=dates, values=truth, target=target, **more))
