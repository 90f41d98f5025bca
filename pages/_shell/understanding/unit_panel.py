"""All units of the chosen layer beside each other: how long they remember, where gates stand, what units track."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.figures import units as figures
from lstm_core.network.memory import KEEPS, measure_memory
from lstm_core.network.survey import Survey, survey
from lstm_core.network.trace import GateTrace
from lstm_core.network.tracking import CLEAR, Tracking, signals, track
from lstm_core.network.unit_words import say_saturation, say_tracking
from pages._shell import cached, present, state
from pages._shell.opened import OpenedRun
from pages._shell.understanding.gate_panel import Look

MOST_STEPS = 200_000
"""Steps of windows that a layer reads for the survey: under a second with 50 units."""
MOST_UNITS = 64


def draw(run: OpenedRun, look: Look, trace: GateTrace) -> None:
    """Draw what can be said of all units together; a simple RNN has neither half-lives nor gates."""
    st.subheader("All units of the layer", anchor=False)
    test = run.prepared.test
    every = max(-(-test.inputs.shape[0] * test.inputs.shape[1] // MOST_STEPS), 1)
    with present.guard():
        measure = partial(
            survey,
            run.run.spec.network,
            run.weights,
            test.inputs[::every],
            layer=look.layer,
            backward=look.backward,
        )
        seen = cached.measured(run.key, "survey", (look.layer, look.backward, every), measure)
    if seen.half_lives is not None:
        first, second = st.columns(2)
        with first:
            _half_lives(run, trace, seen)
        with second:
            _saturation(run, trace, seen)
    _tracked(run, look, trace, seen, every)


def _half_lives(run: OpenedRun, trace: GateTrace, seen: Survey) -> None:
    memory = measure_memory(trace)
    if memory is None or seen.half_lives is None:
        return
    st.markdown("**How long each unit remembers**")
    length = run.prepared.spec.window.length
    beyond = int((memory.half_lives >= length).sum())
    told = (
        f"{beyond} of {len(memory.half_lives)} units keep half of their state longer than the window of {length} "
        "steps."
    )
    present.show(
        figures.plot_half_lives(
            memory.half_lives, seen.half_lives, window_length=length, theme=present.theme()
        ),
        key="half_lives_chart",
        alt=f"Half-life of every unit, longest first. {told}",
        table=pd.DataFrame(
            {
                "unit": np.arange(1, len(memory.half_lives) + 1),
                "half-life on this window": memory.half_lives,
                "half-life over all test windows": seen.half_lives,
            }
        ),
        suffix=run.suffix,
    )
    st.caption(
        f"Steps until half of the state is forgotten, log(1/2) / mean of log({KEEPS[trace.cell]} gate). {told} What "
        "is written anew on the way is not counted: a unit that keeps everything can still be overwritten."
    )


def _saturation(run: OpenedRun, trace: GateTrace, seen: Survey) -> None:
    st.markdown("**Where the gates stand**")
    told = say_saturation(trace.cell, seen)
    present.show(
        figures.plot_saturation(trace.cell, seen, theme=present.theme()),
        key="saturation_chart",
        alt=f"Share of the values of each gate at its ends. {told}",
        table=pd.DataFrame(
            {
                "gate": np.repeat(list(seen.shut), len(seen.states["hidden"].T)),
                "unit": np.tile(np.arange(1, seen.states["hidden"].shape[1] + 1), len(seen.shut)),
                "shut": np.concatenate(list(seen.shut.values())),
                "open": np.concatenate(list(seen.open.values())),
            }
        ),
        suffix=run.suffix,
    )
    st.caption(told)


def _tracked(run: OpenedRun, look: Look, trace: GateTrace, seen: Survey, every: int) -> None:
    st.markdown("**What each unit tracks**")
    name = _state(trace) if len(seen.states) > 1 else "hidden"
    season = baseline_season(
        run.prepared.values[: run.prepared.split.train.stop, 0], run.series.period
    ).length
    length = run.prepared.spec.window.length
    span = season if season > 1 else length
    values, origins = run.prepared.table[:, 0], run.prepared.test.origins
    # The direction that reads backwards ends at the oldest step of its window.
    ends = origins[::every] - (length if look.backward else 1)
    over_all = track(seen.states[name], signals(values, ends, season=season, span=span))
    if over_all is None:
        st.caption("The test part has too few windows to see what a unit tracks.")
        return
    rows = np.arange(origins[look.window] - length, origins[look.window])
    inside = track(trace.parts[name], signals(values, rows, season=season, span=span))
    told = say_tracking(over_all)
    present.show(
        figures.plot_tracking(over_all, over_all.order[:MOST_UNITS], theme=present.theme()),
        key="tracking_chart",
        alt=f"Correlation of the state of every unit with what the series did. {told}",
        table=_table(over_all, inside),
        suffix=run.suffix,
    )
    st.markdown(told)
    st.caption(
        f"Correlation r of the {name} state at the end of {over_all.n} test windows with the newest input, the mean "
        f"of the newest {span} rows (trend), "
        + (f"the place in the season of {season} rows, " if "season" in over_all.signals else "")
        + f"and the change to the row before. From {CLEAR:g} on, half of the variance is shared. These go with each "
        "other too, in a smooth series most of all: a unit stands where its correlation is largest, which does not "
        "prove that it looks at nothing else."
    )


def _state(trace: GateTrace) -> str:
    return (
        st.segmented_control(
            "State",
            ("cell", "hidden"),
            key=state.widget(f"gates_tracked_{trace.layer}", "cell"),
            required=True,
            help="The cell state is the memory; the hidden state is what the output gate shows of it.",
        )
        or "cell"
    )


def _table(over_all: Tracking, inside: Tracking | None) -> pd.DataFrame:
    found = {"unit": np.arange(1, len(over_all.leading) + 1)}
    found["tracks"] = np.array([*over_all.signals, "nothing clear"])[over_all.leading]
    for name, told in (("", over_all), (" in this window", inside)):
        if told is not None:
            found |= {f"r {one}{name}": told.correlations[:, at] for at, one in enumerate(told.signals)}
    return pd.DataFrame(found)
