"""Time machine: slide through the training and see what the network knew at each moment."""

import streamlit as st

from lstm_core.evaluation import replay
from lstm_core.network.forward import forward
from lstm_core.training.overfitting import overfitting_start
from lstm_core.training.snapshots import Snapshots
from pages._shell import adoption, opened, present, time_slider
from pages._shell.understanding import moment_panels

present.heading("Time machine", "What did the network know at each moment of its training?")
run = opened.require()
kept = time_slider.snapshots(run)
if kept is None:
    present.verdict(
        "note",
        "This run kept the weights of its best epoch alone: it was trained before the time machine was built. Train "
        "it again with the same settings and seed, and every moment can be looked at.",
    )
    if adoption.button(run.run, "Train it again", "train_again", icon=":material/replay:"):
        st.switch_page("pages/training.py")
    present.stop()

moment_panels.draw(run, kept)

present.explain(
    means="Early on the network forecasts little more than the mean; then it finds the level, the rhythm, and last the "
    "details. Where the validation loss turns up while the train loss still falls, it begins to learn its train "
    "windows by heart: that is overfitting, and the weights of the best epoch before it are the ones that are used.",
    misleads="Weights were kept at some epochs only; between two of them the loss curve alone says what happened. "
    "Epochs close to the best one differ by chance as much as by learning. Units have no fixed meaning between two "
    "trainings, but within one training a unit stays the same, so its line can be followed.",
)
present.code([Snapshots.at, forward, replay.look_at, replay.pull, overfitting_start], run.prepared.settings)
present.next_step(
    "pages/training.py",
    "Train another one",
    "Stop at the right moment: change the epochs, the patience or the rate.",
)
