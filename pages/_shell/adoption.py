"""A run brings its choices back: the series it was trained on, its preparation, its network and its plan."""

import streamlit as st

from lstm_core.errors import RunError, UserError
from lstm_core.runs.store import Run
from lstm_core.series.source import SeriesSource
from pages._shell import controls, present, services, sources, state
from pages._shell.data import series_controls, window_controls
from pages._shell.network import network_controls
from pages._shell.state import Journey

_WIDGETS = (
    "sample",
    *series_controls.KEYS,
    *window_controls.KEYS,
    *network_controls.KEYS,
    *controls.PLAN_WIDGETS,
)
_HELP = "Puts series, window, network and plan of this run onto the pages Series to Training, to change and train."


def settle() -> bool:
    """Take the selected run's choices over when no series was chosen yet; returns whether it did.

    The frame calls it before any widget is drawn, so a run opened in whatever way comes with its choices.
    """
    chosen = state.journey()
    if chosen.source is not None or chosen.selected_run is None:
        return False
    try:
        _adopt(services.store().get(services.owner(), chosen.selected_run))
    except RunError:
        return False  # deleted, or somebody else's: the pages of the run say so
    return True


def button(run: Run, label: str, key: str, *, icon: str | None = None) -> bool:
    """Draw a button that takes the choices of a run over and opens it. Returns whether it was clicked."""
    return st.button(label, key=key, icon=icon, on_click=_use, args=(run.run_id,), help=_HELP)


def draw_undo() -> None:
    """Say whose settings were taken over, and offer the former ones, until something is changed."""
    name, before, after = state.recall("adopted", ("", Journey(), Journey()))
    if not name or _choices(state.journey()) != _choices(after):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/check: The pages Series to Training now hold the settings of **{present.safe(name)}**.",
            width="content",
        )
        if before.source is not None:
            st.button("Undo", key="undo_use", icon=":material/undo:", on_click=_undo, args=(before,))


def _use(run_id: str) -> None:
    before = state.journey()
    try:
        run = services.store().get(services.owner(), run_id)
    except RunError as error:
        state.remember("run_problem", error.message)
        return
    _adopt(run)
    state.remember("adopted", (run.name, before, state.journey()))


def _undo(before: Journey) -> None:
    state.choose(**_choices(before))
    state.forget_widgets(*_WIDGETS)


def _adopt(run: Run) -> None:
    source, spec = state.journey().source, run.spec
    kept = spec.cleaning.source if spec.cleaning else None
    stored = SeriesSource(
        kind="stored", fingerprint=spec.series_fingerprint, series_name=run.series_name[:255]
    )
    # The source in use comes first, then the one the run was made from, with its roles and steps; last the series
    # alone, which outlives both.
    giving = (one for one in (source, kept) if one is not None and _gives(one, spec.series_fingerprint))
    source = next(giving, stored)
    state.choose(
        source=source,
        preparation=spec.preparation,
        network=spec.network,
        plan=spec.plan,
        selected_run=run.run_id,
    )
    state.forget_widgets(*_WIDGETS)


def _gives(source: SeriesSource, fingerprint: str) -> bool:
    """Whether a source gives this very series; then it is worth more than the stored copy, for it can be read anew."""
    try:
        return sources.series_of(source).fingerprint == fingerprint
    except UserError:
        return False


def _choices(journey: Journey) -> dict[str, object]:
    return {name: getattr(journey, name) for name in ("source", "preparation", "network", "plan")}
