"""Names of runs."""

from lstm_core.runs.names import free_name


def test_free_names_stay_within_the_limit():
    long = "x" * 100
    assert len(free_name(long, [long[:80]])) <= 80


def test_the_continuation_of_a_numbered_run_gets_the_next_number():
    assert free_name("a (2)", ["a", "a (2)"]) == "a (3)"
    assert free_name("a (2)", ["a"]) == "a (2)"
    assert free_name("a (2)", ["a (2)", "a (3)"]) == "a (4)"
