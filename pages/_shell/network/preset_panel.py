"""The documents' networks beside each other, each one click away, and the way back."""

import streamlit as st

from lstm_core.network.presets import PRESETS, WIDTHS, Preset
from lstm_core.network.spec import NetworkSpec, thousands
from lstm_core.network.summary import growth_frame, preset_frame, preset_table, shape_chain
from pages._shell import state
from pages._shell.network import network_controls

_YOURS = "yours"
_UNLOADED: tuple[str, NetworkSpec | None, NetworkSpec | None] = ("", None, None)
_UNWANTED: tuple[str, NetworkSpec | None] = ("", None)
_WIDE_ENOUGH, _HIGH_ENOUGH = 430, 66
"""Pixels in which the longest reason stands on two lines; Streamlit wraps words in rows of more than 64 only."""


def draw(yours: Preset) -> None:
    """Draw two networks, what changes from the first to the second, four widths, and a button to load each.

    Parameters
    ----------
    yours : the network that is being built, to compare with
    """
    draw_undo("preset_undo")
    presets = PRESETS | {_YOURS: yours}
    left, right = st.columns(2)
    with left:
        first = _choose("Network", "preset", "basic", presets)
    with right:
        second = _choose("Beside", "preset_beside", "sensor", presets)
    if first != second:
        before, after = presets[first], presets[second]
        ratio = after.n_parameters / before.n_parameters
        st.markdown(
            f"From {thousands(before.n_parameters)} to {thousands(after.n_parameters)} parameters, **× {ratio:.2f}**:"
        )
        st.dataframe(
            growth_frame(before, after),
            hide_index=True,
            row_height=_HIGH_ENOUGH,
            column_config={"Why": st.column_config.TextColumn(width=_WIDE_ENOUGH)},
            key="preset_growth",
        )
        st.caption(
            "The window length does not count at all: all steps share the same weights. In an LSTM units count twice, "
            "4 × u × u, and input columns once, 4 × u × d."
        )
    _draw_widths()


def draw_undo(key: str) -> None:
    """Say which example was loaded, and offer the network before it, until something is changed."""
    title, before, after = state.recall("network_loaded", _UNLOADED)
    if before is None or state.journey().network != after:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/check: Loaded: **{title}**.", width="content")
        st.button(
            "Back to what it was",
            key=key,
            icon=":material/undo:",
            on_click=_unload,
            args=(before,),
            help="Brings back the network you had before.",
        )


def _choose(label: str, key: str, start: str, presets: dict[str, Preset]) -> str:
    name = st.selectbox(
        label,
        list(presets),
        format_func=lambda one: presets[one].title,
        key=state.widget(key, start),
        help="A network of the source documents, on the input it was described for; or your own.",
    )
    preset = presets[name]
    columns = "1 column" if preset.n_features == 1 else f"{preset.n_features} columns"
    st.caption(f"Windows of {preset.window_length} steps and {columns}. {preset.says}")
    chain = shape_chain(preset_table(preset)).replace(", ", ",\u00a0")  # a line ends between two shapes only
    st.markdown(f"`{chain.replace(' → ', '` → `')}`")
    st.dataframe(preset_frame(preset), hide_index=True, key=f"{key}_table")
    if name != _YOURS:
        _button(f"{key}_load", preset.title, preset.network)
    return name


def _draw_widths() -> None:
    """One layer of four widths: the same network, wider; on one column, one step ahead."""
    st.markdown("**One layer, four widths** :gray[on one column, one step ahead]")
    presets = [PRESETS[f"{units} units"] for units in WIDTHS]
    with st.grid(4, min_column_width=140, border=True):
        for units, preset in zip(WIDTHS, presets, strict=True):
            with st.container():
                growth = preset.n_parameters / presets[0].n_parameters
                st.markdown(
                    f"**{units} units**  \n{thousands(preset.n_parameters)} parameters  \n:gray[× {growth:.3g}]"
                )
                _button(f"width_{units}_load", preset.title, preset.network, label=f"Use {units}")
    st.caption("Twice the units are nearly four times the parameters: every unit listens to every other one.")


def _button(key: str, title: str, network: NetworkSpec, *, label: str = "Use these layers") -> None:
    clicked = st.button(
        label,
        key=key,
        icon=":material/download:",
        help="Loads the layers. Your own window and columns stay as they are, so the counts above may change.",
    )
    if clicked:  # no callback: it would run before the journey knows a number typed right before the click
        state.remember("network_wanted", (title, network))
        st.rerun()


def load_wanted() -> None:
    """Load the example that was clicked; call it before the controls of the network are drawn."""
    title, network = state.recall("network_wanted", _UNWANTED)
    if network is None:
        return
    state.remember("network_wanted", _UNWANTED)
    before = state.journey().network
    state.choose(network=network)
    state.forget_widgets(*network_controls.KEYS)
    if before != network:
        state.remember("network_loaded", (title, before, network))


def _unload(before: NetworkSpec) -> None:
    state.choose(network=before)
    state.forget_widgets(*network_controls.KEYS)
    state.remember("network_loaded", _UNLOADED)
