"""The ten worst windows: one card each, and the way to the pages that look inside them."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.measure import Measure, measure_for
from lstm_core.evaluation.worst_windows import WorstWindow, describe, worst_verdict, worst_windows
from lstm_core.figures.worst_windows import plot_worst_window
from pages._shell import opened, present, state, window_choice
from pages._shell.opened import OpenedRun

COUNT = 10
_LINKS = {
    "Sensitivity": ("pages/sensitivity.py", "touch_app"),
    "Explanation": ("pages/explanation.py", "lightbulb"),
    "Gates": ("pages/gates.py", "memory"),
    "What-if": ("pages/what_if.py", "edit"),
    "Time machine": ("pages/time_machine.py", "history"),
}


def draw(run: OpenedRun) -> None:
    """Draw a card for each; the button of one opens its window on every page."""
    st.subheader("The worst windows", anchor=False)
    with present.guard():
        forecast = run.forecasts()["lstm"]
    measure = measure_for(run.run.spec.plan.edge)
    naive = replace(measure.rival_on(run.prepared, "test"), unit=run.unit)
    worst = worst_windows(forecast, naive, count=COUNT, measure=measure)
    opened.remark(worst_verdict(worst, forecast, measure=measure))
    rows = "row" if run.horizon == 1 else f"{run.horizon} rows"
    st.caption(
        f"By the {measure.in_full} over the horizon"
        + ("." if run.horizon == 1 else f", at most one window in {rows}: neighbours miss the same event.")
        + " Opening one chooses its window on every page."
    )
    with st.grid(3, min_column_width=280):
        for rank, one in enumerate(worst, start=1):
            _card(run, (forecast, naive), one, rank, measure)
    with st.expander(
        f"The {len(worst)} worst windows as a table", key="worst_table", on_change="rerun"
    ) as box:
        if box.open:
            table = _table(run, worst, measure)
            st.dataframe(table, hide_index=True)
            st.download_button(
                "Download as CSV",
                present.csv_bytes(table),
                file_name=f"worst_windows{run.suffix}.csv",
                mime="text/csv",
                key="worst_csv",
                on_click="ignore",
            )


def _card(
    run: OpenedRun, made: tuple[Forecast, Forecast], one: WorstWindow, rank: int, measure: Measure
) -> None:
    start, most = run.labels([int(made[0].origins[one.sample]), one.row])
    told = describe(one, usual=measure.of(made[0]), label=most, unit=run.unit, measure=measure)
    with st.container(border=True, key=f"worst_{rank}"):
        st.markdown(f"**{rank}. Window {one.sample + 1}**, forecast from {present.safe(start)}")
        present.show(
            plot_worst_window(
                run.series, run.target, made, one.sample, theme=present.theme(), rival=measure.last
            ),
            key=f"worst_{rank}_chart",
            alt=f"Window {one.sample + 1}: {told}",
        )
        st.caption(present.safe(told, limit=600))
        if window_choice.is_chosen(run, one.sample):
            st.markdown(":material/visibility: **Open on every page.** Look at it in")
            with st.container(horizontal=True, key="worst_links", gap="small"):
                for title, (page, icon) in _LINKS.items():
                    st.page_link(page, label=title, icon=f":material/{icon}:")
        else:
            st.button(
                "Open this window",
                key=f"worst_{rank}_open",
                icon=":material/open_in_new:",
                help="Chooses it on every page that shows one test window.",
                on_click=state.choose_window,
                args=(one.sample + 1,),
            )


def _table(run: OpenedRun, worst: tuple[WorstWindow, ...], measure: Measure) -> pd.DataFrame:
    starts = run.labels([int(run.prepared.test.origins[one.sample]) for one in worst])
    return pd.DataFrame(
        {
            "window": [one.sample + 1 for one in worst],
            "forecast from": starts,
            measure.key: [one.loss for one in worst],
            f"{measure.key} of the {measure.last}": [one.naive_loss for one in worst],
            "largest miss at": run.labels([one.row for one in worst]),
            "steps ahead": [one.step for one in worst],
            "actual": [one.actual for one in worst],
            "forecast": [one.predicted for one in worst],
            measure.last: [one.naive for one in worst],
        }
    )
