"""Systematic debugging: every step answers, in order, with a number, and the first red one stops."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.doctor.checkup import _QUESTIONS, STAGES, check_up, first_red
from lstm_core.doctor.green import Subject, end
from lstm_core.doctor.rules import RULES
from lstm_core.evaluation.verdict import amount
from lstm_core.preparation.windows import PreparationSpec, prepare
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import Cleaning, OutlierStep
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource
from lstm_core.training.events import RunState
from tests.core.doctor.cases import board, curve, healthy, past, spec, wave
from tests.core.doctor.test_rules import HEART, STILL, gates, size, told


def subject(case=None, *, filled=0.0, leak=False):
    values = wave(200)
    columns = [values] + ([np.r_[values[1:], 0]] if leak else [])
    marks = np.zeros((200, len(columns)), dtype=bool)
    marks[: round(200 * filled), 0] = True
    names = ("y", "x")[: len(columns)]
    series = Series(
        values=np.column_stack(columns), index=pd.RangeIndex(200), columns=names, name="wave", filled=marks
    )
    prepared = prepare(series, PreparationSpec(target="y", features=names[1:]))
    return Subject(case=case or healthy(), series=series, prepared=prepared)


def tones(checks):
    return {check.key: check.tone for check in checks}


def untrained(**changes):
    return healthy(
        state=RunState(),
        boards={},
        forecasts={},
        lag=None,
        bias=None,
        leftover=None,
        remembers=None,
        uneven=(),
        spread=None,
        gates=(),
        units=(),
        **changes,
    )


def test_a_healthy_run_is_green_from_top_to_bottom():
    checks = check_up(subject())
    assert set(tones(checks).values()) == {"good"}
    assert first_red(checks) is None
    for check in checks:
        assert any(digit in check.seen for digit in "0123456789"), check.seen
        assert check.finding is None


def test_data_come_before_the_network_and_that_before_regularisation():
    stages = [check.stage for check in check_up(subject())]
    assert list(dict.fromkeys(stages)) == list(STAGES)
    assert stages == sorted(stages, key=list(STAGES).index)


def test_before_any_training_the_data_can_be_checked():
    checks = check_up(subject(untrained()))
    assert {check.stage: {one.tone for one in checks if one.stage == check.stage} for check in checks}[
        "data"
    ] == {"good"}
    waiting = [check for check in checks if check.tone == "note"]
    assert {check.key for check in waiting} == {
        "steps",
        "alive",
        "learned",
        "baselines",
        "heart",
        "end",
        "rest",
    }
    assert {check.page for check in waiting} == {"pages/training.py"}


@pytest.mark.parametrize(
    ("changes", "key", "tone"),
    [
        ({"inputs": (size(outside=0.99, largest=1e6),)}, "scaling", "bad"),
        (
            {
                "past": past(
                    np.random.default_rng(0).normal(size=200), something=False, p_values=0.5, season=1
                ),
                "boards": {"train": board(), "test": board(r2=0.0)},
            },
            "learnable",
            "bad",
        ),
        ({"past": past(unseen=0.5)}, "range", "caution"),
        ({"spec": spec(length=1)}, "window", "bad"),
        ({"state": curve([1, 9, 1e9], failed=True)}, "steps", "bad"),
        ({"gates": gates(0.9)}, "alive", "caution"),
        (told(STILL), "learned", "bad"),
        ({"boards": {"train": board(), "test": board(lstm=2.0)}}, "baselines", "caution"),
        (
            {"state": curve([1, 0.5, 0.3, 0.2, *HEART], [1, 0.6, 0.5, 0.4, 0.5, 0.6, 0.6, 0.7, 0.7])},
            "heart",
            "caution",
        ),
    ],
)
def test_a_finding_of_the_doctor_colours_its_step(changes, key, tone):
    checks = check_up(subject(healthy(**changes)))
    found = next(check for check in checks if check.key == key)
    assert found.tone == tone
    assert found.seen.startswith(f"{found.finding.rule.name}. ")
    assert found.advice
    if tone == "bad":
        assert checks[first_red(checks)].key == key


@pytest.mark.parametrize(("share", "tone"), [(0.05, "good"), (0.06, "caution"), (0.31, "bad")])
def test_filled_gaps_count(share, tone):
    check = check_up(subject(filled=share))[0]
    assert (check.key, check.tone) == ("gaps", tone)
    assert f"{share:.0%}" in check.seen or f"{share:.1%}" in check.seen


def test_a_few_filled_values_of_many_are_told():
    whole = subject()
    n_rows = 20_000
    marks = np.zeros((n_rows, 1), dtype=bool)
    marks[:3] = True
    series = Series(
        values=np.arange(n_rows, dtype=float)[:, None],
        index=pd.RangeIndex(n_rows),
        columns=("y",),
        name="long",
        filled=marks,
    )
    long = replace(whole, series=series, prepared=prepare(series, PreparationSpec(target="y")))
    assert check_up(long)[0].seen.startswith("Less than 0.1% of the target's values")
    assert check_up(whole)[0].seen.startswith("0% of the target's values")


def test_an_input_that_knows_the_future_is_red():
    checks = check_up(subject(leak=True))
    assert tones(checks)["leaks"] == "bad"
    assert "'x'" in checks[1].seen


def test_cleaning_that_learned_behind_the_train_rows_is_red():
    steps = (OutlierStep(column="y"),)
    for share, tone in ((0.7, "good"), (0.9, "bad")):
        source = SeriesSource(sample="sine", cleaning=Cleaning(steps=steps, known_share=share))
        case = healthy()
        spec_of_run = case.spec.model_copy(update={"cleaning": CleaningRecord(source=source)})
        assert tones(check_up(subject(replace(case, spec=spec_of_run))))["leaks"] == tone


def test_every_rule_has_its_step():
    assert {rule.key for question in _QUESTIONS for rule in question.rules} == {rule.key for rule in RULES}


@pytest.mark.parametrize(
    ("losses", "plan", "words"),
    [
        ([1, 0.5, 0.4], {"epochs": 3}, "of 3: all planned epochs are done"),
        (
            [1, 0.5, 0.6, 0.6],
            {"patience": 2},
            "The best epoch is 2 of 4: the patience of 2 ended the training",
        ),
        ([1, 0.5, 0.4], {"epochs": 100, "patience": 20}, "stopped by hand, 100 epochs were planned"),
        ([1, 0.5, 0.4], {"epochs": 100, "patience": None}, "stopped by hand, 100 epochs were planned"),
    ],
)
def test_it_knows_what_ended_the_training(losses, plan, words):
    case = healthy(state=curve(losses), spec=spec(**plan))
    assert words in end(subject(case))


def test_what_the_network_gains_stands_beside_what_the_last_value_misses():
    boards = healthy().boards
    said = " ".join(check.seen for check in check_up(subject()))
    for part in ("train", "test"):
        lstm, naive = (boards[part][who].mae for who in ("lstm", "naive"))
        numbers = (
            f"the MAE is {amount(lstm, 'V')}, that of repeating the last value {amount(naive, 'V')} (skill +"
        )
        assert numbers in said


def test_a_quantile_is_sent_to_the_page_that_judges_it():
    checks = {
        check.key: check for check in check_up(subject(healthy(spec=spec(loss="pinball", quantile=0.9))))
    }
    for key in ("learned", "baselines", "rest"):
        assert (checks[key].tone, checks[key].page) == ("note", "pages/forecast.py")
        assert "learned the quantile 0.9" in checks[key].seen
    assert checks["scaling"].tone == "good"
