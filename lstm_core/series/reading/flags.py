"""Flags behind the numbers of Eurostat's tables: `12.3 p` is provisional, `: c` is confidential."""

import re

import pandas as pd

from lstm_core.series.findings import quoted
from lstm_core.series.record import Step
from lstm_core.series.words import counted

_EUROSTAT = re.compile(r".+\\(TIME_PERIOD|time)", re.IGNORECASE)
"""Name of the first column of such a table: `freq,unit,geo\\TIME_PERIOD`. Elsewhere such letters are units."""
_FLAGGED = r"^(:|[+-]?\d[\d.]*(?:[eE][+-]?\d+)?) ?[a-z]{1,4}$"


def without_flags(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Take flags off the cells of a table that Eurostat wrote, and its colon, which means that there is no value.

    Parameters
    ----------
    frame : named columns of text, trimmed

    Returns
    -------
    frame, steps : other tables come back as they are
    """
    names = list(frame.columns)
    if len(names) < 2 or not _EUROSTAT.fullmatch(str(names[0])):
        return frame, ()
    cells = frame[names[1:]]
    flagged = cells.apply(lambda column: column.str.fullmatch(_FLAGGED))
    bare = cells.apply(lambda column: column.str.replace(_FLAGGED, r"\1", regex=True).replace(":", ""))
    steps = ()
    if n_flagged := int(flagged.to_numpy().sum()):
        row, place = map(int, divmod(int(flagged.to_numpy().argmax()), cells.shape[1]))
        detail = (
            f"{counted(n_flagged, 'cell')} with a flag of Eurostat behind the number, which was taken off: "
            f"{quoted(cells.iloc[row, place])} in row {row + 1:,} of column {quoted(names[place + 1])}."
        )
        steps = (Step(name="flags", count=n_flagged, detail=detail),)
    return pd.concat([frame[names[:1]], bare], axis=1), steps
