import pytest

from lstm_core.evaluation.verdict import amount, amounts, p_text, part_of, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14.234, "14.2"),
        (0, "0"),
        (-0.004117, "−0.00412"),
        (1234.5, "1\u202f230"),
        (99.96, "100"),
        (3e9, "3.00e+09"),
        (1e-9, "1.00e−09"),
    ],
)
def test_amount_has_three_significant_digits(value, text):
    assert amount(value) == text
    assert amount(value, "kg") == f"{text} kg"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((372.94, 371.87, 374.0), ("372.94", "371.87", "374.00")),
        ((12.64, -14.61, 39.8), ("12.6", "−14.6", "39.8")),
        ((12345.6, 12845.2), ("12\u202f346", "12\u202f845")),
        ((0.5, 1234.5), ("0.500", "1\u202f234")),
        ((1e-9, 3.0), ("1.00e−09", "3.00")),
        ((7.0, 7.0), ("7.00", "7.00")),
        ((7.0, 7.0 + 1e-12), ("7.00", "7.00")),
        ((0.0, -0.0), ("0", "0")),
        ((3e9, 4e9), ("3.00e+09", "4.00e+09")),
    ],
)
def test_levels_beside_each_other_have_the_digits_that_tell_them_apart(values, texts):
    assert amounts(*values) == texts
    assert amounts(*values, unit="kg") == tuple(f"{text} kg" for text in texts)


def test_p_value_below_a_thousandth_is_not_spelled_out():
    assert (p_text(1e-12), p_text(0.0421), p_text(1.0)) == ("p < 0.001", "p = 0.042", "p = 1")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.3359, "+33.6%"),
        (-2.774, "−277%"),
        (-1.047, "−105%"),
        (-155.47, "−15\u202f547%"),
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
