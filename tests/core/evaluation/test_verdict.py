import pytest

from lstm_core.evaluation.verdict import amount, p_text, part_of, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14.234, "14.2"),
        (0, "0"),
        (-0.004117, "−0.00412"),
        (1234.5, "1\u2009230"),
        (99.96, "100"),
        (3e9, "3.00e+09"),
        (1e-9, "1.00e−09"),
    ],
)
def test_amount_has_three_significant_digits(value, text):
    assert amount(value) == text
    assert amount(value, "kg") == f"{text} kg"


def test_p_value_below_a_thousandth_is_not_spelled_out():
    assert (p_text(1e-12), p_text(0.0421), p_text(1.0)) == ("p < 0.001", "p = 0.042", "p = 1")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.3359, "+33.6%"),
        (-2.774, "−277%"),
        (-1.047, "−105%"),
        (0.9996, "+100%"),
        (0.0, "0.0%"),
        (-0.0004, "0.0%"),
    ],
)
def test_share_has_three_significant_digits_and_nothing_has_no_sign(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (1 / 105_120, "less than 0.1%"),
        (0.000_499, "less than 0.1%"),
        (0.001, "0.1%"),
        (0.25, "25.0%"),
        (0.999_99, "100.0%"),
    ],
)
def test_a_few_of_many_are_not_none(share, text):
    assert part_of(share) == text
