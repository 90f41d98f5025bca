"""What a backtest says: the folds over time, their errors, one row each, and the way to each run."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.evaluation.measure import MAE, MEASURES, title_of
from lstm_core.evaluation.quantile import NOT_THE_MIDDLE
from lstm_core.evaluation.verdict import Verdict, over_all, percent
from lstm_core.figures.backtest import plot_fold_errors, plot_folds
from lstm_core.figures.series import time_title
from lstm_core.network.counts import called
from lstm_core.preparation.split import split
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.backtest import FoldSpan, backtest_name, span_of
from lstm_core.study.fold_scores import FoldScores, backtest_verdict, collect, fold_score, fold_table
from lstm_core.study.trials import Study
from pages._shell import cached, opened, present, services
from pages._shell.studies import study_monitor

_HELP = {
    "MAE": "Mean absolute error of the network over the test rows of the fold, in the unit of the target.",
    "Pinball loss": "Mean pinball loss of the network over the test rows of the fold, in the unit of the target.",
    "Naive": "The same of repeating the last value; for a quantile, moved to that quantile of its train errors.",
    "Seasonal naive": "MAE of repeating the last season.",
    "Linear AR": "MAE of a linear autoregression that reads the same windows.",
    "Skill": "Share of the naive forecast's error that the network saves: $1 - \\text{error} / \\text{error}_{naive}$.",
}


def label(found: Study) -> str:
    """`Sunspots, 24 → 1, 50 units · 5 folds`, and when it began."""
    return f"{backtest_name(found)} · {len(found.runs)} folds · {found.runs[0].created_at:%Y-%m-%d %H:%M}"


def draw(found: Study) -> None:
    """Draw everything a backtest with refitting says; what moves comes first while it lives."""
    series = cached.run_series(services.owner(), found.runs[-1].spec.series_fingerprint, services.store())
    spans = _spans(found)
    numbers = range(1, len(found.runs) + 1)
    told = [fold_score(*one) for one in zip(numbers, found.runs, spans.values(), strict=True)]
    scores = collect(told, found.spec)
    unit = series.unit if found.spec.preparation.target == series.columns[0] else ""
    name = called(found.spec.network)
    verdict = backtest_verdict(scores, unit, name=name)
    opened.say(verdict)
    names = dict(
        zip((run.run_id for run in found.runs), (f"fold {number}" for number in numbers), strict=True)
    )
    study_monitor.draw_lost(found, names)
    study_monitor.draw(found)
    _draw_spans(spans, series)
    if scores.n:
        draw_errors(scores, verdict, unit=unit, name=name, what="fold")
    rows = [
        {
            "Fold": number,
            "Test rows": f"{span.first} to {span.last}",
            "Trained on": f"{span.n_rows['train']} rows",
        }
        | {"State": str(run.status)}
        | (_cells(scores, number))
        for number, run, span in zip(numbers, found.runs, spans.values(), strict=True)
    ]
    _draw_rows(rows, unit, scores)
    label = "Open the run of one fold"
    study_monitor.draw_opener(label, {key: one.capitalize() for key, one in names.items()}, key="open_fold")


def draw_errors(scores: FoldScores, verdict: Verdict, *, unit: str, name: str, what: str) -> None:
    """Draw the error by fold with its table."""
    present.show(
        plot_fold_errors(scores, unit=unit, theme=present.theme(), name=name, what=what),
        key="backtest_error_chart",
        alt=f"Test {MEASURES[scores.measure]} of every {what} as a bar, baselines as marks. {verdict.sentence}",
        table=partial(fold_table, scores),
    )


def draw_rows(scores: FoldScores, unit: str) -> None:
    """Draw one row per block of one network."""
    rows = [
        {"Block": fold.number, "Test rows": fold.when} | _cells(scores, fold.number) for fold in scores.folds
    ]
    _draw_rows(rows, unit, scores)


def _spans(found: Study) -> dict[int, FoldSpan]:
    """Where the folds lie in time, by number."""
    return {number: _span(run) for number, run in enumerate(found.runs, start=1)}


def _span(run: Run) -> FoldSpan:
    """Where a fold lies in time; its series is let go again, a backtest has up to twelve."""
    fingerprint, preparation = run.spec.series_fingerprint, run.spec.preparation

    def look() -> FoldSpan:
        series = services.store().load_series(services.owner(), fingerprint)
        return span_of(series, split(series, preparation.split))

    cut = (preparation.split.model_dump_json(),)
    return cached.pattern(fingerprint, preparation.target, "fold", cut, look)


def _draw_spans(spans: dict[int, FoldSpan], series: Series) -> None:
    present.show(
        plot_folds(spans, time_title=time_title(series), theme=present.theme(), what="fold"),
        key="backtest_folds_chart",
        alt=f"{len(spans)} folds over time, oldest on top: each trains before it validates, and tests last.",
    )


def _cells(scores: FoldScores, number: int) -> dict[str, str]:
    """Scores of a fold as the table shows them; empty while there are none."""
    fold = next((one for one in scores.folds if one.number == number), None)
    columns = {"lstm": title_of(scores.measure), "naive": "Naive"}
    if scores.measure == MAE:
        columns |= {"seasonal_naive": "Seasonal naive", "linear_ar": "Linear AR"}
    if fold is None:
        return {**dict.fromkeys(columns.values(), ""), "Skill": ""}
    cells = {
        title: ""
        if (error := fold.scores.get(key, {}).get(scores.measure)) is None
        else present.number(error)
        for key, title in columns.items()
    }
    gained = fold.skill(measure=scores.measure)
    return {**cells, "Skill": "" if gained is None else percent(gained)}


def _draw_rows(rows: Sequence[Mapping[str, object]], unit: str, scores: FoldScores) -> None:
    config = {
        title: st.column_config.TextColumn(help=words, alignment="right") for title, words in _HELP.items()
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="backtest_rows_table",
        column_config=config,
        height="content",
    )
    told = "" if scores.measure == MAE else " " + NOT_THE_MIDDLE
    st.caption(
        f"Errors are {MEASURES[scores.measure]} in {present.safe(unit) if unit else 'the unit of the target'}"
        f"{over_all(scores.horizon)}.{told}"
    )
