"""An act counts as answered when the run it asked for is over, not before."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conversation import Conversation

DONE, MAKES_WAY = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN


@pytest.fixture
def tab() -> Conversation:
    return Conversation()


def act(tab: Conversation, fragment: str = "", *, polls: bool = False) -> None:
    message = BackMsg()
    message.rerun_script.fragment_id = fragment
    message.rerun_script.is_auto_rerun = polls
    tab.sent(message.SerializeToString())


def begin(tab: Conversation, *fragments: str) -> None:
    message = ForwardMsg()
    message.metadata.run.fragment_ids.extend(fragments)
    message.new_session.name = "app"
    tab.received(message.SerializeToString())


def end(tab: Conversation, how: ForwardMsg.ScriptFinishedStatus.ValueType = DONE) -> None:
    tab.received(ForwardMsg(script_finished=how).SerializeToString())


def test_an_act_waits_for_its_run_and_for_the_end_of_it(tab):
    assert tab.is_answered
    act(tab)
    assert not tab.is_answered
    begin(tab)
    assert not tab.is_answered
    end(tab)
    assert tab.is_answered


def test_the_end_of_the_run_before_answers_nothing(tab):
    begin(tab)
    act(tab)
    end(tab, MAKES_WAY)
    assert not tab.is_answered
    begin(tab)
    end(tab)
    assert tab.is_answered


def test_a_run_that_makes_way_for_the_next_is_no_end(tab):
    act(tab)
    begin(tab)
    end(tab, MAKES_WAY)
    assert not tab.is_answered


def test_a_fragment_that_polls_asks_and_answers_nothing(tab):
    act(tab, "curve", polls=True)
    assert tab.is_answered
    assert tab.n_acts == 0
    act(tab)
    assert tab.n_acts == 1
    begin(tab, "curve")
    end(tab, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    assert not tab.is_answered


@pytest.mark.parametrize("answer", [("curve",), ()], ids=["the fragment", "the whole page"])
def test_an_act_inside_a_fragment_is_answered_by_the_fragment_or_the_page(tab, answer):
    act(tab, "curve")
    begin(tab, *answer)
    end(tab)
    assert tab.is_answered
