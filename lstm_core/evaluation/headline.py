"""The answer to "is it any good?", from the scoreboard, and a warning for a forecast that stands still."""

from collections.abc import Mapping

import numpy as np

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import Scores, skill
from lstm_core.evaluation.verdict import Verdict, amount

NAMES = {
    "lstm": "the LSTM",
    "naive": "repeating the last value",
    "seasonal_naive": "repeating the last season",
    "linear_ar": "the linear AR",
}
# A difference below one percent of the MAE is not worth a claim.
TIE = 0.01
FLAT = 0.01


def skill_verdict(board: Mapping[str, Scores], unit: str) -> Verdict:
    """Say by how much the LSTM beats the naive forecast, and whether another baseline beats the LSTM."""
    gained = skill(board["lstm"], board["naive"])
    if gained is None:
        return Verdict(
            tone="note",
            sentence="Repeating the last value makes no error here, so nothing can beat it: the test part never "
            "changes. Choose another series or another split.",
        )
    numbers = f"(MAE {amount(board['lstm'].mae, unit)} against {amount(board['naive'].mae, unit)})"
    if gained < -TIE:
        return Verdict(
            tone="bad",
            sentence=f"The LSTM is {-gained:.0%} worse than repeating the last value {numbers}. "
            "Try more epochs, a lower learning rate, or another window length.",
        )
    if gained < TIE:
        return Verdict(
            tone="caution",
            sentence=f"The LSTM is as good as repeating the last value {numbers}: it has learned nothing that pays. "
            "Try more epochs or a longer window.",
        )
    beats = f"The LSTM beats repeating the last value by {gained:.0%} {numbers}"
    best = min(board, key=lambda key: board[key].mae)
    lead = skill(board[best], board["lstm"])
    if best != "lstm" and lead is not None and lead > TIE:
        return Verdict(
            tone="caution",
            sentence=f"{beats}, but {NAMES[best]} is {lead:.0%} better still (MAE "
            f"{amount(board[best].mae, unit)}). The simpler forecast wins here: try a longer window or more epochs.",
        )
    return Verdict(tone="good", sentence=f"{beats}, and no baseline does better.")


def flat_verdict(forecast: Forecast) -> Verdict | None:
    """Warn of a forecast that hardly changes while the truth does (B123); None when it moves."""
    moves, truth = float(np.ptp(forecast.predicted[:, 0])), float(np.std(forecast.actual[:, 0]))
    if len(forecast) < 2 or truth == 0 or moves > FLAT * truth:
        return None
    return Verdict(
        tone="caution",
        sentence=f"The forecast is {amount(float(forecast.predicted[:, 0].mean()), forecast.unit)} for every window: "
        "the network ignores its input. Try a higher learning rate, more epochs, or the tanh activation.",
    )
