"""The frame of every figure: what plotly's own update methods would make, and nothing that was set before is lost."""

import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from lstm_core.figures.theme import DARK, LIGHT, Theme, frame


def plain() -> go.Figure:
    return go.Figure().add_scatter(x=[1, 2], y=[3, 4], name="one")


def with_panels() -> go.Figure:
    figure = make_subplots(rows=2, cols=2, shared_xaxes=True, subplot_titles=("a", "b", "c", "d"))
    figure.add_scatter(x=[1, 2], y=[3, 4], row=2, col=1)
    return figure.add_hline(y=3, row=1, col=1)


def with_settings() -> go.Figure:
    figure = plain()
    figure.update_xaxes(type="log", title={"text": "old", "standoff": 20}, tickfont={"family": "Arial"})
    figure.update_yaxes(range=[0, 1], gridcolor="red")
    figure.update_layout(legend={"title": {"text": "whose"}, "y": 0.5}, margin={"pad": 4}, barmode="overlay")
    return figure


def with_a_second_axis() -> go.Figure:
    return plain().update_layout(yaxis2={"overlaying": "y", "side": "right"})


def by_updates(figure: go.Figure, theme: Theme) -> go.Figure:
    """The same in plotly's own words."""
    made = frame(go.Figure(), theme=theme, x_title="Step", y_title="Load [MW]", height=250).to_dict()[
        "layout"
    ]
    figure.update_xaxes(made.pop("xaxis"))
    figure.update_yaxes(made.pop("yaxis"))
    made.pop("template")
    return figure.update_layout(made)


@pytest.mark.parametrize("make", [plain, with_panels, with_settings, with_a_second_axis])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_is_what_the_update_methods_make(make, theme):
    figure = make()
    assert frame(figure, theme=theme, x_title="Step", y_title="Load [MW]", height=250) is figure
    assert figure.to_dict() == by_updates(make(), theme).to_dict()


def test_it_sets_titles_colours_and_height_and_keeps_what_it_does_not_set():
    layout = frame(with_settings(), theme=DARK, x_title="Step", y_title="Load [MW]", height=250).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text, layout.height) == ("Step", "Load [MW]", 250)
    assert (layout.xaxis.title.standoff, layout.xaxis.type, layout.yaxis.range) == (20, "log", (0, 1))
    assert (layout.xaxis.tickfont.family, layout.xaxis.tickfont.color) == ("Arial", DARK.muted)
    assert (layout.margin.pad, layout.margin.t, layout.legend.title.text) == (4, 36, "whose")
    assert layout.yaxis.gridcolor == DARK.grid
