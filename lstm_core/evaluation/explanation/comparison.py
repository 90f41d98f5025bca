"""Explanations side by side: what five methods credit the steps of windows with, and which of them pass the truth test.

The methods are those of `credit`; the test is that of `truth`.
"""

from typing import Literal

import numpy as np

from lstm_core.evaluation.explanation import credit
from lstm_core.evaluation.explanation.credit import Credits
from lstm_core.evaluation.explanation.game import Game
from lstm_core.evaluation.explanation.replacement import Cases
from lstm_core.evaluation.explanation.slope import InputGradient
from lstm_core.evaluation.explanation.truth import N_RANDOM, TruthTest, spelled, truth_test
from lstm_core.evaluation.verdict import Verdict

Method = Literal["nudge", "occlusion", "gradient", "integrated", "shapley"]
NAMES: dict[Method, str] = {
    "nudge": "Nudge",
    "occlusion": "Occlusion",
    "gradient": "Gradient × input",
    "integrated": "Integrated gradients",
    "shapley": "Shapley",
}
LARGEST_WORK = 2e11
"""Multiplications that the truth test may cost, about three seconds."""
FEWEST_WINDOWS, MOST_WINDOWS = 3, 24
FEWEST_PLAYERS, MOST_PLAYERS = 6, 48


def quick_credits(game: Game, samples: Cases, gradient: InputGradient) -> dict[str, Credits]:
    """Credits of the methods that need no sampling, by their names on screen."""
    return {
        NAMES["nudge"]: credit.nudge_credits(game, samples),
        NAMES["occlusion"]: credit.occlusion_credits(game, samples),
        NAMES["gradient"]: credit.gradient_credits(game, samples, gradient),
        NAMES["integrated"]: credit.integrated_credits(game, samples, gradient),
    }


def compare_explanations(game: Game, samples: Cases, gradient: InputGradient, *, seed: int = 0) -> TruthTest:
    """Hold all five methods against random orders, over some windows."""
    found = quick_credits(game, samples, gradient)
    found[NAMES["shapley"]] = credit.shapley_credits(game, samples, seed=seed)
    return truth_test(game, samples, {name: one.values for name, one in found.items()}, seed=seed)


def most_players(*, per_forecast: float) -> int:
    """Blocks of steps that can be tested over `FEWEST_WINDOWS` windows, from 6 to 48.

    Parameters
    ----------
    per_forecast : multiplications of one forecast, about the parameters times the steps
    """
    affordable = LARGEST_WORK / FEWEST_WINDOWS
    n_players = MOST_PLAYERS
    while n_players > FEWEST_PLAYERS and _n_forecasts(n_players) * per_forecast > affordable:
        n_players -= 1
    return n_players


def windows_to_test(n_windows: int, n_players: int, *, per_forecast: float) -> Cases:
    """Test windows for the truth test, evenly spread, at most 24 and as many as `LARGEST_WORK` allows."""
    n_chosen = int(LARGEST_WORK / (_n_forecasts(n_players) * max(per_forecast, 1.0)))
    n_chosen = min(max(n_chosen, 1), MOST_WINDOWS, n_windows)
    if n_chosen == 1:
        return np.array([n_windows - 1])
    return np.linspace(0, n_windows - 1, n_chosen).round().astype(int)


def _n_forecasts(n_players: int) -> float:
    """About how many forecasts one window of the truth test takes."""
    curves = 2 * (N_RANDOM + len(NAMES)) * n_players
    greedy, shapley = n_players**2 / 2, min(2 * 48 * n_players, 2.0**n_players)
    return curves + greedy + shapley


def trust_verdict(test: TruthTest) -> Verdict:
    """Say which explanations can be trusted."""
    if test.n_players < 2:
        return Verdict(
            tone="note",
            sentence="All steps are one block, so there is no order to test. Take fewer steps away together.",
        )
    if not test.room:
        return Verdict(
            tone="note",
            sentence="There is nothing to explain: whatever is taken away, the forecast stays where it is. An "
            "explanation would be no better than random.",
        )
    better = sorted(
        (name for name in test.trusts if test.is_better(name)), key=lambda name: -test.trusts[name].trust
    )
    over = f"over {test.n_windows} test windows" if test.n_windows > 1 else "on one test window"
    if not better:
        return Verdict(
            tone="bad",
            sentence=f"No explanation can be trusted here: {over} none does better than random orders of the steps. "
            "Try larger blocks, or another replacement.",
        )
    told = ", ".join(f"{name} {spelled(test.trusts[name].trust)}" for name in better)
    others = [name for name in test.trusts if name not in better]
    if not others:
        return Verdict(
            tone="good",
            sentence=f"All five explanations do better than random orders {over}. Trust, 1 for the best order found "
            f"and 0 for chance: {told}.",
        )
    return Verdict(
        tone="caution",
        sentence=f"Trust {over}, 1 for the best order found and 0 for chance: {told}. No better than random: "
        f"{', '.join(others)}.",
    )
