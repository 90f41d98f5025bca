"""Take a run away: one script that repeats it anywhere, and the series it reads."""

from functools import partial

import streamlit as st

from lstm_core.delivery.script import render_script
from lstm_core.delivery.tables import series_csv
from pages._shell.opened import OpenedRun

CSV = "series.csv"


def draw(opened: OpenedRun) -> None:
    """Two downloads that belong together; made when they are clicked."""
    spec, series = opened.run.spec, opened.series
    st.subheader("Take it away", anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            "Download the script",
            partial(render_script, spec, series, csv_name=CSV),
            file_name="script.py",
            mime="text/x-python",
            key="download_script",
            icon=":material/code:",
            on_click="ignore",
            help="One Python file that trains this network again. It needs numpy, keras and the series beside it.",
        )
        st.download_button(
            "Download the series",
            partial(series_csv, series, spec.preparation.columns),
            file_name=CSV,
            mime="text/csv",
            key="download_series",
            icon=":material/table:",
            on_click="ignore",
            help="The repaired series with the columns of this run, in full precision: what the script reads.",
        )
    st.caption("Put both into one folder and run `python script.py`: same seed, same forecasts.")
