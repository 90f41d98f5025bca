"""The two ways of asking the Sensitivity page: steps nudged up and down, or replaced; one window, then many."""

from functools import partial
from math import ceil

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.evaluation.explanation.effects import EffectSpread, ReplacedEffects, StepEffects
from lstm_core.evaluation.explanation.occlusion import N_DRAWS, cut_blocks, occlusion, put_in
from lstm_core.evaluation.explanation.replacement import Kind, Removal, zero_lies_outside
from lstm_core.evaluation.headline import reach_verdict, replaced_verdict, strongest_verdict
from lstm_core.evaluation.table import effect_table
from lstm_core.evaluation.verdict import amount
from lstm_core.figures import sensitivity as figures
from lstm_core.network.counts import count_parameters
from pages._shell import cached, opened, present
from pages._shell.data import transform_panel
from pages._shell.opened import OpenedRun
from pages._shell.understanding.nudge_controls import PUT_IN, Nudge

# Multiplications that the picture over all windows may cost, about three seconds on one processor.
LARGEST_WORK = 2e11
# A network with fewer weights is not quicker: the time goes elsewhere.
FEWEST_WEIGHTS = 5_000
# Quantiles and means of so many windows are known to about a fiftieth of their spread.
MOST_WINDOWS = 4_000


def draw_window(run: OpenedRun, asked: Nudge, verdict_place: DeltaGenerator) -> None:
    """Verdict and picture of the chosen window."""
    first = run.prepared.test.origins[asked.sample] - run.prepared.spec.reach
    rows = range(int(first), int(first) + run.prepared.spec.reach)
    window, labels = run.prepared.values[rows.start : rows.stop], run.labels(rows)
    forecast_label = run.labels([rows.stop])[0]
    reads = (
        f"{labels[run.prepared.spec.transform.n_lost]} to {labels[-1]} and forecasts from {forecast_label} on"
    )
    with present.guard():
        if asked.put_in is None:
            effects, caption = _nudged(run, asked), _nudge_words(run, asked, reads)
        else:
            effects = _replaced(run, asked.put_in, asked, range(asked.sample, asked.sample + 1))
            caption = _replacement_words(run, asked.put_in, asked, reads)
    label = labels[len(labels) - effects.strongest(0)[0]]
    if isinstance(effects, StepEffects):
        verdict = strongest_verdict(effects, 0, label=label, unit=run.unit)
    else:
        verdict = replaced_verdict(effects, 0, label=label, unit=run.unit, block=asked.block)
    with verdict_place:
        opened.say(verdict)
    st.caption(present.safe(caption, limit=1000))
    theme = present.theme()
    figure = figures.plot_step_effects(effects, 0, asked.feature, window=window, labels=labels, theme=theme)
    if asked.put_in not in (None, "shuffled"):
        removal = _removal(run, asked.put_in, asked)
        blocks = cut_blocks(removal.reach, asked.block)
        put = put_in(removal, np.array([asked.sample]), blocks)[0, :, asked.feature]
        figure = figures.with_put_in(figure, put, theme=theme)
    present.show(
        figures.with_unit(figure, run.unit, asked.feature),
        key="sensitivity_chart",
        alt=f"Values of the window, and the change of the forecast for a change of each step. {verdict.sentence}",
        table=effect_table(effects, 0, window, labels),
        suffix=run.suffix,
    )
    st.caption(_below(run, asked.put_in))


def draw_windows(run: OpenedRun, asked: Nudge) -> None:
    """Median and range of the effects over the test windows."""
    every = every_nth(run, 2 if asked.put_in is None else N_DRAWS if asked.put_in == "shuffled" else 1)
    windows = range(0, len(run.prepared.test), every)
    with present.guard():
        if asked.put_in is None:
            spread, change = run.step_effects(windows, asked.share, asked.step).over_windows(), "nudge"
        else:
            spread, change = _replaced(run, asked.put_in, asked, windows).over_windows(), "replacement"
    _draw_spread(run, spread, asked.feature, change)
    thinned(every, len(run.prepared.test))


