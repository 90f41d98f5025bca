"""A verdict: an answer in one sentence, with its tone."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "caution", "bad", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a result means.

    Attributes
    ----------
    tone : good (green), caution (amber), bad (red) or note (neutral)
    sentence : what is seen, what it means, what to try; plain text
    """

    tone: Tone
    sentence: str
