"""Lines, arrows, boxes and words of a drawing without axes."""

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from lstm_core.figures.theme import Theme, frame

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes and words, handed to plotly at once: one by one it would check them all again each time.

    Attributes
    ----------
    block_width, block_height : of a `block`, in the units of the drawing
    """

    theme: Theme
    block_width: float = 1.42
    block_height: float = 0.95
    shapes: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    def figure(self, *, width: Place, height: Place, pixels: int) -> go.Figure:
        """Turn what was drawn into a figure that shows these ranges."""
        figure = go.Figure(layout={"shapes": self.shapes, "annotations": self.words})
        frame(figure, theme=self.theme, x_title="", y_title="", height=pixels)
        figure.update_xaxes(visible=False, range=width, fixedrange=True)
        figure.update_yaxes(visible=False, range=height, fixedrange=True)
        figure.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4}, hovermode=False, dragmode=False)
        return figure

    def word(
        self, at: Place, text: str, *, size: int = 14, colour: str | None = None, anchor: str = "center"
    ) -> None:
        """Write words around a place, or from it to the right with `anchor` "left"."""
        font = {"color": colour or self.theme.text, "size": size}
        look = {"text": text, "showarrow": False, "font": font, "xanchor": anchor}
        self.words.append({"x": at[0], "y": at[1]} | look)

    def value(self, at: Place, number: float) -> None:
        """Write a number to the right of a place, with the minus sign of the axes."""
        self.word(at, f"{number:z.2f}".replace("-", "−"), size=12, anchor="left")
        self.words[-1]["xshift"] = 6

    def block(self, at: Place, text: str, colour: str, *, height: float | None = None) -> None:
        """Draw a box around a place, with words in it."""
        (x, y), tall = at, height or self.block_height
        half = self.block_width / 2
        self.box((x - half, y - tall / 2), (x + half, y + tall / 2), colour)
        self.word(at, text, size=11)

    def box(self, corner: Place, opposite: Place, colour: str, *, dash: str = "solid") -> None:
        """Draw a filled box between two corners."""
        self.shapes.append(
            {
                "type": "rect",
                "x0": corner[0],
                "x1": opposite[0],
                "y0": corner[1],
                "y1": opposite[1],
                "line": {"color": colour, "width": 2, "dash": dash},
                "fillcolor": self.theme.surface,
            }
        )

    def sign(self, at: Place, text: str) -> None:
        """Draw a sign in a circle: what is done to the lines that meet there."""
        x, y = at
        self.shapes.append(
            {
                "type": "circle",
                "x0": x - 0.3,
                "x1": x + 0.3,
                "y0": y - 0.28,
                "y1": y + 0.28,
                "line": {"color": self.theme.text, "width": 1.5},
                "fillcolor": self.theme.surface,
            }
        )
        self.word(at, f"<b>{text}</b>")

    def line(self, start: Place, end: Place, colour: str, *, width: float = 2) -> None:
        """Draw a line below everything else."""
        self.shapes.append(
            {
                "type": "line",
                "x0": start[0],
                "y0": start[1],
                "x1": end[0],
                "y1": end[1],
                "line": {"color": colour, "width": width},
                "layer": "below",
            }
        )

    def arrow(self, start: Place, end: Place, colour: str, *, width: float = 2) -> None:
        """Draw a line with a tip, below the boxes."""
        self.line(start, end, colour, width=width)
        # The tip alone: an annotation's arrow cannot lie below the shapes.
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = (dx * dx + dy * dy) ** 0.5
        tip = {"x": end[0], "y": end[1], "ax": end[0] - 0.2 * dx / length, "ay": end[1] - 0.2 * dy / length}
        axes = {"axref": "x", "ayref": "y", "xref": "x", "yref": "y"}
        self.words.append(tip | axes | {"text": "", "arrowcolor": colour, "arrowhead": 2, "arrowwidth": 2})

    def flow(self, start: Place, end: Place, colour: str) -> None:
        """Draw a thin arrow that lies above everything else; works in any units."""
        ends = {"x": end[0], "y": end[1], "ax": start[0], "ay": start[1]}
        axes = {"axref": "x", "ayref": "y", "xref": "x", "yref": "y"}
        self.words.append(ends | axes | {"text": "", "arrowcolor": colour, "arrowhead": 2, "arrowwidth": 1.5})
