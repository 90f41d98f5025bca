"""What the forecasts say: beside the truth, and beside forecasts that need no network."""

from collections.abc import Mapping

import numpy as np

from lstm_core.doctor import curves, experiments, inputs, steps
from lstm_core.doctor.case import Case
from lstm_core.doctor.evidence import Amounts, Evidence, Traces
from lstm_core.doctor.finding import Experiment, Sign, rule
from lstm_core.evaluation.scores import Scores, skill
from lstm_core.evaluation.verdict import amount, percent
from lstm_core.network.counts import called

FLAT = 0.01
"""Range of the forecast, over the deviation of the truth: below this it is a constant (as on the Forecast page)."""
WORSE = 0.05
"""MAE above that of a simpler forecast: smaller differences are within what another seed changes."""
WINDOWS_PER_WEIGHT = 5
"""Train windows per coefficient of the linear AR: with fewer it knows its own train rows by heart."""
BASELINES = {
    "naive": "last value",
    "seasonal_naive": "last season",
    "linear_ar": "linear AR",
}


@rule(
    "forecast",
    name="Constant forecast",
    needs="weights",
    fires=f"over at least 2 test windows the forecast moves by less than {FLAT:.0%} of the truth's standard deviation",
    rows=("F42",),
    experiment="standard scaling when the input is unscaled; else tanh; else ten times a rate below 0.01, a "
    "tenth of a higher one",
)
def constant_forecast(case: Case) -> Sign | None:
    """The same answer whatever the window."""
    made = case.forecasts.get("test")
    if made is None or len(made) < 2:
        return None
    moves, truth = float(np.ptp(made.predicted[:, 0])), float(np.std(made.actual[:, 0]))
    if truth == 0 or moves >= FLAT * truth:
        return None
    return Sign(
        severity="bad",
        seen=f"The forecast {f'stays within {amount(moves, case.unit)} around' if moves else 'is'} "
        f"{amount(float(made.predicted[:, 0].mean()), case.unit)} for all {len(made)} test windows; the truth has "
        f"a standard deviation of {amount(truth, case.unit)}.",
        means="The network ignores its input and says one number, the best one it found: nothing has been "
        "learned, or everything that was has been lost.",
        advice="Scale the input first."
        if case.is_unscaled
        else "Look at the other findings first; without one, change the learning rate.",
        evidence=Traces(forecast=made),
        experiment=_wake(case),
    )


def _wake(case: Case) -> Experiment | None:
    if case.is_unscaled:
        return experiments.standard_scaling(case)
    if any(layer.activation != "tanh" for layer in case.spec.network.layers):
        return experiments.other_layers(case, "Try the tanh activation", activation="tanh")
    return experiments.rate_times(case, 10 if case.spec.plan.learning_rate < 0.01 else 0.1)


@rule(
    "forecast",
    name="Copy-cat",
    needs="middle",
    fires="one step ahead the forecast fits the truth of one row before best, is closer to it than to its own "
    "row by a fifth or more, and saves less than 5% of the error of repeating the last value",
    rows=("F42", "U6"),
    experiment="standard scaling when Unscaled input fires too; else three times the epochs when the last was the "
    "best; else twice the window, or the suggested one when it is longer",
)
def copy_cat(case: Case) -> Sign | None:
    """A forecast that repeats the last value."""
    lag, made = case.lag, case.forecasts.get("test")
    if lag is None or made is None or lag.skill is None or not lag.copies_last_value:
        return None
    walk = not case.past.learnable.something
    return Sign(
        severity="note" if walk else "bad",
        seen=f"One step ahead the forecast is off by {amount(float(lag.errors[0]), case.unit)} from the truth, "
        f"but only by {amount(float(lag.errors[1]), case.unit)} from the value of one row before (skill "
        f"{percent(lag.skill)}).",
        means="The network repeats the last value it has seen. In a chart that looks like a good forecast, one "
        "row late; it says nothing about what comes next."
        + (" On a random walk, as here, no forecast does better." if walk else ""),
        advice=_how_to_leave_the_last_value(case, walk),
        evidence=Traces(forecast=made, lag=lag),
        experiment=None if walk else _beyond_copying(case),
    )


