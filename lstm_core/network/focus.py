"""What attention looks at: how its weights lie over the steps of one window and of all of them, in words."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

NEWEST = 3
EVEN_ENOUGH = 1.5
"""A heaviest step below this many times its even share: attention hardly chooses."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Focus:
    """Attention on one window beside all windows; read-only shares of 1, oldest step first.

    Attributes
    ----------
    here : (window,) of the chosen window; sums to 1
    mean : (window,) average over all windows; sums to 1
    low, high : (window,) 10% and 90% quantile over all windows
    even : share of a step when all steps get the same
    n_windows : how many windows that is
    """

    here: Float[np.ndarray, "window"]
    mean: Float[np.ndarray, "window"]
    low: Float[np.ndarray, "window"]
    high: Float[np.ndarray, "window"]
    even: float
    n_windows: int

    @property
    def heaviest(self) -> int:
        """Step of the chosen window that gets most, counted from 0."""
        return int(self.here.argmax())


def measure_focus(weights: Float[np.ndarray, "sample window"], *, sample: int) -> Focus:
    """Attention weights of one window, and how all windows spread around their mean.

    Parameters
    ----------
    weights : of `network.forward.attention_weights`; rows sum to 1
    sample : the chosen window, counted from 0
    """
    exact = weights.astype(np.float64)
    low, high = np.quantile(exact, (0.1, 0.9), axis=0)
    parts = {"here": exact[sample], "mean": exact.mean(axis=0), "low": low, "high": high}
    for values in parts.values():
        values.flags.writeable = False
    return Focus(**parts, even=1 / exact.shape[1], n_windows=len(weights))


def crop_focus(focus: Focus, steps: slice) -> Focus:
    """Keep some neighbouring steps, with the shares they have in the whole window."""
    kept = {name: getattr(focus, name)[steps] for name in ("here", "mean", "low", "high")}
    return replace(focus, **kept)


def describe_focus(focus: Focus) -> str:
    """Where the weight of the chosen window lies and how usual that is, in words."""
    length = len(focus.here)
    if length == 1:
        return "The window has one step, and attention gives it everything: there is nothing to choose from."
    top = focus.here[focus.heaviest]
    if top < EVEN_ENOUGH * focus.even:
        return (
            f"Attention spreads its weight almost evenly: the heaviest of the {length} steps gets {top:.0%}, an even "
            f"share is {focus.even:.0%}. It does little more than average what the layer said; without attention the "
            "forecast may be as good."
        )
    newest = min(NEWEST, length)
    share, usual = float(focus.here[-newest:].sum()), float(focus.mean[-newest:].sum())
    steps = "newest step gets" if newest == 1 else f"{newest} newest steps get"
    back = length - 1 - focus.heaviest
    where = "the newest" if back == 0 else f"{back} step{'s' * (back > 1)} before the newest"
    return (
        f"The {steps} {share:.0%} of the weight on this window and {usual:.0%} on average over {focus.n_windows} test "
        f"windows; spread evenly it would be {newest * focus.even:.0%}. The heaviest step is {where}, with {top:.0%}."
    )
