"""Two repetitions side by side: what differs between them, and whether it is larger than the seed noise."""

import pandas as pd
import streamlit as st

from lstm_core.errors import RunError
from lstm_core.evaluation.headline import signed
from lstm_core.figures.seeds import plot_scores
from lstm_core.study.changes import Change, changes
from lstm_core.study.comparison import FORMULA, NOISE_FORMULA, SeedComparison, compare, comparison_verdict
from lstm_core.study.repetition import Repetition
from lstm_core.study.spread import seed_spread
from pages._shell import opened, present, state
from pages._shell.studies import seeds_results


def draw(found: Repetition, others: list[Repetition]) -> None:
    """Let another repetition be chosen and compare the two; the earlier one is A, the later one B."""
    st.subheader("Is a change larger than the seed noise?", anchor=False)
    if not others:
        st.caption(
            "Repeat a second setting, with one thing changed, and compare the two here: a change that is smaller than "
            "the spread between seeds is no evidence."
        )
        return
    by_run = {one.runs[0].run_id: one for one in others}
    beside = state.journey().beside
    chosen = st.selectbox(
        "Compare with",
        list(by_run),
        index=None,
        format_func=lambda run_id: label(by_run[run_id]) if run_id in by_run else "deleted",
        placeholder="Choose another repetition",
        key=state.follow("compare_with", beside if beside in by_run else None),
        on_change=state.compare_from,
        args=("compare_with",),
        help="The test part must be the same: series, target, test rows, horizon and stride.",
    )
    if chosen is None or chosen not in by_run:
        return
    earlier, later = sorted((found, by_run[chosen]), key=lambda one: one.runs[0].created_at)
    st.markdown(f"**A**: {present.safe(label(earlier))}  \n**B**: {present.safe(label(later))}")
    try:
        compared = compare(earlier, later)
    except RunError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        return
    if compared is None:
        present.verdict("note", "One of the two has no finished run yet.")
        return
    _draw(compared, earlier, later)


def label(found: Repetition) -> str:
    """Name of a repetition, how many seeds, and when it was started."""
    n, first = len(found.runs), found.seeds[0]
    seeds = f"{n} seeds from {first} on" if n > 1 else f"seed {first}"
    return f"{found.name}, {seeds}, {found.runs[0].created_at:%Y-%m-%d %H:%M}"


def _draw(compared: SeedComparison, earlier: Repetition, later: Repetition) -> None:
    unit = seeds_results.unit_of(earlier)
    verdict = comparison_verdict(compared, unit)
    opened.say(verdict)
    sides = {"A": seed_spread(earlier), "B": seed_spread(later)}
    present.show(
        plot_scores(sides, unit=unit, theme=present.theme()),
        key="compare_chart",
        alt=f"Test MAE of each seed of both repetitions as dots. {verdict.sentence}",
    )
    _draw_changes(changes(earlier.spec, later.spec))
    _draw_numbers(compared, unit)
    if shared := sorted({*compared.first_seeds} & {*compared.second_seeds}):
        listed = ", ".join(map(str, shared))
        st.caption(
            f"Both have the seeds {listed}. They are compared as unpaired all the same: a seed gives both the same "
            "start only where the change leaves network, windows and batches alone, and even then two "
            "trainings from one start mostly part. Where pairs do agree, this interval is wider than it need be."
        )
    with st.expander("The formulas"):
        st.markdown("Interval of the difference (Welch, 95%), a and b the test MAE of each seed:")
        st.latex(FORMULA)
        st.markdown("Seed noise of one run, the pooled standard deviation:")
        st.latex(NOISE_FORMULA)


def _draw_changes(changed: tuple[Change, ...]) -> None:
    if not changed:
        st.caption("Nothing but the seeds differs between A and B.")
        return
    table = pd.DataFrame(
        [(one.name, one.first, one.second) for one in changed], columns=["Changed", "A", "B"]
    )
    st.dataframe(table, hide_index=True, key="compare_changes")
    if len(changed) > 1:
        st.caption(
            f"{len(changed)} things differ: what moves the score cannot be told apart. Change one at a time."
        )


def _draw_numbers(compared: SeedComparison, unit: str) -> None:
    rows = [
        (name, side.n, present.number(side.mean), present.number(side.deviation))
        for name, side in (("A", compared.first), ("B", compared.second))
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=["Side", "Seeds", "Mean test MAE", "Standard deviation"]),
        hide_index=True,
        key="compare_numbers",
    )
    parts = [f"B − A: {signed(compared.difference, unit)}"]
    if compared.interval is not None and compared.noise is not None:
        low, high = compared.interval
        parts.append(f"95% interval {signed(low, '')} to {signed(high, unit)}")
        if compared.freedom is not None:
            parts.append(f"{compared.freedom:.1f} degrees of freedom")
        parts.append(f"seed noise of one run {present.number(compared.noise, unit)}")
    st.caption(present.safe(" · ".join(parts), limit=300))
