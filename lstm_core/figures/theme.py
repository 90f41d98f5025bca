"""Colours by meaning, and the frame every figure stands in.

Okabe-Ito for categories, Cividis for magnitudes, PuOr around zero for signed effects. Colour never speaks alone:
dash and marker differ too.
"""

from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

MAGNITUDES = "Cividis"
SIGNED = "PuOr"
HEIGHT = 380
FONT = '"Source Sans", "Source Sans 3", "Helvetica Neue", Arial, sans-serif'
"""The font of the pages around the figures."""
MAX_POINTS = 2000
"""Points a line may have on screen; longer series are thinned for drawing, never for computing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One value per meaning. `LIGHT` and `DARK` are the only two."""

    name: Literal["light", "dark"]
    text: str
    muted: str
    grid: str
    surface: str
    actual: str
    forecast: str
    baseline: str
    train: str
    validation: str
    test: str
    warning: str
    input_gate: str
    forget_gate: str
    output_gate: str
    candidate: str
    cell: str
    hidden: str


LIGHT = Theme(
    name="light",
    text="#1B1B1F",
    muted="#5C5C63",
    grid="#E3E3E8",
    surface="#FFFFFF",
    actual="#1B1B1F",
    forecast="#0072B2",
    baseline="#7A7A80",
    train="#009E73",
    validation="#E69F00",
    test="#CC79A7",
    warning="#D55E00",
    input_gate="#009E73",
    forget_gate="#D55E00",
    output_gate="#0072B2",
    candidate="#E69F00",
    cell="#CC79A7",
    hidden="#56B4E9",
)
DARK = Theme(
    name="dark",
    text="#ECECEE",
    muted="#A5A5AB",
    grid="#35353C",
    surface="#15151A",
    actual="#ECECEE",
    forecast="#56B4E9",
    baseline="#A5A5AB",
    train="#33C79E",
    validation="#F5BE4A",
    test="#E0A3C6",
    warning="#FF8A4C",
    input_gate="#33C79E",
    forget_gate="#FF8A4C",
    output_gate="#56B4E9",
    candidate="#F5BE4A",
    cell="#E0A3C6",
    hidden="#8CCBF2",
)


def plain(text: str) -> str:
    """Text from data made inert: plotly reads `<` and `>` as markup and `%{` as a hover placeholder."""
    return text.replace("<", "‹").replace(">", "›").replace("%{", "% {")


def frame(figure: go.Figure, *, theme: Theme, x_title: str, y_title: str, height: int = HEIGHT) -> go.Figure:
    """Give a figure the house's axes, legend, hover and colours, in place.

    Parameters
    ----------
    x_title, y_title : str
        Axis titles with their unit, already inert (`plain`).
    height : int
        Pixels; fixed, so that nothing jumps.
    """
    axis = {
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "zerolinecolor": theme.grid,
        "tickfont": {"color": theme.muted, "size": 12},
        "automargin": True,
    }
    title_font = {"color": theme.text, "size": 13}
    layout = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": theme.text, "size": 13},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "font": {"color": theme.text}},
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": theme.surface, "font": {"color": theme.text}},
        "uirevision": "keep",
    }
    for name in [name for name in figure.layout if name.startswith(("xaxis", "yaxis"))]:
        title = {"text": x_title if name.startswith("x") else y_title, "font": title_font}
        layout[name] = axis | {"title": title}
    # As `update_layout` and `update_xaxes`, which look at every property again for each one set: ten times as slow.
    for name, added in layout.items():
        held = figure.layout[name]
        figure.layout[name] = _over(held.to_plotly_json(), added) if isinstance(added, dict) else added
    return figure


def _over(held: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """Settings over those there are; what is not set again stays."""
    deeper = {
        name: _over(held[name], one)
        for name, one in added.items()
        if isinstance(one, dict) and isinstance(held.get(name), dict)
    }
    return held | added | deeper


def upright(at: Any, *, row: int, line: dict[str, Any]) -> dict[str, Any]:
    """Shape of a line over the whole height of a panel; rows count from 1.

    Collect these and hand them to plotly at once: it checks every shape again for each one added.
    """
    axis = "" if row == 1 else str(row)  # plotly calls the first axes x and y
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "xref": f"x{axis}",
        "yref": f"y{axis} domain",
        "line": line,
    }


def faint(colour: str, opacity: float = 0.2) -> str:
    """A colour that shows what lies behind it, for bands."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def axis_label(name: str, unit: str) -> str:
    """`Sunspots [count]`, or the bare name when the unit is unknown or says the same; inert."""
    said = unit.lower() == name.lower() or name.endswith((f"[{unit}]", f"({unit})"))
    return plain(f"{name} [{unit}]" if unit and not said else name)
