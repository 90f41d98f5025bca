"""Network: layers, units, shapes and parameters, live; example networks."""

from functools import partial

import streamlit as st

from lstm_core.delivery.source import recipe_functions
from lstm_core.figures.network import plot_network
from lstm_core.network.cautions import cautions
from lstm_core.network.counts import layer_table
from lstm_core.network.presets import Preset
from lstm_core.network.summary import layer_frame, shape_chain, shape_frame
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.framing import count_padded
from lstm_core.preparation.split import split
from lstm_core.preparation.windows import count_train_windows
from pages._shell import present, state
from pages._shell.network import network_controls, network_words, preset_panel, run_fit

present.heading("Network", "How much can the network remember, and how many numbers must it learn for that?")
series = present.require_series()
preset_panel.load_wanted()
journey = state.journey()
with present.guard():
    preparation = journey.preparation or default_preparation(series)
    window, n_features = preparation.window, len(preparation.columns)
    n_windows = count_train_windows(split(series, preparation.split), preparation)
warn = partial(
    cautions,
    n_windows=n_windows,
    window_length=window.length,
    clipnorm=journey.plan.clipnorm,
    n_padded=count_padded(window),
    held=network_words.held_by_data(series, preparation),
)

answer = st.container()
preset_panel.draw_undo("network_undo")
building, built = st.columns([3, 2], gap="medium")
with building:
    spec = network_controls.choose(journey.network, warn)
state.choose(network=spec)

table = layer_table(spec, n_features=n_features, window_length=window.length, horizon=window.horizon)
chain = shape_chain(table)
cost = network_words.estimate_cost(spec, window, n_windows=n_windows, n_features=n_features)
with answer:
    network_words.say_size(table, n_windows=n_windows, n_warnings=len(warn(spec)))
    network_words.refuse_what_cannot_fit(cost)
with built:
    present.show(
        plot_network(spec, table, theme=present.theme()),
        key="network_chart",
        alt=f"{len(spec.layers)} recurrent layers between window and forecast, {cost.parameters} parameters: {chain}",
    )

st.subheader("Layers, shapes and parameters", anchor=False)
st.markdown(f"`{chain}`")
st.caption(network_words.formulas(spec))
st.dataframe(layer_frame(table), hide_index=True, key="layers")
st.caption(
    f"Training adds about {present.number(cost.memory_bytes / 1e6, 'MB')} of memory and takes about "
    f"{present.number(cost.seconds, 's', digits=2)} for {journey.plan.epochs} epochs. The time is a guess."
)

with st.expander("Shapes of other data"):
    st.dataframe(shape_frame(spec), hide_index=True)
    st.caption(
        "The batch is how many windows are learned from at once; it changes no weight. Steps change none either."
    )
run_fit.draw(n_features, window.length)

st.subheader("Example networks", anchor=False)
preset_panel.draw(
    Preset(
        title="Your network",
        says="What stands above, on your window.",
        network=spec,
        window_length=window.length,
        n_features=n_features,
        horizon=window.horizon,
    )
)

present.explain(means=network_words.MEANS, misleads=network_words.MISLEADS)
present.code(
    recipe_functions("train", "build_network", *network_words.recipe_parts(spec), "build_optimizer"),
    {
        "columns": list(preparation.columns),
        "length": window.length,
        "horizon": window.horizon,
        **network_words.settings(spec),
        **journey.plan.model_dump(exclude={"epochs", "batch_size", "patience"}),
    },
)
present.next_step("pages/training.py", "Train it", "The network is described; now it can learn your series.")
