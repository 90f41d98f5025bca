"""Further ahead than the horizon: what the network forecasts is fed back to it (closed loop)."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import HorizonValues, SampleRows
from lstm_core.errors import PreparationError, RunError
from lstm_core.evaluation.ahead.future_inputs import Coming, FurtherInputs
from lstm_core.evaluation.forecast import Forecast, Predictor
from lstm_core.preparation import histories
from lstm_core.preparation.histories import HistoryValues
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

LARGEST_BATCH = 16_000_000
"""Numbers of all histories together, 128 MB of float64; more origins are thinned."""


def forecast_ahead(
    predict: Predictor,
    prepared: Prepared,
    known: HistoryValues,
    steps: int,
    *,
    further: FurtherInputs | Coming | None = None,
    fed_back: int | None = None,
) -> HorizonValues:
    """Forecast any number of steps from any histories, in original units.

    The network forecasts its whole horizon. As long as that is not far enough, its first `fed_back` steps are taken for
    true, the window moves on by as many rows, and it forecasts again. Up to the horizon nothing is fed back by default:
    these are the very numbers of `forecast`.

    Parameters
    ----------
    known : (sample, reach or more, feature) original units, target first, as `histories` gives them or edited
    steps : how many rows ahead, 1 or more
    further : (step, feature) or (sample, step, feature) original units: the further inputs, in the order of
        `PreparationSpec.features`, in the rows after the history; at least `count_needed` of them, later ones are not
        read. `Coming` names those among them that follow the forecasts; these may need a longer history
    fed_back : steps taken over from every forecast; None: the whole horizon. 1: only the next step, so that a
        network with a horizon runs step by step

    Returns
    -------
    (sample, steps) float64

    Raises
    ------
    PreparationError
        If further inputs are needed and missing.
    RunError
        If the forecasts grow beyond any number, or reach 0 where the network reads a logarithm or Box-Cox transform.
    """
    block = _block(prepared, fed_back)
    reach, n_needed = prepared.spec.reach, count_needed(prepared, steps, fed_back=fed_back)
    coming = further if isinstance(further, Coming) or further is None else Coming(values=further)
    start = _check_history(prepared, known, coming)
    whole = np.zeros((len(known), start + n_needed + block, known.shape[2]))
    whole[:, :start] = known
    if known.shape[2] > 1 and n_needed:
        whole[:, start : start + n_needed, 1:] = _checked(prepared, coming, n_needed)
    for at in range(start, whole.shape[1], block):
        seen = whole[:, at - reach : at]
        with np.errstate(over="ignore", invalid="ignore"):  # refused below, in words
            scaled = np.asarray(predict(histories.to_inputs(prepared, seen)))
            told = histories.from_outputs(prepared, scaled, seen)[:, :block]
        whole[:, at : at + block, 0] = _fit_to_read(prepared, told, after=at - start)
        for one in coming.derived if coming else ():
            one.fill(whole, at, at + block)
    return whole[:, start : start + steps, 0]


def count_needed(prepared: Prepared, steps: int, *, fed_back: int | None = None) -> int:
    """How many rows of further inputs after the last known one a forecast of so many steps reads; 0 up to the horizon.

    Raises
    ------
    PreparationError
        If no step is asked for, or more than the horizon would be fed back.
    """
    block = _block(prepared, fed_back)
    if steps < 1:
        raise PreparationError(
            "A forecast needs at least one step", received=f"{steps}", expected="1 or more", field="steps"
        )
    return (math.ceil(steps / block) - 1) * block


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Origins:
    """Rows of a part to start a forecast of so many steps from, with every step inside the part.

    Attributes
    ----------
    rows : (sample,) rising; row of the first forecast value
    every : 1 when it is every row that can be, else every so many-th
    """

    rows: SampleRows
    every: int


def origins_in(prepared: Prepared, part: Part, steps: int, *, most: int, further_back: int = 0) -> Origins:
    """Rows of a part to start from, at most about `most`, evenly spread; from the first one that can be.

    Parameters
    ----------
    further_back : rows that a forecast needs before those it reads

    Raises
    ------
    PreparationError
        If no row of the part has so many rows behind it, or enough before it.
    """
    rows, reach = prepared.split.part(part), prepared.spec.reach + further_back
    first, stop = max(rows.start, reach), rows.stop - steps + 1
    if stop <= first:
        raise PreparationError(
            f"A forecast of {steps} steps does not fit the {len(rows)} {part} rows",
            received=f"{steps} steps",
            expected=f"at most {max(rows.stop - max(rows.start, reach), 0)}",
            advice=f"Forecast fewer steps, or raise the {part} share.",
            field="steps",
        )
    width = (reach + steps) * prepared.values.shape[1]
    allowed = max(min(most, LARGEST_BATCH // width), 1)
    every = math.ceil((stop - first) / allowed)
    return Origins(rows=np.arange(first, stop, every), every=every)


def beside_truth(
    prepared: Prepared, part: Part, origins: SampleRows, told: HorizonValues, label: str
) -> Forecast:
    """Forecasts from some origins, (sample, step) original units, beside what came true."""
    rows = origins[:, None] + np.arange(told.shape[1])
    return Forecast(origins=origins, actual=prepared.values[rows, 0], predicted=told, part=part, label=label)


def _block(prepared: Prepared, fed_back: int | None) -> int:
    horizon = prepared.spec.window.horizon
    if fed_back is not None and not 1 <= fed_back <= horizon:
        raise PreparationError(
            "Only what the network forecasts can be fed back",
            received=f"{fed_back} steps",
            expected=f"1 to {horizon}",
            field="fed_back",
        )
    return fed_back or horizon


def _fit_to_read(prepared: Prepared, told: HorizonValues, *, after: int) -> HorizonValues:
    """What was forecast after so many steps, if the network can read it."""
    if not np.isfinite(told).all():
        raise RunError(
            f"Fed back to the network, the forecast grows beyond any number after {after} steps",
            advice="Forecast fewer steps, train without differences, or use the tanh activation.",
            field="steps",
        )
    if prepared.transform.exponent is not None and not (told > 0).all():
        raise RunError(
            f"Fed back to the network, the forecast falls to 0 after {after} steps, where the "
            f"{prepared.spec.transform.power} transform that it reads ends",
            advice="Forecast fewer steps, or train a network with the power none.",
            field="steps",
        )
    return told


def _check_history(prepared: Prepared, known: HistoryValues, coming: Coming | None) -> int:
    """Length of the histories, once they are found long enough."""
    back = max((one.rows_back for one in coming.derived), default=0) if coming else 0
    wanted = (max(prepared.spec.reach, back), len(prepared.spec.columns))
    if known.ndim != 3 or known.shape[1] < wanted[0] or known.shape[2] != wanted[1]:
        raise ValueError(f"histories of {known.shape}, expected (sample, {wanted[0]} or more, {wanted[1]})")
    return known.shape[1]


def _checked(prepared: Prepared, coming: Coming | None, n_needed: int) -> np.ndarray:
    """The rows of the further inputs that are read, once they are found complete."""
    names, further = prepared.spec.features, coming.values if coming else None
    if further is None or further.shape[-2] < n_needed:
        n_given = 0 if further is None else further.shape[-2]
        raise PreparationError(
            f"The network also reads {', '.join(names)}, whose values after the last row are not known",
            received=f"{n_given} rows",
            expected=f"{n_needed} rows",
            advice="Choose a rule for them, or give them.",
            field="further",
        )
    if further.shape[-1] != len(names):
        raise ValueError(f"{further.shape[-1]} further inputs, expected {len(names)}")
    read = further[..., :n_needed, :]
    if not np.isfinite(read).all():
        column = int(np.argwhere(~np.isfinite(read))[0][-1])
        raise PreparationError(
            f"'{names[column]}' has rows without a number after the last row",
            expected=f"{n_needed} numbers",
            advice="Fill every row.",
            field="further",
        )
    return read
