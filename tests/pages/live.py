"""What a page has put into a chart that grows."""

import json

from streamlit.testing.v1 import AppTest


def live_figure(app: AppTest, key: str) -> dict:
    """Return the figure that the browser puts into the live chart with this key."""
    return json.loads(_sent(app, key)["figure"])


def live_words(app: AppTest, key: str) -> str:
    """What a screen reader is told of the live chart with this key."""
    return _sent(app, key)["alt"]


def _sent(app: AppTest, key: str) -> dict:
    sent = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return next(one for one in sent if one["key"] == key)
