"""The strip on top of every page: series, window, network, run, each with its value and a link."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.network.counts import in_brief
from lstm_core.series.samples import SAMPLES
from lstm_core.series.source import SeriesSource
from pages._shell import present, services, state

_LISTED = 30


def draw() -> list[DeltaGenerator]:
    """Draw the strip for the journey of this session; returns the places of its stations for `redraw`."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="journey"):
        places = [st.empty() for _ in range(3)]
        _draw_run(state.journey().selected_run)
    redraw(places)
    return places


def redraw(places: list[DeltaGenerator]) -> None:
    """Show the newest choices: the page may have changed some after the strip was drawn."""
    journey = state.journey()
    series, windows, network = places
    series.page_link(
        "pages/series.py",
        label=_station("Series", _source_label(journey.source)),
        icon=":material/show_chart:",
    )
    window = journey.preparation.window if journey.preparation else None
    windows.page_link(
        "pages/windows.py",
        label=_station("Window", f"{window.length} → {window.horizon}" if window else None),
        icon=":material/view_column:",
        help="Rows read → rows forecast.",
    )
    network.page_link(
        "pages/network.py",
        label=_station("Network", in_brief(journey.network)),
        icon=":material/account_tree:",
    )


def _station(noun: str, value: str | None) -> str:
    return f"{noun}: **{value}**" if value else f"{noun}: :gray[choose]"


def _source_label(source: SeriesSource | None) -> str | None:
    if source is None:
        return None
    if source.kind == "sample" and source.sample is not None:
        return SAMPLES[source.sample].title
    name = source.series_name or "stored" if source.kind == "stored" else source.file_name or "your file"
    return present.safe(name, limit=24)


def _draw_run(selected: str | None) -> None:
    runs = services.store().list_runs(services.owner())[:_LISTED]
    labels = {run.run_id: run.name for run in runs}  # names are unique, and do not change while a run runs
    if not labels:
        st.page_link("pages/training.py", label=_station("Run", None), icon=":material/model_training:")
        return
    options = list(labels)
    st.selectbox(
        "Run",
        options,
        index=None,
        format_func=lambda run_id: labels.get(run_id, "deleted"),
        placeholder="Run: choose",
        key=state.show_selected_run(selected if selected in labels else None),
        label_visibility="collapsed",
        on_change=state.select_run_from_widget,
        width=260,
    )
