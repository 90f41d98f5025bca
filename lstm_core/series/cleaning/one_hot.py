"""One-hot: a text column as columns of 0 and 1, for the texts that the known rows hold."""

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.spec import LONGEST_NAME, OneHotStep
from lstm_core.series.cleaning.workpiece import Applied, Numbers, Workpiece
from lstm_core.series.reading.header import clean_names
from lstm_core.series.words import counted


def learn(step: OneHotStep, piece: Workpiece) -> Numbers:
    """Texts of the known rows, most frequent first; equal ones in alphabetical order.

    Raises
    ------
    SeriesError
        If the column is no text column of the table, or the known rows hold no text.
    """
    known = _texts(step, piece)[: piece.n_known]
    counts = known[known != ""].value_counts()
    if counts.empty:
        raise SeriesError(
            f"The text column '{step.column}' is empty in the rows to learn from",
            expected="at least one text",
            advice="Choose another column, or learn from more rows.",
            field="steps",
        )
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return {"texts": [str(text) for text, _ in ranked[: step.most]]}


def apply(step: OneHotStep, piece: Workpiece, numbers: Numbers) -> Applied:
    """One column per learned text: 1 in its rows, 0 elsewhere."""
    texts, learned = _texts(step, piece), numbers["texts"]
    names, _ = clean_names([f"{step.column}: {text}"[:LONGEST_NAME] for text in learned])
    made = {
        name: (texts == text).to_numpy(dtype=np.float64) for name, text in zip(names, learned, strict=True)
    }
    n_other = int((~texts.isin(learned)).sum())
    detail = f"{counted(len(made), 'new column')} of 0 and 1: {', '.join(names)[:200]}"
    detail += (
        f"; {counted(n_other, 'row')} with a rarer, new or missing text are 0 in all." if n_other else "."
    )
    return Applied(frame=piece.with_columns(made), count=len(made), detail=detail, made=tuple(made))


def _texts(step: OneHotStep, piece: Workpiece) -> pd.Series:
    if step.column not in piece.texts.columns:
        raise SeriesError(
            f"A cleaning step needs the text column '{step.column}', which is not there",
            received=step.column,
            expected="one of " + ", ".join(map(str, piece.texts.columns))[:300]
            if len(piece.texts.columns)
            else "a text column among the roles",
            advice="Choose it as a text column, or remove this step.",
            field="text",
        )
    return piece.texts[step.column].fillna("").astype(str)
