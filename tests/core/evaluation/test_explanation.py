"""Which explanations are trusted, in one sentence, and how many windows a test may cost."""

import numpy as np
import pytest

from lstm_core.evaluation.explanation.comparison import (
    FEWEST_PLAYERS,
    FEWEST_WINDOWS,
    MOST_PLAYERS,
    MOST_WINDOWS,
    most_players,
    trust_verdict,
    windows_to_test,
)
from lstm_core.evaluation.explanation.truth import Trust, TruthTest

FLAT = np.zeros(4)


def outcome(room=1.0, **trusts):
    made = {
        name: Trust(trust=one, gain=one, beats=0.5, low=0, high=1, deletion=FLAT, insertion=FLAT)
        for name, one in {**trusts, "best": 1.0}.items()
    }
    return TruthTest(
        best=made.pop("best"),
        trusts=made,
        random_limit=0.3,
        random_deletion=np.zeros((2, 4)),
        random_insertion=np.zeros((2, 4)),
        room=room,
        n_windows=9,
        n_random=100,
    )


@pytest.mark.parametrize(
    ("trusts", "tone", "words"),
    [
        ({"A": 0.8, "B": 0.9}, "good", "B 0.90, A 0.80"),
        ({"A": 0.8, "B": 0.1}, "caution", "No better than random: B"),
        ({"A": 0.1, "B": 0.2}, "bad", "No explanation can be trusted"),
    ],
)
def test_verdict_names_those_that_pass(trusts, tone, words):
    verdict = trust_verdict(outcome(**trusts))
    assert verdict.tone == tone
    assert words in verdict.sentence


def test_nothing_to_explain_is_said():
    verdict = trust_verdict(outcome(room=0.0, A=0.9))
    assert verdict.tone == "note"
    assert "no better than random" in verdict.sentence


def test_windows_are_spread_and_no_more_than_can_be_paid():
    assert windows_to_test(100, 10, per_forecast=1).tolist()[0] == 0
    assert windows_to_test(100, 10, per_forecast=1).tolist()[-1] == 99
    assert len(windows_to_test(100, 10, per_forecast=1)) == MOST_WINDOWS
    assert windows_to_test(100, 10, per_forecast=1e12).tolist() == [99]
    few = most_players(per_forecast=2e7)
    assert FEWEST_PLAYERS < few < MOST_PLAYERS
    assert len(windows_to_test(100, few, per_forecast=2e7)) == FEWEST_WINDOWS
    assert most_players(per_forecast=1.0) == MOST_PLAYERS
    assert most_players(per_forecast=1e12) == FEWEST_PLAYERS
    assert windows_to_test(1, 10, per_forecast=1e12).tolist() == [0]
