"""Pictures of the memory of a series: ACF and PACF with the band that noise would keep."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Int

from lstm_core.arrays import LagValues
from lstm_core.diagnostics.correlogram import Correlogram, stands_out
from lstm_core.figures.theme import Theme, faint, frame

PANEL = 320


def plot_acf(correlogram: Correlogram, *, theme: Theme, season: int = 1) -> go.Figure:
    """Correlation of the series with itself, 1, 2, ... rows earlier; `season` above 1 is marked."""
    figure = stems(_lags(correlogram), correlogram.acf[1:], correlogram.acf_band[1:], theme=theme)
    _mark(figure, season if 1 < season <= correlogram.n_lags else 0, f"season {season}", theme)
    return _frame(figure, "Autocorrelation", theme)


def plot_pacf(correlogram: Correlogram, *, theme: Theme, cutoff: int = 0) -> go.Figure:
    """What each lag adds once all shorter lags are known; `cutoff` above 0 is marked."""
    figure = stems(_lags(correlogram), correlogram.pacf[1:], correlogram.pacf_band[1:], theme=theme)
    _mark(figure, cutoff, f"cuts off at {cutoff}", theme)
    return _frame(figure, "Partial autocorrelation", theme)


def _lags(correlogram: Correlogram) -> Int[np.ndarray, " lag"]:
    return np.arange(1, correlogram.n_lags + 1)  # lag 0 is 1 by definition and would only set the scale


def stems(lags: Int[np.ndarray, " lag"], values: LagValues, band: LagValues, *, theme: Theme) -> go.Figure:
    """Correlations as stems from 0, on the band that noise would keep."""
    figure = go.Figure()
    figure.add_scatter(
        x=np.r_[lags, lags[::-1]],
        y=np.r_[band, -band[::-1]],
        fill="toself",
        fillcolor=faint(theme.baseline, 0.15),
        line={"color": theme.baseline, "width": 1, "dash": "dot"},
        mode="lines",
        name="noise would stay inside",
        hoverinfo="skip",
    )
    loud = stands_out(values, band)
    for name, chosen, colour, symbol in (
        ("stands out", loud, theme.forecast, "circle"),
        ("could be chance", ~loud, theme.muted, "circle-open"),
    ):
        if not chosen.any():
            continue
        figure.add_scatter(
            x=lags[chosen],
            y=values[chosen],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": np.maximum(-values[chosen], 0),
                "arrayminus": np.maximum(values[chosen], 0),
                "width": 0,
                "thickness": 2,
                "color": colour,
            },
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 7},
            name=name,
            hovertemplate="%{y:.3f}",
        )
    return figure


def _mark(figure: go.Figure, lag: int, text: str, theme: Theme) -> None:
    if lag:
        figure.add_vline(
            x=lag,
            line={"color": theme.validation, "width": 2, "dash": "dash"},
            annotation={"text": text, "font": {"color": theme.text}, "yanchor": "bottom"},
            annotation_position="bottom right",
        )


def _frame(figure: go.Figure, y_title: str, theme: Theme) -> go.Figure:
    frame(figure, theme=theme, x_title="Lag [rows]", y_title=y_title, height=PANEL)
    figure.update_yaxes(range=[-1.05, 1.05], zeroline=True, zerolinecolor=theme.muted)
    figure.update_xaxes(rangemode="tozero")
    return figure
