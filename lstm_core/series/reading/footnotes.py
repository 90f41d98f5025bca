"""Notes below a table whose columns are dates: `Footnotes:`, `Source: ...`, each in a row of its own."""

import pandas as pd

from lstm_core.series.dates.names import is_run_of_dates
from lstm_core.series.findings import quoted
from lstm_core.series.record import Step
from lstm_core.series.words import counted

_MOST_CELLS = 2
"""Filled cells that a note has at most: its number and its text."""


def without_footnotes(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Leave out the notes at the end of a table with a column per date; other tables come back as they are.

    Where a column holds the dates, a note has none and is left out with its rows (`dates.read`).

    Parameters
    ----------
    frame : named columns of text, trimmed
    """
    if not is_run_of_dates([str(name) for name in frame.columns]):
        return frame, ()
    filled = (frame != "").sum(axis=1).to_numpy()
    rows = (filled > _MOST_CELLS).nonzero()[0]
    n_kept = int(rows[-1]) + 1 if len(rows) else len(frame)
    if n_kept == len(frame):
        return frame, ()
    first = next(cell for cell in frame.iloc[n_kept] if cell) if filled[n_kept] else ""
    shown = f", the first says {quoted(first)}" if first else ""
    detail = f"{counted(len(frame) - n_kept, 'row')} of notes below the table left out{shown}."
    return frame.iloc[:n_kept], (Step(name="drop end rows", count=len(frame) - n_kept, detail=detail),)
