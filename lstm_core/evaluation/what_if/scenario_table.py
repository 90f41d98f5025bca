"""Scenarios as a table to take away, full precision: every value that is read or forecast, before and after."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lstm_core.evaluation.what_if.outcome import Outcome


def scenario_table(
    outcomes: Sequence[Outcome], columns: Sequence[str], labels: Sequence[str], ahead: Sequence[str]
) -> pd.DataFrame:
    """Table with scenario, part, step, time, column, before, after, difference; original units.

    The parts are `read` (steps −1, −2, ... before the forecast), `known ahead` (further inputs after the last row, as
    far as they are read) and `forecast` (steps 1, 2, ... ahead).

    Parameters
    ----------
    columns : input columns, target first
    labels, ahead : time of each step before and after the forecast's start
    """
    pieces = []
    for outcome in outcomes:
        steps = np.arange(-len(labels), 0)
        for feature, column in enumerate(columns):
            read = (outcome.read_before[:, feature], outcome.read_after[:, feature])
            pieces.append(_piece(outcome, "read", steps, labels, column, read))
        for place, column in enumerate(columns[1:]):
            known = (outcome.future_before[:, place], outcome.future_after[:, place])
            steps = np.arange(1, len(known[0]) + 1)
            pieces.append(_piece(outcome, "known ahead", steps, ahead[: len(steps)], column, known))
        steps = np.arange(1, len(outcome.before) + 1)
        pieces.append(_piece(outcome, "forecast", steps, ahead, columns[0], (outcome.before, outcome.after)))
    return pd.concat(pieces, ignore_index=True)


def _piece(
    outcome: Outcome,
    part: str,
    steps: np.ndarray,
    times: Sequence[str],
    column: str,
    values: tuple[np.ndarray, np.ndarray],
) -> pd.DataFrame:
    before, after = values
    return pd.DataFrame(
        {
            "scenario": outcome.scenario.name,
            "part": part,
            "step": steps,
            "time": np.asarray(times, dtype=object)[: len(steps)],
            "column": column,
            "before": before,
            "after": after,
            "difference": after - before,
        }
    )
