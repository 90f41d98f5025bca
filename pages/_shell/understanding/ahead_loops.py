"""What the Ahead page computes, once each: loops over validation and test, the outlook, one free run."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.closed_loop import FreeRun, Loops, run_free, run_part
from lstm_core.evaluation.ahead.outlook import Outlook, look_ahead
from lstm_core.preparation.split import Part
from pages._shell import cached
from pages._shell.opened import OpenedRun
from pages._shell.understanding.ahead_choice import Chosen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """All of it; a part that is too short for so many steps has no loops."""

    outlook: Outlook
    validation: Loops | None
    test: Loops | None


def look(run: OpenedRun, chosen: Chosen) -> Seen:
    """Run the network ahead from both parts and from the last row.

    Raises
    ------
    UserError
        If further inputs are missing, or the forecasts grow beyond any number.
    """
    with st.spinner("Running the network ahead", show_time=True):
        return cached.worked_out(run.key, "outlook", chosen.key, partial(_look, run, chosen))


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
