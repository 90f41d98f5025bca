"""The page of the documentation is the one that the rules write."""

import re
from pathlib import Path

from lstm_core.doctor import bias, curves, forecasts, inputs, steps, units
from lstm_core.doctor.rules import RULES
from lstm_core.doctor.table import render

PAGE = Path(__file__).parents[3] / "docs" / "doctor.md"


def test_the_page_says_what_the_rules_say():
    assert PAGE.read_text(encoding="utf-8") == render(), (
        "write it again: python -m lstm_core.doctor.table > docs/doctor.md"
    )


def test_names_are_unique_and_every_rule_names_its_rows():
    assert len({rule.name for rule in RULES}) == len({rule.key for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[A-Z]{1,2}\d+", row) for rule in RULES for row in rule.rows)
    assert all(rule.rows for rule in RULES)


def test_no_rule_is_left_out():
    assert {rule.key for rule in RULES} == {
        name
        for module in (bias, curves, forecasts, inputs, steps, units)
        for name, thing in vars(module).items()
        if getattr(thing, "look", None) and thing.look.__module__ == module.__name__
    }
