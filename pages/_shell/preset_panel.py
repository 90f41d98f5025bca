"""The documents' networks beside each other, each one click away."""

import streamlit as st

from lstm_core.network.presets import PRESETS
from lstm_core.network.spec import thousands
from lstm_core.network.summary import growth_frame, preset_frame
from pages._shell import controls, state


def draw() -> None:
    """Draw two presets, what changes from the first to the second, and a button to load each."""
    titles = {name: preset.title for name, preset in PRESETS.items()}
    left, right = st.columns(2)
    with left:
        first = _choose("Network", "preset", "basic", titles)
    with right:
        second = _choose("Beside", "preset_beside", "sensor", titles)
    if first == second:
        return
    before, after = PRESETS[first], PRESETS[second]
    ratio = after.n_parameters / before.n_parameters
    st.markdown(
        f"From {thousands(before.n_parameters)} to {thousands(after.n_parameters)} parameters, **× {ratio:.2f}**:"
    )
    st.dataframe(growth_frame(before, after), hide_index=True, key="preset_growth")
    st.caption(
        "Units count twice, 4 × u × u: every unit listens to every other one. Input columns count once, 4 × u × d. The "
        "window length does not count at all: all steps share the same weights."
    )


def _choose(label: str, key: str, start: str, titles: dict[str, str]) -> str:
    name = st.selectbox(
        label, list(titles), format_func=lambda one: titles[one], key=state.widget(key, start)
    )
    preset = PRESETS[name]
    st.caption(f"Windows of {preset.window_length} steps and {preset.n_features} columns. {preset.says}")
    st.dataframe(preset_frame(preset), hide_index=True, key=f"{key}_table")
    st.button(
        "Use these layers",
        key=f"{key}_load",
        icon=":material/download:",
        on_click=_load,
        args=(name,),
        help="Loads the layers. Your own window and columns stay as they are, so the counts above may change.",
    )
    return name


def _load(name: str) -> None:
    state.choose(network=PRESETS[name].network)
    state.forget_widgets(*controls.NETWORK_WIDGETS)
