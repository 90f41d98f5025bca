"""Sensitivity: change each step of a window and see the forecast move."""

import streamlit as st

from lstm_core.evaluation.explanation import importance, occlusion, replacement
from lstm_core.evaluation.explanation import sensitivity as room
from pages._shell import present, time_slider
from pages._shell.understanding import effect_panels, importance_panel, nudge_controls

present.heading("Sensitivity", "Which past steps move the forecast, and how far?")
run = time_slider.require("sensitivity")

verdict_place = st.container()
asked = nudge_controls.nudge(run)
effect_panels.draw_window(run, asked, verdict_place)

st.subheader("Over the test windows", anchor=False)
effect_panels.draw_windows(run, asked)

st.subheader("What the error needs", anchor=False)
importance_panel.draw(run, step=asked.step, feature=asked.feature)

present.explain(
    means="A tall bar is a step the forecast leans on. Where a nudge up gives a bar above zero, a higher value gives a "
    "higher forecast; of a replacement, the bar is the new forecast minus the old, so a bar below zero is a value that "
    "lifted it. Steps far back without bars hardly move the forecast on their own: a shorter window may do as well, "
    "and the Memory page can try it. Permutation importance shuffles a column, or one of its steps, among the test "
    "windows and says by how much the mean absolute error grows: what the forecast gains from it, not only how it "
    "moves.",
    misleads="A nudge or a replacement makes windows that never occur, most of all when neighbours move together: the "
    "network is asked about data it has not seen. Only one step, or one block, changes at a time, so steps that stand "
    "in for each other all look weak, and a column that repeats another costs nothing when it is shuffled. It explains "
    "the network, not the world. The Explanation page tests which of these answers can be trusted.",
)
present.code(
    [
        room.nudge_each_step,
        room.sensitivity,
        replacement.replaced,
        occlusion.occlusion,
        importance.importance,
    ],
    run.prepared.settings,
)
present.next_step(
    "pages/explanation.py",
    "Test the explanation",
    "See which steps carry a forecast, and whether that is true.",
)
