"""A backtest in two pictures: where its folds lie in time, and how far each one is off."""

from collections.abc import Mapping

import plotly.graph_objects as go

from lstm_core.evaluation.measure import MAE, MEASURES
from lstm_core.figures.seeds import BASELINES
from lstm_core.figures.theme import HEIGHT, Theme, axis_label, frame, plain
from lstm_core.preparation.split import PARTS
from lstm_core.study.backtest import FoldSpan
from lstm_core.study.fold_scores import FoldScores

ROW, AROUND = 26, 110
"""Pixels of the bars of one fold, and of everything around them."""
_SYMBOLS = {"naive": "line-ew-open", "seasonal_naive": "x-thin-open", "linear_ar": "diamond-open"}
_WIDTHS = {"train": 9, "validation": 13, "test": 17}
"""Pixels of each bar: the thicker, the nearer to the score."""


def plot_folds(spans: Mapping[int, FoldSpan], *, time_title: str, theme: Theme, what: str) -> go.Figure:
    """Train, validation and test rows of every fold as bars over time, the oldest fold on top.

    Parameters
    ----------
    spans : by number of the fold
    time_title : of the time axis
    what : what a fold is called, in the singular
    """
    figure = go.Figure()
    for part in PARTS:
        x, y, told = [], [], []
        for number, span in spans.items():
            x += [span.starts[part], span.stops[part], None]
            y += [number, number, None]
            told += [span.n_rows[part]] * 3
        figure.add_scatter(
            x=x,
            y=y,
            customdata=told,
            mode="lines",
            name=part.capitalize(),
            line={"color": getattr(theme, part), "width": _WIDTHS[part]},
            hovertemplate=f"%{{y}}, {part}: %{{customdata}} rows, %{{x}}<extra></extra>",
        )
    frame(
        figure, theme=theme, x_title=time_title, y_title=what.capitalize(), height=AROUND + ROW * len(spans)
    )
    figure.update_yaxes(
        tickvals=list(spans), range=[max(spans) + 0.6, min(spans) - 0.6], zeroline=False, showgrid=False
    )
    return figure.update_layout(hovermode="closest")


def plot_fold_errors(scores: FoldScores, *, unit: str, theme: Theme, name: str, what: str) -> go.Figure:
    """Test MAE of the network in every fold as bars, its mean as a line, baselines as marks.

    Parameters
    ----------
    name : what the network is called
    what : what a fold is called, in the singular
    """
    figure = go.Figure()
    hover = f"%{{y:.4~g}} {plain(unit)}".rstrip()
    numbers = [fold.number for fold in scores.folds]
    when = [plain(fold.when) for fold in scores.folds]
    figure.add_bar(
        x=numbers,
        y=scores.of("lstm", scores.measure),
        customdata=when,
        name=plain(name),
        marker={"color": theme.forecast},
        hovertemplate=f"%{{customdata}}: {hover}<extra>{plain(name)}</extra>",
    )
    _add_baselines(figure, scores, numbers, hover, theme)
    if (mean := scores.spread("lstm", scores.measure)) is not None and len(numbers) > 1:
        figure.add_scatter(
            x=[numbers[0] - 0.45, numbers[-1] + 0.45],
            y=[mean.mean] * 2,
            mode="lines",
            name=f"Mean of the {what}s",
            line={"color": theme.warning, "width": 2, "dash": "dash"},
            hovertemplate=f"mean {hover}<extra></extra>",
        )
    x_title, y_title = (
        f"{what.capitalize()}, oldest first",
        axis_label(f"Test {MEASURES[scores.measure]}", unit),
    )
    frame(figure, theme=theme, x_title=x_title, y_title=y_title, height=HEIGHT)
    figure.update_xaxes(tickvals=numbers, showgrid=False)
    figure.update_yaxes(rangemode="tozero")
    return figure.update_layout(hovermode="closest", bargap=0.35)


def _add_baselines(
    figure: go.Figure, scores: FoldScores, numbers: list[int], hover: str, theme: Theme
) -> None:
    for key, (label, _) in BASELINES.items():
        if key not in scores.predictors or (scores.measure != MAE and key != "naive"):
            continue  # the pinball loss is known of the last value alone
        is_naive = key == "naive"
        figure.add_scatter(
            x=numbers,
            y=scores.of(key, scores.measure),
            mode="markers",
            name=label,
            marker={
                "symbol": _SYMBOLS[key],
                "size": 15 if is_naive else 10,
                "color": theme.text,
                "line": {"color": theme.text, "width": 2.5 if is_naive else 1.6},
            },
            hovertemplate=f"{hover}<extra>{label}</extra>",
        )
