"""What bands around the forecast held over time, beside the residuals that decide it."""

import streamlit as st

from pages._shell import opened
from pages._shell.opened import OpenedRun
from pages._shell.understanding import interval_panels
from pages._shell.understanding.interval_bands import bands_of

LEVEL = 0.8


def draw(run: OpenedRun, *, step: int) -> None:
    """Draw the coverage of conformal bands over the test part, and the way to all else about bands."""
    st.subheader(f"Do {LEVEL:.0%} bands hold?", anchor=False)
    bands = bands_of(run, step=step)
    made = [one for one in (bands.of("split", LEVEL), bands.of("adaptive", LEVEL)) if one is not None]
    interval_panels.draw_rolling(run, made, LEVEL, key="residuals_coverage_chart")
    opened.remark(interval_panels.verdict_of(run, made[0], LEVEL))
    st.page_link(
        "pages/intervals.py", label="See the bands, other levels and methods", icon=":material/expand:"
    )
