"""What a tab and its server say to each other: whether the page has answered the last act of the person.

The state that Streamlit shows in the page does not tell: right after an act it is still that of the answer before.
"""

from collections.abc import Callable
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LARGEST = 100_000
"""Bytes of a message that may begin or end a run; what is larger draws something, and is not read."""
LOOK_AGAIN = 20
"""Milliseconds between two looks."""


class Conversation:
    """The acts of one tab that ask for a run of the script, and the runs that answer them."""

    def __init__(self) -> None:
        self.asked: str | None = None
        self.runs = False
        self.n_acts = 0

    def listen(self, socket: WebSocket) -> None:
        """Follow a connection; a new one forgets what the last one left open."""
        self.asked, self.runs = None, False
        socket.on("framesent", self.sent)
        socket.on("framereceived", self.received)

    def sent(self, payload: str | bytes) -> None:
        """Note an act: the fragment it asks for, or "" for the whole page. A fragment that polls is no act."""
        if isinstance(payload, bytes):
            message = BackMsg.FromString(payload)
            if message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun:
                self.asked = message.rerun_script.fragment_id
                self.n_acts += 1

    def received(self, payload: str | bytes) -> None:
        """Note the begin or the end of a run; one that makes way for the next has not ended."""
        if isinstance(payload, str) or len(payload) > LARGEST:
            return
        message = ForwardMsg.FromString(payload)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.runs = True
            fragments = message.metadata.run.fragment_ids
            if not fragments or self.asked in fragments:
                self.asked = None
        elif kind == "script_finished":
            self.runs = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    @property
    def is_answered(self) -> bool:
        """Whether every act has had its run, to its end."""
        return self.asked is None and not self.runs


_CONVERSATIONS: WeakKeyDictionary[Page, Conversation] = WeakKeyDictionary()


def follow(page: Page) -> None:
    """Follow what this tab says, from its first connection on."""
    conversation = _CONVERSATIONS[page] = Conversation()
    page.on("websocket", conversation.listen)


def n_acts(page: Page) -> int:
    """How many acts this tab has asked the server to answer, up to now."""
    return _CONVERSATIONS[page].n_acts


def wait_until_asked(page: Page, before: int, patience: float) -> None:
    """Wait until the tab has asked for more than it had before: an act that needs time before it asks."""
    _look_until(page, lambda: _CONVERSATIONS[page].n_acts > before, patience, "the page did not ask")


def wait_until_answered(page: Page, patience: float) -> None:
    """Wait until the page has answered every act; a tab nobody follows has nothing to answer."""
    conversation = _CONVERSATIONS.get(page, Conversation())
    _let_it_draw(page)
    _look_until(page, lambda: conversation.is_answered, patience, "the page did not answer")
    _let_it_draw(page)


def _look_until(page: Page, true: Callable[[], bool], patience: float, complaint: str) -> None:
    looks = 0
    while not true():
        looks += 1
        assert looks * LOOK_AGAIN < patience, complaint
        page.wait_for_timeout(LOOK_AGAIN)


def _let_it_draw(page: Page) -> None:
    """Let the browser do what it has begun: send the act of this moment, draw the answer that just came."""
    page.evaluate("() => new Promise(done => setTimeout(() => setTimeout(done)))")