def every_nth(run: OpenedRun, n_forecasts: int) -> int:
    """How many windows to step on when each step of each column costs `n_forecasts`, so that no picture takes long."""
    spec, network = run.prepared.spec, run.run.spec.network
    n_features = len(spec.columns)
    steps = n_forecasts * spec.reach * spec.window.length * n_features
    weights = count_parameters(network, n_features=n_features, horizon=run.horizon)
    n_windows = len(run.prepared.test)
    affordable = LARGEST_WORK / (steps * max(weights, FEWEST_WEIGHTS))
    return max(ceil(n_windows / min(affordable, MOST_WINDOWS)), 1)


def thinned(every: int, n_windows: int) -> None:
    """Say that not all windows were looked at."""
    if every > 1:
        st.caption(
            f"One window in {every}, of {n_windows:,}: all of them would take long and say little more."
        )


def _draw_spread(run: OpenedRun, spread: EffectSpread, feature: int, change: str) -> None:
    reach = reach_verdict(spread, n_lost=run.prepared.spec.transform.n_lost, change=change)
    st.markdown(present.safe(reach.sentence, limit=600))
    present.show(
        figures.plot_effect_spread(spread, feature, unit=run.unit, theme=present.theme()),
        key="sensitivity_spread_chart",
        alt=f"Median effect of a {change} by step, with the 10% to 90% range over windows. {reach.sentence}",
        table=pd.DataFrame(
            {
                "steps before": range(len(spread.median), 0, -1),
                "10%": spread.low[:, feature],
                "median": spread.median[:, feature],
                "90%": spread.high[:, feature],
            }
        ),
        suffix=run.suffix,
    )


def _nudged(run: OpenedRun, asked: Nudge) -> StepEffects:
    return run.step_effects(range(asked.sample, asked.sample + 1), asked.share, asked.step)


def _removal(run: OpenedRun, kind: Kind, asked: Nudge) -> Removal:
    return Removal(run.predict, run.prepared, run.prepared.test.origins, kind=kind, step=asked.step)


def _replaced(run: OpenedRun, kind: Kind, asked: Nudge, windows: range) -> ReplacedEffects:
    settings = (kind, asked.block, asked.step, windows.start, windows.stop, windows.step)
    make = partial(occlusion, _removal(run, kind, asked), np.array(windows), block=asked.block)
    return cached.measured(run.key, "occlusion", settings, make)


def _nudge_words(run: OpenedRun, asked: Nudge, reads: str) -> str:
    columns, transform = run.prepared.spec.columns, run.prepared.spec.transform
    size = amount(float(run.sizes(asked.share)[asked.feature]), run.unit if asked.feature == 0 else "")
    return (
        f"δ = {asked.share:.1f} standard deviations = {size} of {columns[asked.feature]}. The window reads {reads}. "
        f"Nudging every step both ways takes {2 * run.prepared.spec.reach * len(columns)} forecasts. "
        f"{transform_panel.nudged(transform)}".rstrip()
    )


def _replacement_words(run: OpenedRun, kind: Kind, asked: Nudge, reads: str) -> str:
    what = "Every step is" if asked.block == 1 else f"Every block of {asked.block} steps is"
    words = f"{what} replaced by {PUT_IN[kind]}, one after the other. The window reads {reads}."
    outside = zero_lies_outside(run.prepared)
    if kind == "zero" and outside:
        words += f" Zero lies outside all train values of {', '.join(outside)}: the network never saw such a value."
    if kind == "shuffled":
        words += (
            f" Drawn {N_DRAWS} times from the test windows: bars are means, whiskers one standard deviation."
        )
    return words


def _below(run: OpenedRun, kind: Kind | None) -> str:
    in_unit = f" [{present.safe(run.unit)}]" if run.unit else ""
    if kind is None:
        return (
            f"Above: the window. Middle: how far the forecast moves{in_unit} when only that step is nudged up (filled) "
            "or down (hatched); mirror images mean that the network acts like a straight line here. Below: the same "
            "for every column nudged up; purple raises the forecast, orange lowers it."
        )
    return (
        f"Above: the window{'' if kind == 'shuffled' else ', and what was put in'}. Middle: how far the forecast moves"
        f"{in_unit} when only that step, or block, is replaced. Below: the same for every column; purple raises the "
        "forecast, orange lowers it."
    )
