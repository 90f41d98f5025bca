"""A chart that grows while it is looked at: drawn anew in place, so that a zoom stays and nothing flickers."""

from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.components.v2 import component

from pages._shell import present

if TYPE_CHECKING:
    import plotly.graph_objects as go

_MARK = "live"
"""What a chart that grows is marked with: nothing else may be drawn into."""
_ASSETS = Path(__file__).parents[2] / "assets"
_mount = component("live_chart", js=(_ASSETS / "live_chart.js").read_text(encoding="utf-8"))


def show(figure: "go.Figure", empty: "go.Figure", key: str, *, alt: str) -> None:
    """Draw `empty` and let the browser put `figure` into it; another `empty` starts anew, with no zoom.

    Parameters
    ----------
    empty : the same chart before there is anything to show, of the same height
    alt : the message of `figure`
    """
    present.show(empty.update_layout(meta=_MARK), key, alt="Nothing has been drawn yet.")
    _mount(key=f"live_{key}", data={"key": key, "figure": figure.to_json(), "alt": alt, "mark": _MARK})
