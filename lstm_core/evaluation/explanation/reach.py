"""Effective memory: how far back a nudge still changes the forecast, in steps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from lstm_core.evaluation.explanation.effects import StepEffects
from lstm_core.evaluation.headline import LOOKED_AT
from lstm_core.evaluation.verdict import Verdict
from lstm_core.series.words import counted

SHARE = 0.95
"""Memory ends where this share of the pull of all steps is reached."""
FAINT = 0.01
"""A step that moves the forecast by less than this share of what the strongest does is not counted as looked at."""
ROUNDING = 1e-6
"""An effect below this share of the target's own nudge is rounding of float32, not an answer of the network."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """How far every step pulls the forecast, over many windows.

    Attributes
    ----------
    pull : (lag, feature) mean size of the effect of a nudge up and down, original unit of the target; the first row is
        lag 1, the newest step
    columns : names, target first
    n : windows
    """

    pull: Float[np.ndarray, "lag feature"]
    columns: tuple[str, ...]
    n: int

    @property
    def longest(self) -> int:
        """Oldest lag that was nudged."""
        return len(self.pull)

    def of(self, feature: int | None = None) -> Float[np.ndarray, "lag"]:
        """Pull by lag of one column; None: of all columns together, their sum."""
        return self.pull.sum(axis=1) if feature is None else self.pull[:, feature]

    def share(self, feature: int) -> float | None:
        """Share of the pull of all columns that one of them has; None when nothing pulls."""
        whole = float(self.of().sum())
        return float(self.of(feature).sum()) / whole if whole else None

    def table(self) -> pd.DataFrame:
        """One row per lag: the pull of every column, original unit of the target, and the share reached so far."""
        whole = self.of().sum()
        return pd.DataFrame(
            {
                "steps_back": range(1, self.longest + 1),
                **{column: self.of(feature) for feature, column in enumerate(self.columns)},
                "share_so_far": self.of().cumsum() / whole if whole else 0.0,
            }
        )

    def memory(self, feature: int | None = None) -> int:
        """Smallest lag within which at least 95% of the summed pull lies; 0 when nothing pulls."""
        pull = self.of(feature)
        if not pull.any():
            return 0
        reached = np.cumsum(pull) >= SHARE * pull.sum() * (1 - 1e-12)  # a sum may round below its own 100%
        return int(np.argmax(reached)) + 1

    def last(self, feature: int | None = None) -> int:
        """Oldest lag whose pull is above 1% of the largest; 0 when nothing pulls."""
        pull = self.of(feature)
        return int(np.flatnonzero(pull > FAINT * pull.max())[-1]) + 1 if pull.any() else 0


def reach(effects: StepEffects) -> Reach:
    """Effective memory of a network, from the effects of nudging every step of many windows.

    The pull of lag k is `mean over windows of (|effect of +size| + |effect of -size|) / 2`. A linear forecast
    `b + sum_k w_k x_(t-k)` has the pull `|w_k| size`; one that repeats the value k steps back has the memory k; one
    that never changes has the memory 0.
    """
    pull = effects.strength.mean(axis=2)[::-1].copy()
    pull[pull < ROUNDING * effects.sizes[0]] = 0.0
    pull.flags.writeable = False
    return Reach(pull=pull, columns=effects.columns, n=effects.up.shape[2])


def memory_verdict(found: Reach, length: int, *, n_lost: int = 0, longer_pays: bool | None = None) -> Verdict:
    """Compare the memory of a network with its window: whether a shorter one would do, or a longer one may help.

    Parameters
    ----------
    length : of the window
    n_lost : steps before the window that differences need; with them nothing is said about the window
    longer_pays : whether a longer window was tried and does better; None where none was tried
    """
    memory, last = found.memory(), found.last()
    if memory == 0:
        return Verdict(
            tone="caution",
            sentence=f"Window {length}, memory 0: no nudge of any step moves any of the {found.n} forecasts. The "
            "network ignores its input.",
        )
    told = (
        f"Window {length}, memory {memory}: {SHARE:.0%} of what all steps do to the forecast comes from the newest "
        f"{memory}, and the last that moves it by more than {FAINT:.0%} of the strongest lies {last} back."
    )
    if n_lost:
        return Verdict(
            tone="note",
            sentence=f"{told} This counts the {counted(n_lost, 'step')} before the window that differences are taken "
            "of, so it says nothing about the window length.",
        )
    if 2 * memory <= length:
        return Verdict(tone="good", sentence=f"{told} A shorter window may do: try {min(last, length - 1)}.")
    pull = found.of()
    if pull[-1] >= LOOKED_AT * pull.max() and length > 1:
        advice = {
            None: ": a longer window may help.",
            True: ", and a longer window does better.",
            False: ", but none of the longer windows that were tried does better.",
        }
        return Verdict(
            tone="note", sentence=f"{told} Even the oldest step still moves the forecast{advice[longer_pays]}"
        )
    return Verdict(tone="good", sentence=f"{told} The window is about as long as the network uses.")