def _how_to_leave_the_last_value(case: Case, walk: bool) -> str:
    if walk:
        return "Do not trust the look of the chart."
    further = "Train longer, read further back"
    if case.spec.preparation.transform.difference == 0:
        further += ", or forecast the steps from row to row instead of the rows"
    return f"Scale the input first. {further}." if _scale_first(case) else f"{further}."


def _beyond_copying(case: Case) -> Experiment | None:
    if scaled := _scale_first(case):
        return scaled
    if _best_was_last(case):
        return experiments.more_epochs(case)
    length, suggested = case.spec.preparation.window.length, case.past.window
    return experiments.window_length(case, max(2 * length, suggested.length if suggested else 0))


@rule(
    "forecast",
    name="Underfitting",
    needs="middle",
    fires=f"on its own train windows the network's MAE is more than {WORSE:.0%} above that of repeating the last "
    f"value or season, or of the linear AR (which counts with {WINDOWS_PER_WEIGHT} train windows per coefficient "
    "or more)",
    rows=("F42", "E11"),
    experiment="standard scaling when Unscaled input fires too; else three times the epochs when the last was the "
    "best; else twice the units, unless another finding asks for fewer",
)
def underfitting(case: Case) -> Sign | None:
    """Not even the rows it has learned from are known."""
    board = case.boards.get("train")
    if not board or not case.past.learnable.something:
        return None
    n_inputs = case.spec.preparation.window.length * len(case.spec.preparation.columns)
    fair = case.room.n_windows >= WINDOWS_PER_WEIGHT * (n_inputs + 1)
    rivals = {key: one for key, one in board.items() if key != "lstm" and (fair or key != "linear_ar")}
    best = _better(board["lstm"], rivals)
    if best is None:
        return None
    return Sign(
        severity="caution",
        seen=f"On the train windows the network is off by {amount(board['lstm'].mae, case.unit)} on average; the "
        f"{BASELINES[best]} by {amount(board[best].mae, case.unit)}.",
        means="The network has not learned what a simple formula knows about the very rows it was trained on. "
        "That is too little learning, not too much: regularisation would make it worse.",
        advice=_how_to_learn_more(case),
        evidence=_bars(case, board, "train"),
        experiment=_scale_first(case) or _learn_more(case),
    )


def _how_to_learn_more(case: Case) -> str:
    if _scale_first(case):
        return "Scale the input first; then train longer, or give the network more units."
    if steps.rate_too_high(case):
        return "Lower the rate first; then train longer, or give the network more units."
    return "Train longer, raise the rate, or give the network more units."


def _learn_more(case: Case) -> Experiment | None:
    return experiments.more_epochs(case) if _best_was_last(case) else _more_units(case)


def _more_units(case: Case) -> Experiment | None:
    """Twice the units; None where another finding asks for fewer."""
    if inputs.too_few_windows(case) or curves.overfitting(case):
        return None
    return experiments.units_times(case, 2)


def _scale_first(case: Case) -> Experiment | None:
    """Scaling where numbers of the wrong size reach the network: a cause, whose cure costs no time."""
    return experiments.standard_scaling(case) if inputs.unscaled_input(case) else None


@rule(
    "forecast",
    name="A simpler forecast wins",
    needs="middle",
    fires=f"on the test windows the network's MAE is more than {WORSE:.0%} above that of a baseline",
    rows=("F42", "U6"),
    experiment="standard scaling when Unscaled input fires too; else three times the epochs when the last was the "
    "best; else the suggested window when it is longer; else what Underfitting tries when that fires too; else half "
    "the units",
)
def beaten(case: Case) -> Sign | None:
    """A baseline that needs no training does better where it counts."""
    board = case.boards.get("test")
    if not board:
        return None
    best = _better(board["lstm"], {key: one for key, one in board.items() if key != "lstm"})
    if best is None:
        return None
    gained = skill(board["lstm"], board[best])
    return Sign(
        severity="caution",
        seen=f"On the test windows the network is off by {amount(board['lstm'].mae, case.unit)} on average, the "
        f"{BASELINES[best]} by {amount(board[best].mae, case.unit)} (skill {percent(gained or 0.0)}).",
        means="The network costs more and says less than a formula that is computed in no time. On short or "
        "nearly linear series that is usual, and no shame.",
        advice="Scale the input first, or use the simpler forecast."
        if _scale_first(case)
        else "Use the simpler forecast, or find out which of the other findings holds the network back.",
        evidence=_bars(case, board, "test"),
        experiment=_scale_first(case) or _catch_up(case),
    )


