"""What was detected about a file, as sentences that a person can check against the file and overrule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was detected, with its evidence.

    Attributes
    ----------
    field : name of the option that overrules it (`delimiter`, `decimal`, `date_format`, ...)
    sentence : what was found and which line, row or cell says so
    """

    field: str
    sentence: str


def quoted(cell: object) -> str:
    """A cell of the file as a sentence may show it."""
    text = " ".join(str(cell).split())
    return f"'{text[:40]}{'...' if len(text) > 40 else ''}'"
