"""Page: five explanations of one forecast side by side, and a test of which of them can be trusted."""

import streamlit as st

from lstm_core.evaluation.explanation import credit, integrated, shapley, truth
from lstm_core.evaluation.explanation.comparison import trust_verdict
from pages._shell import opened, present, time_slider
from pages._shell.understanding import explanation_panels as panels

present.heading("Explanation", "Which steps carry this forecast, and can the explanation be trusted?")
run = time_slider.require("explanation")

verdict_place = st.container()
asked = panels.choose(run)
found, sampled = panels.credits_of(run, asked)
test = panels.test_of(run, asked)
with verdict_place:
    opened.say(trust_verdict(test))

st.subheader("What five methods say of this window", anchor=False)
panels.draw_methods(run, asked, found, sampled, test)

st.subheader("Do they agree?", anchor=False)
st.caption(
    "Spearman's rank correlation of the bars above: 1 is the same order of steps, 0 none in common, −1 reversed. "
    "Steps that hardly matter count as much as those that do."
)
panels.draw_agreement(found)

st.subheader("The truth test", anchor=False)
windows = f"{test.n_windows} test windows" if test.n_windows > 1 else "one test window"
st.caption(
    "Steps are taken away in the order a method gives, those that raise the forecast first, and put back the same way "
    f"into a window that has lost all. The further the forecast follows, the truer the order. Mean over {windows}; "
    f"chance is {test.n_random} random orders of each."
)
panels.draw_truth(run, test)

present.explain(
    means="All methods answer one question: how far does this value lift the forecast over what stands in for it?\n"
    "- **Nudge**: a small nudge gives the slope at the value; times the value's distance from its stand-in.\n"
    "- **Occlusion**: the forecast minus the forecast without this block alone.\n"
    "- **Gradient × input**: the exact slope at the window, times the distance.\n"
    "- **Integrated gradients**: the mean slope on the straight way from the stand-in to the value, times the "
    "distance; the credits add up to the difference of the two forecasts (completeness).\n"
    "- **Shapley**: what the block adds to the forecast, averaged over the orders in which blocks can join; in every "
    "order the parts add up exactly.\n"
    "- **Trust**: gain of the method's order over random orders, divided by the gain of the best order found: "
    r"$\sum_s G_s(\text{method}) / \sum_s G_s(\text{best})$, with $G$ the mean height of both curves less half of the "
    "whole way. 1 is the best order, 0 is chance; inside the grey band a method is no better than random.",
    misleads="- **Nudge** and **Gradient × input** know the slope at one place only: where the network bends or "
    "saturates, they credit too much or too little, and need not add up.\n"
    "- **Occlusion** misses steps that stand in for each other: each alone can go without loss.\n"
    "- **Integrated gradients** walk through windows that never occur, and depend on where they start.\n"
    "- **Shapley** asks about mixed windows that never occur, and shares credit between neighbours that say the same; "
    "sampled values have the error of their whiskers.\n"
    "- **The truth test** uses the same stand-ins, and never trains the network again, so it says whether an "
    "explanation is true of this network on altered windows, not whether the steps matter in the world "
    "(Hooker and others, 2019, train again for that). It favours methods that ask with the same stand-ins, "
    "Occlusion and Shapley above all. A trust near 1 still leaves room: the best order is the best that was found, "
    "not the best there is.",
)
present.code(
    [
        credit.occlusion_credits,
        integrated.integrated_gradients,
        shapley.ShapleySampler.advance,
        truth.truth_test,
    ],
    run.prepared.settings,
)
present.next_step("pages/gates.py", "Look inside the cell", "See which gate lets the strongest step through.")