def _catch_up(case: Case) -> Experiment | None:
    if _best_was_last(case):
        return experiments.more_epochs(case)
    suggested = case.past.window
    if suggested is not None and suggested.length > case.spec.preparation.window.length:
        return experiments.window_length(case, suggested.length)
    return _learn_more(case) if underfitting(case) else experiments.units_times(case, 0.5)


@rule(
    "forecast",
    name="Pattern left over",
    needs="middle",
    fires="the Ljung-Box test of the test residuals, one step ahead, gives p below 0.05 and a correlation of 0.1 "
    "or more",
    rows=("U6", "F42"),
    experiment="standard scaling when Unscaled input fires too; else a window that reaches the strongest correlation "
    "when it lies beyond; else three times the epochs when the last was the best; else twice the units, unless another "
    "finding asks for fewer",
)
def pattern_left(case: Case) -> Sign | None:
    """Residuals that remember each other: a better forecast exists."""
    test, left = case.leftover, case.remembers
    if test is None or left is None or test.p_value is None or test.verdict.tone != "caution":
        return None
    lag = int(np.abs(left.acf).argmax()) + 1
    return Sign(
        severity="note",
        seen=test.seen,
        means=test.means,
        advice="Scale the input first; what is left over afterwards may need a longer window, more units or epochs."
        if _scale_first(case)
        else test.advice,
        evidence=left,
        experiment=_scale_first(case) or _use_the_rest(case, lag),
    )


def _use_the_rest(case: Case, lag: int) -> Experiment | None:
    if lag > case.spec.preparation.window.length:
        return experiments.window_length(case, lag)
    if _best_was_last(case):
        return experiments.more_epochs(case)
    return _more_units(case)


@rule(
    "forecast",
    name="Uneven misses",
    needs="middle",
    fires="one step ahead on the test part, the Breusch-Pagan or the ARCH test gives p below 0.05, and misses at high "
    "and low forecasts differ by more than a tenth, or earlier misses explain more than 2% of the square of the next",
    rows=("F53", "F42"),
    experiment="the logarithm of the series when the misses grow with the forecast and all values are above 0",
)
def uneven_misses(case: Case) -> Sign | None:
    """Misses whose size changes, with the forecast or with the time."""
    found = next((test for test in case.uneven if test.verdict.tone == "caution" and test.seen), None)
    if found is None or case.spread is None:
        return None
    return Sign(
        severity="note",
        seen=found.seen,
        means=found.means,
        advice=found.advice,
        evidence=case.spread,
        experiment=experiments.logarithm(case) if found.key == "size" else None,
    )


def _best_was_last(case: Case) -> bool:
    return case.best is not None and case.best.epoch >= case.spec.plan.epochs


def _better(lstm: Scores, rivals: Mapping[str, Scores]) -> str | None:
    """Name of the best rival when the LSTM is clearly worse; None otherwise."""
    best = min(rivals, key=lambda key: rivals[key].mae, default=None)
    return best if best is not None and lstm.mae > (1 + WORSE) * rivals[best].mae else None


def _bars(case: Case, board: Mapping[str, Scores], part: str) -> Evidence:
    return Amounts(
        names=tuple(BASELINES.get(key, called(case.spec.network)) for key in board),
        values=tuple(one.mae for one in board.values()),
        title=f"MAE on the {part} part" + (f" [{case.unit}]" if case.unit else ""),
    )


RULES = (constant_forecast, copy_cat, underfitting, beaten, pattern_left, uneven_misses)
