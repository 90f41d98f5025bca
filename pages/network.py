"""Page 4: layers, units, shapes and parameters, live; example networks."""

import streamlit as st

from lstm_core.delivery.source import recipe_functions
from lstm_core.errors import NetworkError
from lstm_core.figures.network import plot_network
from lstm_core.network.estimate import Workload, check_fit, estimate
from lstm_core.network.cautions import cautions
from lstm_core.network.counts import layer_table
from lstm_core.network.spec import thousands
from lstm_core.network.summary import layer_frame, shape_chain, shape_frame
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.split import split
from lstm_core.preparation.windows import count_windows
from pages._shell import controls, present, preset_panel, run_fit, services, state

present.heading("Network", "How much can the network remember, and how many numbers must it learn for that?")
series = present.require_series()
journey = state.journey()
with present.guard():
    preparation = journey.preparation or default_preparation(series)
    window, n_features = preparation.window, len(preparation.columns)
    n_windows = count_windows(len(split(series, preparation.split).train), window, reach_back=False)

answer = st.container()
with present.guard():
    spec = controls.network(journey.network)
state.choose(network=spec)

table = layer_table(spec, n_features=n_features, window_length=window.length, horizon=window.horizon)
n_parameters, chain = sum(row.parameters for row in table), shape_chain(table)
cost = estimate(
    spec,
    Workload(
        n_features=n_features,
        window_length=window.length,
        horizon=window.horizon,
        n_windows=max(n_windows, 1),
        batch_size=journey.plan.batch_size,
        epochs=journey.plan.epochs,
        patience=journey.plan.patience,
    ),
)
with answer:
    sentence = f"{thousands(n_parameters)} numbers to learn from {thousands(n_windows)} train windows."
    if n_parameters > n_windows:
        sentence += (
            f" That is {present.number(n_parameters / max(n_windows, 1))} per window: enough to learn them by heart, "
            "so the validation loss decides when the training stops."
        )
    present.verdict("note", sentence)
    for caution in cautions(
        spec, n_windows=n_windows, window_length=window.length, clipnorm=journey.plan.clipnorm
    ):
        present.verdict("caution", caution.what)
    limits = services.settings()
    try:
        check_fit(
            cost, memory_budget_mb=limits.memory_budget_mb, wall_limit_seconds=limits.wall_limit_seconds
        )
    except NetworkError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))

present.show(
    plot_network(spec, table, theme=present.theme()),
    key="network_chart",
    alt=f"{len(spec.layers)} LSTM layers between window and forecast, {n_parameters} parameters: {chain}",
)

st.subheader("Layers, shapes and parameters", anchor=False)
st.markdown(f"`{chain}`")
st.caption(
    "A shape is (batch, steps, columns); None stands for any number of windows at once. An LSTM layer of u units on d "
    "inputs learns 4 × (u × (u + d) + u) numbers: for each of its four blocks (input, forget, candidate, output) and "
    "each unit a weight per unit, a weight per input, and a bias."
)
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
preset_panel.draw()

present.explain(
    means="Every unit carries one number, its cell state, from step to step. More units remember more things at once; "
    "a second layer reads what the first one says at every step and looks for patterns in it. The same weights act at "
    "every step, so a trained network accepts windows of any length, but only the number of columns it was built for: "
    "other columns need another kernel in the first layer, and a new training.",
    misleads="More parameters do not mean a better forecast. A network with many more numbers than windows can lower "
    "the train loss without end while the validation loss rises. On a short series one layer of 16 to 50 units is "
    "rarely beaten by a larger one: compare, do not guess.",
)
present.code(
    recipe_functions("train", "build_network", "build_recurrent", "build_penalty", "attend"),
    {
        "columns": list(preparation.columns),
        "length": window.length,
        "horizon": window.horizon,
        "layers": [layer.model_dump(exclude={"return_sequences"}) for layer in spec.layers],
        "attention": spec.attention,
        "dense": [dense.model_dump() for dense in spec.dense],
        **journey.plan.model_dump(exclude={"epochs", "batch_size", "patience"}),
    },
)
present.next_step("pages/training.py", "Train it", "The network is described; now it can learn your series.")
