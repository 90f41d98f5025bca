"""Answers in one sentence: whether the LSTM pays, whether it stands still, and what it looks at."""

from collections.abc import Mapping

import numpy as np

from lstm_core.evaluation.explanation.effects import EffectSpread, ReplacedEffects, StepEffects
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import Scores, skill
from lstm_core.evaluation.verdict import Verdict, amount, over_all

NAMES = {
    "naive": "repeating the last value",
    "seasonal_naive": "repeating the last season",
    "linear_ar": "the linear AR",
    "ets": "exponential smoothing (ETS)",
    "theta": "the Theta method",
}
# A difference below one percent of the MAE is not worth a claim.
TIE = 0.01
FLAT = 0.01
# A step counts as looked at when it moves the forecast by this share of what the strongest step does.
LOOKED_AT = 0.05
# An effect below this share of the other sign's is rounding of float32, not an answer of the network.
NOISE = 1e-5


def skill_verdict(board: Mapping[str, Scores], unit: str, *, name: str = "LSTM", horizon: int = 1) -> Verdict:
    """Say by how much a network beats the naive forecast, and whether another baseline beats the network.

    Parameters
    ----------
    name : what the network is called
    horizon : steps ahead that the scores are averaged over
    """
    gained = skill(board["lstm"], board["naive"])
    if gained is None:
        return Verdict(
            tone="note",
            sentence="Repeating the last value makes no error here, so nothing can beat it: the test part never "
            "changes. Choose another series or another split.",
        )
    numbers = f"(MAE {amount(board['lstm'].mae, unit)} against {amount(board['naive'].mae, unit)}{over_all(horizon)})"
    if gained < -TIE:
        worse = (
            f"is {-gained:.0%} worse than" if gained > -1 else f"misses {amount(1 - gained)} times as far as"
        )
        return Verdict(
            tone="bad",
            sentence=f"The {name} {worse} repeating the last value {numbers}. "
            "The Doctor page looks for the cause.",
        )
    if gained < TIE:
        return Verdict(
            tone="caution",
            sentence=f"The {name} is as good as repeating the last value {numbers}: it has learned nothing that pays. "
            "The Doctor page looks for the cause.",
        )
    beats = f"The {name} beats repeating the last value by {gained:.0%} {numbers}"
    best = min(board, key=lambda key: board[key].mae)
    lead = skill(board[best], board["lstm"])
    if best != "lstm" and lead is not None and lead > TIE:
        return Verdict(
            tone="caution",
            sentence=f"{beats}, but {NAMES[best]} is {lead:.0%} better still (MAE "
            f"{amount(board[best].mae, unit)}). The simpler forecast wins here: try a longer window or more epochs.",
        )
    if equal := _as_good(board):
        return Verdict(
            tone="good",
            sentence=f"{beats}; {NAMES[equal]} does as well (MAE {amount(board[equal].mae, unit)}) and is simpler.",
        )
    return Verdict(tone="good", sentence=f"{beats}, and no baseline does better.")


def _as_good(board: Mapping[str, Scores]) -> str | None:
    """The best baseline, where it comes as close to the network as makes no claim; None where it does not."""
    best = min((key for key in board if key != "lstm"), key=lambda key: board[key].mae)
    lead = skill(board["lstm"], board[best])
    return best if lead is not None and lead < TIE else None


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


def strongest_verdict(effects: StepEffects, sample: int, *, label: str, unit: str) -> Verdict:
    """Name the step whose nudge moves the forecast of one window most.

    Parameters
    ----------
    label : date or number of that step, from `effects.strongest`
    """
    lag, feature = effects.strongest(sample)
    position = len(effects.up) - lag
    up, down = (float(effect[position, feature, sample]) for effect in (effects.up, effects.down))
    column, largest = effects.columns[feature], max(abs(up), abs(down))
    if largest == 0:
        return Verdict(
            tone="note",
            sentence="No nudge moves this forecast: its size is 0, or the network ignores its input.",
        )
    single = np.maximum(np.abs(effects.up), np.abs(effects.down))[:, :, sample]
    together = ", both nudges taken together" if single.max() > single[position, feature] else ""
    return Verdict(
        tone="note",
        sentence=f"{_step(lag)} ({label}) moves this forecast most{together}. Nudging {column} up by "
        f"{amount(float(effects.sizes[feature]), unit if feature == 0 else '')} changes it by "
        f"{signed(up if abs(up) > NOISE * largest else 0.0, unit)}; nudging it down as far, by "
        f"{signed(down if abs(down) > NOISE * largest else 0.0, unit)}.",
    )


def replaced_verdict(effects: ReplacedEffects, sample: int, *, label: str, unit: str, block: int) -> Verdict:
    """Name the step, or the block of steps, whose replacement moves the forecast of one window most.

    Parameters
    ----------
    label : date or number of that step, from `effects.strongest`
    block : steps that are replaced together
    """
    lag, feature = effects.strongest(sample)
    position = len(effects.mean) - lag
    change = float(effects.mean[position, feature, sample])
    if change == 0:
        return Verdict(
            tone="note", sentence="No replacement moves this forecast: the network ignores its input."
        )
    where = _step(lag) if block == 1 else f"The block that begins {lag} steps before the forecast"
    deviation = float(effects.deviation[position, feature, sample])
    draws = (
        f" on average (± {amount(deviation, unit)} over {effects.n_draws} draws)"
        if effects.n_draws > 1
        else ""
    )
    return Verdict(
        tone="note",
        sentence=f"{where} ({label}) carries most of this forecast: replacing its {effects.columns[feature]} changes "
        f"it by {signed(change, unit)}{draws}.",
    )


def reach_verdict(spread: EffectSpread, *, n_lost: int = 0, change: str = "nudge") -> Verdict:
    """Say how far back the network looks, over many windows.

    Parameters
    ----------
    n_lost : steps before the window that differences need; with them the forecast leans on steps that the network does
        not read, so nothing is said about the window
    change : what is done to a step, one word
    """
    strength = spread.strength.max(axis=1)
    if strength.max() == 0:
        return Verdict(tone="note", sentence=f"No {change} moves any of the {spread.n} forecasts.")
    length = len(strength)
    strongest = length - int(strength.argmax())
    column = spread.columns[int(spread.strength[length - strongest].argmax())]
    reach = length - int(np.flatnonzero(strength >= LOOKED_AT * strength.max())[0])
    start = f"Over {spread.n} windows {_step(strongest).lower()} matters most"
    if len(spread.columns) > 1:
        start += f" ({column})"
    if n_lost:
        return Verdict(
            tone="note",
            sentence=f"{start}; the furthest step that moves it by more than {LOOKED_AT:.0%} of that on average lies "
            f"{reach} back. This counts the steps that differences are taken of, and those the forecast is added to.",
        )
    if reach == length and length > 1:
        return Verdict(
            tone="note",
            sentence=f"{start}, and even the oldest of the {length} steps still moves the forecast: a longer window "
            "may help.",
        )
    return Verdict(
        tone="note",
        sentence=f"{start}; further than {reach} back, no step on its own moves the forecast by more than "
        f"{LOOKED_AT:.0%} of that on average. The Memory page adds all of them up.",
    )


def signed(value: float, unit: str) -> str:
    """Three significant digits with the sign and the unit."""
    return f"+{amount(value, unit)}" if value > 0 else amount(value, unit)


def _step(lag: int) -> str:
    return "The newest step" if lag == 1 else f"Step {lag} before the forecast"
