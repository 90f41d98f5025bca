"""The bench itself measures time and is no test; what can be said without a clock is tested here."""

import pytest

from tests.bench.__main__ import SECTIONS, parse
from tests.bench.contest import OURS, _table, _verdicts
from tests.bench.measure import Measurement, Table, spread
from tests.bench.rivals import Answer


def test_no_section_means_all_and_sections_keep_their_order():
    assert parse([]) == (list(SECTIONS), 3)
    assert parse(["web", "training", "--rounds", "0"]) == (["training", "web"], 1)


def test_an_unknown_section_is_refused_with_its_name(capsys):
    with pytest.raises(SystemExit):
        parse(["trainings"])
    assert "no such section: trainings" in capsys.readouterr().err


def test_a_target_is_a_floor_or_a_ceiling():
    floor = Measurement(name="ratio", value=1.29, target=1.3, unit="times", more_is_better=True)
    ceiling = Measurement(name="wait", value=1.29, target=1.3, unit="s")
    assert (floor.holds, ceiling.holds) == (False, True)
    assert "**does not hold**" in floor.row()
    assert "at least 1.3 times" in floor.row()
    assert "at most 1.3 s" in ceiling.row()


def test_median_and_range():
    assert spread([3.0, 1.0, 2.0], ".1f") == "2.0 (1.0-3.0)"
    assert spread([3.0], ".1f") == "3.0"


def test_sides_are_compared_by_their_best_round_and_the_absent_are_left_out():
    def answer(speed: float) -> Answer:
        return Answer(windows_per_second=speed, first_loss=10 / speed, total=100 / speed, loss=0.5)

    answers = {OURS: [answer(20), answer(40)], ("plain Keras fit", "default"): [answer(16), answer(8)]}
    (verdict,) = _verdicts("shape", answers, {"plain Keras fit": 2.0, "Darts RNNModel": 1.0})
    assert verdict.value == 2.5
    table = _table("shape", answers)
    assert [row[:2] for row in table.rows] == [list(side) for side in answers]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert table.rows[1][4] == "2.50"


def test_a_table_is_markdown():
    table = Table(title="T", columns=("a", "b"), rows=[("1", "2")])
    assert table.markdown() == "T\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
