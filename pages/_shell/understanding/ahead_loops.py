"""What the Ahead page computes, once each: loops over validation and test, the outlook, one free run."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st

from lstm_core.arrays import SampleRows
from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.closed_loop import FreeRun, Loops, run_free, run_part
from lstm_core.evaluation.ahead.outlook import Outlook, look_ahead
from lstm_core.evaluation.ahead.rivals import (
    RivalValues,
    beside_loops,
    beside_outlook,
    linear_ahead,
    mean_errors,
    run_rival,
)
from lstm_core.evaluation.classical import Ahead, in_words
from lstm_core.evaluation.verdict import amount
from lstm_core.figures.ahead import BASELINES
from lstm_core.preparation.split import Part
from pages._shell import cached, present
from pages._shell.opened import OpenedRun
from pages._shell.understanding.ahead_choice import Chosen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """All of it; a part that is too short for so many steps has no loops. `notes`: what is to be known of baselines."""

    outlook: Outlook
    validation: Loops | None
    test: Loops | None
    notes: str = ""


def look(run: OpenedRun, chosen: Chosen) -> Seen:
    """Run the network ahead from both parts and from the last row.

    Raises
    ------
    UserError
        If further inputs are missing, or the forecasts grow beyond any number.
    """
    with st.spinner("Running the network ahead", show_time=True):
        seen = cached.worked_out(run.key, "outlook", chosen.key, partial(_look, run, chosen))
    return _beside(run, chosen, seen)


def _beside(run: OpenedRun, chosen: Chosen, seen: Seen) -> Seen:
    """Put the chosen baselines beside the network that have to be fitted first."""
    asked = [key for key in chosen.beside if "naive" not in key]
    fitted = [one for one in run.classical() if one.key in asked] if {"ets", "theta"} & {*asked} else []
    makers = {one.key: one.ahead for one in fitted}
    origins = seen.test.closed.origins if seen.test else np.empty(0, dtype=np.int64)
    told, failed = dict[str, RivalValues](), list[str]()
    for key in asked:
        make = partial(_rival, run, chosen, key, makers.get(key), origins)
        made = cached.worked_out(run.run.run_id, f"ahead {key}", chosen.key, make)
        if made is None:
            failed.append(BASELINES[key][0])
        else:
            told[key] = made
    notes = [in_words(fitted)]
    if failed:
        notes.append(f"Left out, because it cannot be run so far ahead: {', '.join(failed)}.")
    return replace(
        seen,
        outlook=beside_outlook(seen.outlook, told, chosen.beside),
        test=seen.test and beside_loops(run.prepared, seen.test, told),
        notes=" ".join(filter(None, notes)),
    )


def _rival(
    run: OpenedRun, chosen: Chosen, key: str, ahead: Ahead | None, origins: SampleRows
) -> RivalValues | None:
    if key == "linear_ar":
        ahead = linear_ahead(run.prepared, chosen.loop)
    return ahead and run_rival(ahead, origins, len(run.prepared.values), chosen.loop.steps)


def compare(test: Loops, name: str, unit: str) -> str:
    """Mean error over all steps of the network and of every baseline, the smallest first, in one sentence."""
    names = {"closed": f"{name} in the closed loop", **{key: one[0] for key, one in BASELINES.items()}}
    told = [f"{names[key]} {amount(error)}" for key, error in mean_errors(test).items() if key in names]
    return present.safe(
        f"Mean absolute error over all steps{unit and f' [{unit}]'}: {', '.join(told)}.", limit=400
    )


def free(run: OpenedRun, chosen: Chosen, origin: int) -> FreeRun:
    """Open and closed loop from one row of the test part."""
    make = partial(run_free, run.predict, run.prepared, origin, chosen.loop)
    return cached.worked_out(run.key, "free run", (origin, *chosen.key), make)


def _look(run: OpenedRun, chosen: Chosen) -> Seen:
    validation, test = _part(run, chosen, "validation"), _part(run, chosen, "test")
    outlook = look_ahead(
        run.predict,
        run.prepared,
        chosen.loop,
        chosen.bearings.index[: chosen.loop.steps],
        season=chosen.bearings.season,
        calibration=validation,
    )
    return Seen(outlook=outlook, validation=validation, test=test)


def _part(run: OpenedRun, chosen: Chosen, part: Part) -> Loops | None:
    if len(run.prepared.split.part(part)) < chosen.loop.steps:
        return None
    n_weights = sum(array.size for array in run.weights.to_arrays().values())
    season = chosen.bearings.season
    try:
        return run_part(run.predict, run.prepared, part, chosen.loop, n_weights=n_weights, season=season)
    except PreparationError as short:
        if short.field != "steps":
            raise
        return None  # the window itself begins before the part does
