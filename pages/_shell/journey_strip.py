"""The strip on top of every page: series, window, network, run, each with its value and a link."""

from collections import Counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.errors import UserError
from lstm_core.network.counts import in_brief
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import WindowSpec
from lstm_core.runs.store import Run
from lstm_core.series.samples import SAMPLES
from lstm_core.series.source import SeriesSource
from lstm_core.training.events import Status
from pages._shell import present, services, sources, state
from pages._shell.network.run_groups import entries
from pages._shell.studies import fold_note

_LISTED = 30
_LONGEST_NAME, _RUN_WIDTH = 36, 300
"""Characters of a run's name, and the pixels they need in a select box, which would cut off their end."""


def draw() -> list[DeltaGenerator]:
    """Draw the strip for the journey of this session; returns the places of its stations for `redraw`."""
    runs, selected = services.store().list_runs(services.owner()), state.journey().selected_run
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="journey"):
        places = [st.empty() for _ in range(3)]
        _draw_run(runs, selected)
    redraw(places)
    fold_note.draw(next((run for run in runs if run.run_id == selected), None), runs)
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
    default = None if window else _default_window(journey.source)
    shown = window or default
    label = _station("Window", f"{shown.length} → {shown.horizon}" if shown else None)
    windows.page_link(
        "pages/windows.py",
        label=f"{label} :gray[default]" if default else label,
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
    more = f" + {len(source.more)}" if source.more else ""
    return present.safe(name, limit=24) + more


def _default_window(source: SeriesSource | None) -> WindowSpec | None:
    """Window that pages take for a sample while none is chosen.

    The Series page chooses one as soon as an upload can be read, so an upload without one cannot be read (yet): the
    strip does not try on every run.
    """
    if source is None or source.kind != "sample":
        return None
    try:
        return default_preparation(sources.series_of(source)).window
    except UserError:
        return None


def _shorten(names: list[str]) -> dict[str, str]:
    """Names that fit, with an ellipsis in the middle: what tells runs apart often stands at the end.

    A select box answers with a label, so a name keeps its length where another one would look the same.
    """
    short = {name: _without_middle(name) for name in names}
    counts = Counter(short.values())
    return {name: brief if counts[brief] == 1 else name for name, brief in short.items()}


def _without_middle(name: str) -> str:
    """A name that fits: the words of its two ends, whole where they are not very long."""
    room, half = _LONGEST_NAME - 3, (_LONGEST_NAME - 3) // 2
    if len(name) <= _LONGEST_NAME:
        return name
    word = name.rfind(" ", 0, len(name) - half) + 1
    tail = name[word:] if len(name) - word <= room - half // 2 else name[-half:].lstrip()
    head = name[: room - len(tail)]
    if " " in head and not name[len(head)].isspace():
        head = head[: head.rfind(" ")]
    return f"{head.rstrip(' ,')} … {tail}"


def _listed(runs: list[Run], selected: str | None) -> list[Run]:
    """Newest runs to choose from: of each study the chosen run, or the newest with a result, or its newest."""
    found = []
    for place, together in enumerate(entries(runs)):
        if place >= _LISTED and selected not in {run.run_id for run in together}:
            continue
        ranked = sorted(together, key=lambda run: (run.run_id != selected, run.status is not Status.FINISHED))
        found.append(ranked[0])
    return found


def _draw_run(runs: list[Run], selected: str | None) -> None:
    listed = _listed(runs, selected)
    names = _shorten([run.name for run in listed])
    # Names are unique, and only a person changes them.
    labels = {run.run_id: names[run.name] for run in listed}
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
        key=state.follow("run", selected if selected in labels else None),
        label_visibility="collapsed",
        help="The newest runs. Of seeds, folds and lengths that were started together one stands for all: their own "
        "page opens the others.",
        on_change=state.select_run_from_widget,
        width=_RUN_WIDTH,
    )
