"""What a backtest says: the folds over time, their errors, one row each, and the way to each run."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.evaluation.verdict import Verdict, percent
from lstm_core.figures.backtest import plot_fold_errors, plot_folds
from lstm_core.figures.series import time_title
from lstm_core.network.counts import called
from lstm_core.preparation.split import split
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.backtest import FoldSpan, backtest_name, span_of
from lstm_core.study.fold_scores import FoldScores, backtest_verdict, fold_score, fold_table
from lstm_core.study.trials import Study
from pages._shell import cached, opened, present, services
from pages._shell.studies import study_monitor

_COLUMNS = {
    "lstm": "MAE",
    "naive": "Naive",
    "seasonal_naive": "Seasonal naive",
    "linear_ar": "Linear AR",
}
_HELP = {
    "MAE": "Mean absolute error of the network over the test rows of the fold, in the unit of the target.",
    "Naive": "MAE of repeating the last value.",
    "Seasonal naive": "MAE of repeating the last season.",
    "Linear AR": "MAE of a linear autoregression that reads the same windows.",
    "Skill": "Share of the naive forecast's MAE that the network saves: $1 - \\text{MAE} / \\text{MAE}_{naive}$.",
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
    scores = FoldScores(folds=tuple(one for one in told if one is not None))
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
    _draw_rows(rows, unit, key="backtest_rows_table")
    label = "Open the run of one fold"
    study_monitor.draw_opener(label, {key: one.capitalize() for key, one in names.items()}, key="open_fold")


def draw_errors(scores: FoldScores, verdict: Verdict, *, unit: str, name: str, what: str) -> None:
    """Draw the error by fold with its table."""
    present.show(
        plot_fold_errors(scores, unit=unit, theme=present.theme(), name=name, what=what),
        key="backtest_error_chart",
        alt=f"Test MAE of every {what} as a bar, baselines as marks. {verdict.sentence}",
        table=partial(fold_table, scores),
    )


def draw_rows(scores: FoldScores, unit: str) -> None:
    """Draw one row per block of one network."""
    rows = [
        {"Block": fold.number, "Test rows": fold.when} | _cells(scores, fold.number) for fold in scores.folds
    ]
    _draw_rows(rows, unit, key="backtest_rows_table")


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
    if fold is None:
        return {**dict.fromkeys(_COLUMNS.values(), ""), "Skill": ""}
    cells = {
        title: "" if (mae := fold.scores.get(key, {}).get("mae")) is None else present.number(mae)
        for key, title in _COLUMNS.items()
    }
    gained = fold.skill()
    return {**cells, "Skill": "" if gained is None else percent(gained)}


def _draw_rows(rows: Sequence[Mapping[str, object]], unit: str, *, key: str) -> None:
    config = {
        title: st.column_config.TextColumn(help=words, alignment="right") for title, words in _HELP.items()
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=key, column_config=config, height="content")
    st.caption(f"Errors are MAE in {present.safe(unit) if unit else 'the unit of the target'}.")
