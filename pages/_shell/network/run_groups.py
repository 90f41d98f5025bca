"""The runs of one study as one entry of the run list: what they say together, and each of them on demand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import streamlit as st

from lstm_core.evaluation.measure import MEASURES
from lstm_core.runs.store import Run
from lstm_core.study.backtest import backtest_name
from lstm_core.study.lengths import sweep_name
from lstm_core.study.quantiles import pair_name, run_of
from lstm_core.study.repetition import Repetition, group
from lstm_core.study.spread import plus_minus, seed_spread
from lstm_core.study.trials import Kind, find_studies, kind_of
from pages._shell import present, state


class Looks(NamedTuple):
    """How a kind of study is told in the list."""

    icon: str
    noun: str
    button: str
    page: str


_LOOKS: Mapping[Kind, Looks] = {
    "seeds": Looks("casino", "seeds", "See the spread", "pages/seeds.py"),
    "backtest": Looks("event_repeat", "folds", "See the folds", "pages/backtest.py"),
    "lengths": Looks("straighten", "lengths", "See the lengths", "pages/memory.py"),
    "quantiles": Looks("expand", "edges of a band", "See the band", "pages/intervals.py"),
}
_NAMES = {"backtest": backtest_name, "lengths": sweep_name, "quantiles": pair_name}


def entries(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs as the list shows them: those of one study together, at the place of the first."""
    together: dict[str, list[Run]] = {}
    for run in runs:
        together.setdefault(run.study or run.run_id, []).append(run)
    return list(together.values())


def draw(runs: list[Run], draw_run: Callable[[Run], None]) -> None:
    """Draw the runs of one study as one box; `draw_run` draws a run when the box is opened."""
    kind = kind_of(runs[0].study or "")
    found = next(iter(group(runs) if kind == "seeds" else find_studies(runs, kind)))
    looks, study, n = _LOOKS[kind], found.study, len(runs)
    name = found.name if isinstance(found, Repetition) else _NAMES[kind](found)
    with st.container(border=True, key=f"study_{study}"):
        words, actions = st.columns(2, vertical_alignment="center")
        with words:
            st.markdown(f"**{present.safe(name)}** :violet-badge[:material/{looks.icon}: {n} {looks.noun}]")
            counted = Counter(str(run.status) for run in runs)
            parts = [f"{count} {status}" for status, count in counted.items()]
            scores = seed_spread(found) if isinstance(found, Repetition) else None
            error = scores.of(scores.measure) if scores else None
            if scores is not None and error is not None and error.deviation is not None:
                told = plus_minus(error.mean, error.deviation, of_target(runs[0]))
                parts.append(f"test {MEASURES[scores.measure]} {told}")
            st.caption(" · ".join([present.safe(runs[0].series_name), *parts]))
        with actions, st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(looks.button, key=f"open_study_{study}", icon=f":material/{looks.icon}:"):
                state.select_run(run_of(study) if kind == "quantiles" else found.runs[0].run_id)
                st.switch_page(looks.page)
        with st.expander(f"The {n} runs", key=f"runs_of_{study}", on_change="rerun") as opened:
            if opened.open:
                for run in sorted(runs, key=lambda run: (run.spec.plan.seed, run.created_at)):
                    draw_run(run)


def of_target(run: Run) -> str:
    """Column that a score is about, in brackets; its unit would need the series, which a list does not read."""
    return f"({present.safe(run.spec.preparation.target, limit=24)})"
