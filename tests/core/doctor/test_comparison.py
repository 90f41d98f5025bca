"""Two runs held against each other: what was changed, what came of it, and how sure that is."""

import pytest

from lstm_core.doctor.comparison import NOTICEABLE, ONE_SEED, changes, compare
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.samples import sample_roles
from lstm_core.series.source import SeriesSource
from tests.core.doctor.cases import board, curve, healthy, spec
from tests.core.doctor.test_rules import swinging


def words(before, after):
    return [(change.name, change.before, change.after) for change in changes(before, after)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"clipnorm": None}, ("Clip norm", "1", "none")),
        ({"learning_rate": 0.1}, ("Learning rate", "0.001", "0.1")),
        ({"scaling": "none"}, ("Scaling", "standard", "none")),
        ({"length": 12}, ("Window length", "24", "12")),
        ({"dropout": 0.2}, ("Dropout", "0", "0.2")),
    ],
)
def test_a_change_has_the_name_it_has_on_the_pages(change, expected):
    assert words(spec(), spec(**change)) == [expected]


def test_equal_runs_differ_in_nothing():
    assert changes(spec(), spec()) == ()
    kept = CleaningRecord(source=SeriesSource(sample="sunspots", roles=sample_roles("sunspots")))
    assert changes(spec(), spec().model_copy(update={"cleaning": kept})) == ()


def test_the_same_setting_of_two_layers_is_one_change():
    def two(*units):
        layers = tuple(LayerSpec(units=one) for one in units)
        return spec().model_copy(update={"network": NetworkSpec(layers=layers)})

    assert words(two(8, 4), two(16, 8)) == [("Units", "8 + 4", "16 + 8")]
    assert words(two(8), two(8, 4)) == [("Layers", "8", "8 + 4")]


@pytest.mark.parametrize(
    ("after", "tone", "words"),
    [
        (1 - NOTICEABLE - 0.01, "good", "The change helped"),
        (1 + NOTICEABLE + 0.01, "caution", "The change made it worse"),
        (1 - NOTICEABLE + 0.01, "note", "no difference worth the name"),
        (1.0, "note", "no difference worth the name"),
    ],
)
def test_a_difference_counts_when_it_is_large_enough(after, tone, words):
    # The test part says the opposite, and does not choose.
    one, other = (
        healthy(boards={"validation": board(lstm=mae), "test": board(lstm=1 / mae)}) for mae in (1.0, after)
    )
    found = compare(one, other)
    assert found.verdict.tone == tone
    assert "on the test part, which does not choose" in found.verdict.sentence
    assert words in found.verdict.sentence
    assert ONE_SEED in found.verdict.sentence


def test_findings_that_went_and_came_are_named():
    swings = healthy(state=curve(swinging(0.5)))
    assert [rule.key for rule in compare(swings, healthy()).gone] == ["rate_too_high"]
    assert [rule.key for rule in compare(healthy(), swings).come] == ["rate_too_high"]


def test_a_run_without_a_forecast_can_be_compared():
    failed = healthy(state=curve([1, 1e9], failed=True), boards={}, forecasts={}, lag=None)
    assert compare(failed, healthy()).verdict.tone == "good"
    assert compare(healthy(), failed).verdict.tone == "caution"
    assert compare(healthy(boards={"validation": board(lstm=0.0)}), healthy()).verdict.tone == "note"
