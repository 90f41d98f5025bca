"""The run-time type checker of the tests: holds the core to its signatures, shapes included."""

from collections.abc import Callable
from typing import Any

from beartype import BeartypeConf, beartype
from beartype.roar import BeartypeDecorHintPep673Exception

_hold = beartype(conf=BeartypeConf(is_pep484_tower=True))  # an int is a fine float


def check(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hold a function to its signature at every call."""
    try:
        return _hold(function)
    except BeartypeDecorHintPep673Exception:
        return function  # `Self` means nothing to a method that is decorated before its class exists
