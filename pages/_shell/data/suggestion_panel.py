"""The suggested window on the Patterns page: seen in what the network reads, taken over with one click."""

from functools import partial

import streamlit as st

from lstm_core.diagnostics.correlogram import WindowSuggestion, correlogram, largest_lag, suggest_window
from lstm_core.diagnostics.seasonality import find_season
from lstm_core.errors import UserError
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.series.record import Series
from pages._shell import cached, present, state

MOST_LAGS = 60
"""Lags a suggestion looks back."""


def draw(series: Series, spec: PreparationSpec, untransformed: WindowSuggestion) -> WindowSuggestion:
    """Show the suggestion with its reason and the button that adopts it; returns it.

    Parameters
    ----------
    untransformed : what the column itself suggests; stands as long as the Windows page transforms nothing
    """
    suggestion = _as_read(series, spec) if spec.transform.is_active else untransformed
    brief = present.safe(spec.transform.brief)
    told = f" Seen in the target as the network reads it: {brief}." if suggestion and brief else ""
    suggestion = suggestion or untransformed
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**Suggested window: {suggestion.length} rows.** {suggestion.reason}{told}", width="stretch"
        )
        if spec.window.length == suggestion.length:
            st.badge("in use", icon=":material/check:", color="green")
        else:
            st.button(
                f"Use {suggestion.length} rows",
                key="use_suggestion",
                on_click=_adopt,
                args=(spec, suggestion.length),
                help=f"Sets the window length on the Windows page; it is {spec.window.length} now.",
            )
    if told:
        st.caption(
            "The Windows page transforms the target. The charts below show the column as it is, before that."
        )
    return suggestion


def _as_read(series: Series, spec: PreparationSpec) -> WindowSuggestion | None:
    """What the transformed target suggests; None where the windows do not fit, which the Windows page tells."""
    try:
        read = cached.prepared(series.fingerprint, spec, series).table[spec.transform.n_lost :, 0]
    except UserError:
        return None
    name = f"{spec.target}: {spec.transform.brief}"
    known = series.fingerprint, name
    settings = (spec.transform.model_dump_json(), spec.split.model_dump_json())
    lags = min(largest_lag(len(read)), MOST_LAGS)
    season = cached.pattern(*known, "season as read", settings, partial(find_season, read))
    far = cached.pattern(*known, "memory as read", (*settings, lags), partial(correlogram, read, n_lags=lags))
    return suggest_window(far, season=season.length)


def _adopt(spec: PreparationSpec, length: int) -> None:
    """Take the suggested window length over; a callback."""
    window = spec.window.model_copy(update={"length": length})
    state.choose(preparation=spec.model_copy(update={"window": window}))
    state.forget_widgets("window_")
