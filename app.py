"""The frame: page settings, navigation in reading order, the journey strip, the page."""

from pathlib import Path

import streamlit as st

from pages._shell import adoption, journey_strip, present, services, state

ASSETS = Path(__file__).parent / "assets"  # a relative path would be looked up where the command was typed

st.set_page_config(page_title="LSTM Explorer", page_icon=ASSETS / "icon.svg", layout="wide")
st.html(ASSETS / "readable.css")  # noqa: TID251 - a file of ours, no text from data

page = st.navigation(
    {
        "": [
            st.Page(
                "pages/start.py",
                title="Start",
                icon=":material/home:",
                default=True,
                help="What this is, a sample with one click, and your last runs.",
            )
        ],
        "Data": [
            st.Page(
                "pages/series.py",
                title="Series",
                icon=":material/show_chart:",
                help="Upload a file or pick a sample; see what was read and repair it.",
            ),
            st.Page(
                "pages/patterns.py",
                title="Patterns",
                icon=":material/insights:",
                help="Autocorrelation, stationarity and seasons: is there anything to learn?",
            ),
            st.Page(
                "pages/windows.py",
                title="Windows",
                icon=":material/view_column:",
                help="Split, scaling, window length and horizon.",
            ),
        ],
        "Network": [
            st.Page(
                "pages/network.py",
                title="Network",
                icon=":material/account_tree:",
                help="Layers, units and how many numbers they learn.",
            ),
            st.Page(
                "pages/training.py",
                title="Training",
                icon=":material/model_training:",
                help="Train, watch the loss, and find every run again.",
            ),
        ],
        "Studies": [
            st.Page(
                "pages/seeds.py",
                title="Seeds",
                icon=":material/casino:",
                help="Repeat a training with other random numbers: how much of a result is luck?",
            ),
            st.Page(
                "pages/memory.py",
                title="Memory",
                icon=":material/straighten:",
                help="How far back the network looks, and which window length pays.",
            ),
            st.Page(
                "pages/backtest.py",
                title="Backtest",
                icon=":material/event_repeat:",
                help="Would it have done as well at other times?",
            ),
        ],
        "Understanding": [
            st.Page(
                "pages/forecast.py",
                title="Forecast",
                icon=":material/timeline:",
                help="Actual against predicted, beside simple baselines.",
            ),
            st.Page(
                "pages/ahead.py",
                title="Ahead",
                icon=":material/update:",
                help="What comes after the last row.",
            ),
            st.Page(
                "pages/intervals.py",
                title="Intervals",
                icon=":material/expand:",
                help="How sure is it? Bands with measured coverage.",
            ),
            st.Page(
                "pages/residuals.py",
                title="Residuals",
                icon=":material/scatter_plot:",
                help="What the forecast leaves over, and whether a pattern is left in it.",
            ),
            st.Page(
                "pages/sensitivity.py",
                title="Sensitivity",
                icon=":material/touch_app:",
                help="Nudge each step of a window and see the forecast move.",
            ),
            st.Page(
                "pages/explanation.py",
                title="Explanation",
                icon=":material/lightbulb:",
                help="Which steps carry a forecast, and whether the explanation can be trusted.",
            ),
            st.Page(
                "pages/gates.py",
                title="Gates",
                icon=":material/memory:",
                help="Inside the cell of your own trained network.",
            ),
            st.Page(
                "pages/what_if.py",
                title="What-if",
                icon=":material/edit:",
                help="Draw into a window and see the forecast follow.",
            ),
            st.Page(
                "pages/time_machine.py",
                title="Time machine",
                icon=":material/history:",
                help="Slide through the training: forecast, residuals and gates at every kept epoch.",
            ),
            st.Page(
                "pages/score.py",
                title="New data",
                icon=":material/upload_file:",
                help="The trained network on a new file, cleaned as the first one was.",
            ),
        ],
        "Diagnosis": [
            st.Page(
                "pages/doctor.py",
                title="Doctor",
                icon=":material/stethoscope:",
                help="What is wrong with a training, and what to try next.",
            ),
            st.Page(
                "pages/debugging.py",
                title="Debugging",
                icon=":material/checklist:",
                help="Data, network, regularisation: the same questions in the right order.",
            ),
        ],
    },
    expanded=True,
)

services.queue()
readable = state.sync_with_address()
adopted = adoption.settle()
places = journey_strip.draw()
if not readable:
    shown = "those of the run" if adopted else "the defaults"
    present.verdict("caution", f"The settings in this address could not be read, so {shown} are shown.")
page.run()
journey_strip.redraw(places)
state.sync_with_address()
state.drawn()
