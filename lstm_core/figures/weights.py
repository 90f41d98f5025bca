"""What the weights of a cell have become, beside where they started."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.figures.gates import STYLES
from lstm_core.figures.theme import Theme, frame, upright
from lstm_core.network.spec import CellKind
from lstm_core.network.starts import Block, WeightPart

PANEL_HEIGHT = 120
_TITLES: dict[WeightPart, str] = {
    "bias": "bias",
    "kernel": "weight of an input",
    "recurrent": "weight of a hidden state",
}


def plot_weights(cell: CellKind, blocks: Sequence[Block], part: WeightPart, *, theme: Theme) -> go.Figure:
    """One histogram per block as it is now, with a dashed line where its weights started.

    For weights that started in a range the line stands at both its ends, and a dotted outline is the histogram that is
    expected at the start.

    Parameters
    ----------
    blocks : of `network.starts.weight_blocks` for this part
    """
    styles = STYLES[cell]
    titles = [f"{styles[block.name].name}: started {_start(block)}" for block in blocks]
    figure = make_subplots(
        rows=len(blocks), shared_xaxes=True, vertical_spacing=0.36 / len(blocks), subplot_titles=titles
    )
    lines = []
    for row, block in enumerate(blocks, start=1):
        style = styles[block.name]
        figure.add_bar(
            x=(block.edges[:-1] + block.edges[1:]) / 2,
            y=block.counts,
            width=np.diff(block.edges),
            name=f"{style.name} now",
            marker={"color": getattr(theme, style.colour)},
            hovertemplate="%{y:.0f} now",
            row=row,
            col=1,
        )
        if block.low < block.high:
            figure.add_scatter(
                x=np.repeat(block.edges, 2)[1:-1],
                y=np.repeat(block.started, 2),
                name="at the start",
                mode="lines",
                line={"color": theme.text, "width": 1.5, "dash": "dot"},
                hovertemplate="%{y:.1f} expected at the start",
                row=row,
                col=1,
            )
        line = {"color": theme.text, "width": 2, "dash": "dash"}
        lines += [upright(at, row=row, line=line) for at in sorted({block.low, block.high})]
    height = 60 + PANEL_HEIGHT * len(blocks)
    frame(figure, theme=theme, x_title="", y_title="count", height=height)
    figure.update_yaxes(nticks=3)
    figure.update_xaxes(title={"text": _TITLES[part]}, row=len(blocks), col=1)
    figure.update_annotations(x=0, xanchor="left", font={"color": theme.text, "size": 13})
    figure.update_layout(showlegend=False, shapes=lines, bargap=0)
    return figure


def _start(block: Block) -> str:
    if block.low == block.high:
        return f"at {block.low:g}"
    return f"between −{block.high:.2g} and {block.high:.2g}"
