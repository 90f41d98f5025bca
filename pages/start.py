"""Start: what this is, a sample with one click, the walk, the last runs."""

import streamlit as st

from lstm_core.training.events import Status
from pages._shell import present, services, state

WALK = {
    "Data": (
        ("series", "Series", "Bring a series, see how it was read, repair it in the open."),
        ("patterns", "Patterns", "How far back does it remember itself? Is there anything to learn?"),
        ("windows", "Windows", "What may the network see, and what is it asked for?"),
    ),
    "Network": (
        ("network", "Network", "Stack layers and watch the number of weights grow."),
        ("training", "Training", "Train in the background; watch the loss; come back any time."),
    ),
    "Studies": (
        ("seeds", "Seeds", "How much of a result is luck?"),
        ("memory", "Memory", "How far back does the network look, and which window pays?"),
        ("backtest", "Backtest", "Would it have done as well at other times?"),
    ),
    "Understanding": (
        ("forecast", "Forecast", "Is it better than repeating the last value?"),
        ("ahead", "Ahead", "What comes after the last row?"),
        ("intervals", "Intervals", "How sure is it?"),
        ("residuals", "Residuals", "What is left over, and is there still a pattern in it?"),
        ("sensitivity", "Sensitivity", "Which past steps move the forecast?"),
        ("explanation", "Explanation", "Which steps carry a forecast, and can that be trusted?"),
        ("gates", "Gates", "What does the cell keep, and what does it forget?"),
        ("what_if", "What-if", "What would it forecast, had the past been different?"),
        ("time_machine", "Time machine", "What did it know at each moment of its training?"),
        ("score", "New data", "Does it hold on rows it has never met?"),
    ),
    "Diagnosis": (
        ("doctor", "Doctor", "What is wrong with a training, and what to try next?"),
        ("debugging", "Debugging", "Where to begin when the accuracy is bad?"),
    ),
}
N_LAST_RUNS = 5


def open_run(run_id: str) -> None:
    """Select a run and remember to go to its forecast."""
    state.select_run(run_id)
    state.remember("go_to_forecast", True)


if state.recall("go_to_forecast", False):
    state.remember("go_to_forecast", False)
    st.switch_page("pages/forecast.py")

present.heading(
    "LSTM Explorer",
    "What does an LSTM learn from your series, what does it look at, "
    "and does it beat repeating the last value?",
)

with st.container(horizontal=True):
    if st.button("Start with the sunspots", key="start_sample", type="primary", icon=":material/play_arrow:"):
        present.use_sample("sunspots")
        st.switch_page("pages/patterns.py")
    if st.button("Bring your own series", key="start_upload", icon=":material/upload:"):
        st.switch_page("pages/series.py")

runs = services.store().list_runs(services.owner())[:N_LAST_RUNS]
if runs:
    st.subheader("Your last runs", anchor=False)
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{present.safe(run.name)}** on {present.safe(run.series_name)}, {run.status}",
                width="stretch",
            )
            if run.status is Status.FINISHED:
                st.button("Open", key=f"open_{run.run_id}", on_click=open_run, args=(run.run_id,))

st.subheader("The walk", anchor=False)
position = 0
for group, stations in WALK.items():
    st.caption(f"**{group}**")
    with st.grid(3, border=True, min_column_width=200):
        for path, name, sentence in stations:
            position += 1
            with st.container(gap=None):
                st.page_link(f"pages/{path}.py", label=f"{position} **{name}**")
                st.caption(sentence)

present.explain(
    means="An LSTM (long short-term memory) is a network that reads a series step by step and carries a "
    "memory along. Three gates decide at each step what the memory keeps, what it takes in and what it shows. Here "
    "you train one on your own series in a minute and look inside.",
    misleads="A forecast line that hugs the data proves little: repeating the last value does that too. "
    "Every result here stands beside simple baselines, and on data the network never saw.",
)
