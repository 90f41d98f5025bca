"""A fold of a backtest knows only a part of its series: said wherever that part was taken over, with the way back."""

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.runs.store import Run
from lstm_core.series.source import SeriesSource
from lstm_core.study.backtest import rows_of_fold
from lstm_core.study.folds import is_cut
from lstm_core.study.trials import find_studies
from pages._shell import cached, present, services, state


def draw(run: Run | None, runs: list[Run]) -> None:
    """Say that the series in use was cut for a fold, and offer the whole one; nothing is drawn for any other run."""
    source = state.journey().source
    if run is None or source is None or source.fingerprint != run.spec.series_fingerprint:
        return
    found = next((one for one in find_studies(runs, "backtest") if run in one.runs), None)
    if found is None:
        return
    try:
        series, newest = (
            cached.run_series(one.owner, one.spec.series_fingerprint, services.store())
            for one in (run, found.runs[-1])
        )
    except UserError:
        return  # a series is gone: the pages say so
    told = rows_of_fold(series, found.runs.index(run) + 1, len(found.runs))
    if not told:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="fold_note"):
        st.markdown(f":material/content_cut: {present.safe(told, limit=300)}", width="content")
        if not is_cut(newest):
            st.button("Use the whole series", key="whole_series", on_click=_use, args=(found.runs[-1], run))


def _use(newest: Run, run: Run) -> None:
    """Take the series and the split of the newest fold, which sees all rows; all else stays as this run has it."""
    split = newest.spec.preparation.split
    source = SeriesSource(
        kind="stored", fingerprint=newest.spec.series_fingerprint, series_name=newest.series_name[:255]
    )
    state.choose(source=source, preparation=run.spec.preparation.model_copy(update={"split": split}))
