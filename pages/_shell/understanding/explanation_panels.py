"""Five explanations of one window side by side, how far they agree, and which of them pass the truth test."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.explanation.comparison import (
    NAMES,
    compare_explanations,
    most_players,
    quick_credits,
    windows_to_test,
)
from lstm_core.evaluation.explanation.credit import Credits, agreement
from lstm_core.evaluation.explanation.game import Game
from lstm_core.evaluation.explanation.occlusion import cut_blocks
from lstm_core.evaluation.explanation.replacement import Kind, Removal, kinds_for
from lstm_core.evaluation.explanation.shapley import ShapleySampler, ShapleyValues
from lstm_core.evaluation.explanation.truth import TruthTest, spelled, truth_verdict
from lstm_core.evaluation.verdict import amount
from lstm_core.figures import explanation as figures
from lstm_core.network.trained import TrainedNetwork
from pages._shell import cached, opened, present, state, window_choice
from pages._shell.opened import OpenedRun
from pages._shell.understanding import nudge_controls

USUAL_PLAYERS = 24
"""Blocks of a window to begin with."""
SHAPLEY_SECONDS = 4.0
"""Sampling ends here, whatever its precision."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What the explanation page looks at.

    Attributes
    ----------
    game : the steps of the test windows as players
    sample : test window, counted from 0
    settings : all that the game depends on beside the run, for caches
    """

    game: Game
    sample: int
    settings: tuple[Kind, int, int | None]


def choose(run: OpenedRun) -> Asked:
    """Window, replacement, block length and step of the horizon."""
    reach, most = run.prepared.spec.reach, most_players(per_forecast=_per_forecast(run))
    with st.grid(4, min_column_width=200, vertical_alignment="bottom"):
        sample = window_choice.choose(
            run, page="explanation", help="Which window is explained, oldest first."
        )
        kind: Kind = st.selectbox(
            "Compared with",
            [one for one in kinds_for(run.prepared) if one != "shuffled"],
            format_func=nudge_controls.PUT_IN.__getitem__,
            key=state.widget("explanation_put_in", "mean"),
            help="An explanation says by how much a value raises the forecast over what it would be with something "
            "else in its place. All methods, and the test, use the same.",
        )
        block = nudge_controls.block_length(
            run, "explanation_block", start=-(-reach // min(most, USUAL_PLAYERS)), fewest=-(-reach // most)
        )
        step = nudge_controls.looked_at(run, "explanation_step")
    with present.guard():
        removal = Removal(run.predict, run.prepared, run.prepared.test.origins, kind=kind, step=step)
        return Asked(
            game=Game(removal, cut_blocks(reach, block)), sample=sample, settings=(kind, block, step)
        )


def _per_forecast(run: OpenedRun) -> float:
    """About how many multiplications one forecast takes."""
    return float(sum(one.size for one in run.weights.to_arrays().values()) * run.prepared.spec.window.length)


def test_of(run: OpenedRun, asked: Asked) -> TruthTest:
    """The truth test over a sample of the test windows."""
    network = TrainedNetwork(run.run.spec.network, run.weights)
    windows = windows_to_test(len(run.prepared.test), asked.game.n_players, per_forecast=_per_forecast(run))
    make = partial(compare_explanations, asked.game, windows, network.gradient)
    with present.guard():
        return cached.measured(run.key, "truth", asked.settings, make)


def credits_of(run: OpenedRun, asked: Asked) -> tuple[dict[str, Credits], ShapleyValues]:
    """Credits of the chosen window by method; Shapley values with a bar of progress, the last of the five."""
    network, sample = TrainedNetwork(run.run.spec.network, run.weights), np.array([asked.sample])
    settings = (*asked.settings, asked.sample)
    with present.guard():
        found = cached.measured(
            run.key, "credits", settings, partial(quick_credits, asked.game, sample, network.gradient)
        )
        sampler = cached.measured(
            run.key, "shapley", settings, partial(ShapleySampler, asked.game, asked.sample)
        )
        shapley = _sample(sampler)
    values, ends = shapley.values[None], (np.array([shapley.whole]), np.array([shapley.nothing]))
    return {**found, NAMES["shapley"]: Credits(values=values, whole=ends[0], nothing=ends[1])}, shapley


def _sample(sampler: ShapleySampler) -> ShapleyValues:
    """Advance until precise enough or out of time; what was sampled is kept when a person leaves."""
    found, place = sampler.values(), st.empty()
    while not found.is_done and sampler.seconds < SHAPLEY_SECONDS:
        place.progress(
            min(sampler.seconds / SHAPLEY_SECONDS, 1.0),
            f"Shapley values: {found.n_orders} orders of steps tried",
        )
        sampler.advance()
        found = sampler.values()
    place.empty()
    return found


def draw_methods(
    run: OpenedRun, asked: Asked, found: Mapping[str, Credits], shapley: ShapleyValues, test: TruthTest
) -> None:
    """All methods over one axis of steps, and a table of what each says in sum."""
    origin = int(run.prepared.test.origins[asked.sample])
    blocks, reach = asked.game.blocks, asked.game.removal.reach
    claims = {name: one.values[0] for name, one in found.items()}
    errors = {NAMES["shapley"]: shapley.error} if shapley.n_orders else {}
    present.show(
        figures.plot_credits(
            claims,
            blocks,
            run.prepared.values[origin - reach : origin, 0],
            errors=errors,
            unit=run.unit,
            theme=present.theme(),
        ),
        key="credits_chart",
        alt="The window, and below it by how much each block of steps raises the forecast, as five methods see it.",
        table=pd.DataFrame(
            {
                "steps before": [_steps_before(reach - one.start, reach - one.stop + 1) for one in blocks],
                **claims,
                "Shapley standard error": shapley.error,
            }
        ),
        suffix=run.suffix,
    )
    st.caption(present.safe(_sampling_words(run, shapley), limit=500))
    st.dataframe(
        _sums(found, test, run.unit, asked.game.removal.rounding), hide_index=True, key="explanation_sums"
    )


def _steps_before(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _sampling_words(run: OpenedRun, shapley: ShapleyValues) -> str:
    target = "A bar is the part of the forecast that a method credits to these steps, all columns together."
    if not shapley.n_orders:
        return f"{target} The Shapley values are exact: all coalitions of the blocks were asked."
    error = amount(float(shapley.error.max()), run.unit)
    share = float(shapley.error.max()) / shapley.range if shapley.range else 0.0
    ended = "" if shapley.is_done else " Time ran out before 2%: larger blocks are quicker."
    return (
        f"{target} Shapley values from {shapley.n_orders} orders of the blocks; whiskers are standard errors, the "
        f"largest {error}, {share:.1%} of the range.{ended}"
    )


def _sums(found: Mapping[str, Credits], test: TruthTest, unit: str, rounding: float) -> pd.DataFrame:
    rows = []
    for name, one in found.items():
        trust = test.trusts[name]
        spread = "" if np.isnan(trust.low) else f"{spelled(trust.low)} to {spelled(trust.high)}"
        rows.append(
            {
                "Method": name,
                "Credits add up to": amount(float(one.values.sum()), unit),
                "To be shared out": amount(float((one.whole - one.nothing)[0]), unit),
                "Left over": amount(float(one.gap[0]) if abs(one.gap[0]) > rounding else 0.0, unit),
                "Trust": spelled(trust.trust) if test.is_better(name) else "no better than random",
                "Trust, 10% to 90% of windows": spread,
                "Beats random": f"{trust.beats:.0%}",
            }
        )
    return pd.DataFrame(rows)


def draw_agreement(found: Mapping[str, Credits]) -> None:
    """Rank correlation of the methods on this window."""
    ranks = agreement({name: one.values[0] for name, one in found.items()})
    if np.isnan(ranks).all():
        st.info("No method prefers one step to another here, so there are no orders to compare.")
        return
    st.dataframe(
        pd.DataFrame(
            [["" if np.isnan(one) else spelled(one) for one in row] for row in ranks],
            index=pd.Index(list(found), name="Rank correlation"),
            columns=list(found),
        ),
        key="agreement",
    )


def draw_truth(run: OpenedRun, test: TruthTest) -> None:
    """Curves of deletion and insertion, and a verdict for each method."""
    present.show(
        figures.plot_truth(test, unit=run.unit, theme=present.theme()),
        key="truth_chart",
        alt="How far the forecast falls as steps are taken away, and rises as they are put back, in the order of each "
        "method, beside random orders.",
        table=lambda: _curves(test),
        suffix=run.suffix,
    )
    for name in test.trusts:
        opened.remark(truth_verdict(test, name, run.unit))


def _curves(test: TruthTest) -> pd.DataFrame:
    named = {**test.trusts, "Best order found": test.best}
    return pd.DataFrame(
        {
            "blocks": range(len(test.best.deletion)),
            **{f"{name}: falls by": one.deletion for name, one in named.items()},
            **{f"{name}: rises by": one.insertion for name, one in named.items()},
        }
    )
