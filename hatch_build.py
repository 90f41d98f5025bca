"""Put the app into the wheel, so that the installed command works outside a checkout.

Not `force-include`: that would also copy the pages into an editable install, where the copy goes stale.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AppInWheel(BuildHookInterface):
    """Adds the app under `lstm_core/_app/`, laid out as in the checkout."""

    PARTS = ("app.py", "pages", "assets", ".streamlit/config.toml")

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the extra files; `version` is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"].update({part: f"lstm_core/_app/{part}" for part in self.PARTS})
