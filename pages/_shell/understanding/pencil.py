"""The pencil: a chart of one window that a person draws into with a mouse, a finger or the keyboard.

Its two files stand in `assets/` and travel with the app; nothing is built and nothing is fetched. It computes no
values: it says what was asked for, and draws what it is given. `assets/pencil.js` says how commands are numbered.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from streamlit.components.v2 import component

from pages._shell import state

KEY = "pencil"
_ASSETS = Path(__file__).parents[3] / "assets"
HTML = """
<div class="pencil">
  <div class="tools" role="toolbar" aria-label="Drawing tools"></div>
  <p class="hint"></p>
  <div class="legend"></div>
  <svg class="plot" tabindex="0" role="slider"></svg>
  <p class="readout" aria-live="polite"></p>
</div>
"""
JS = (_ASSETS / "pencil.js").read_text(encoding="utf-8")
_CSS = (_ASSETS / "pencil.css").read_text(encoding="utf-8")
_mount = component("pencil", html=HTML, css=_CSS, js=JS)


def draw(data: dict[str, Any], *, on_commands: Callable[[], None]) -> None:
    """Draw the window; `on_commands` is called before the page runs again, when something was asked for."""
    _mount(key=KEY, data=data, on_commands_change=on_commands)


def commands() -> Sequence[dict[str, Any]]:
    """What was asked for and not acknowledged yet, oldest first; for the callback."""
    sent = getattr(state.held(KEY), "commands", None)
    return sent if isinstance(sent, list) else []
