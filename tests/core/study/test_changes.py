"""What differs between two settings, in words; and what may be compared."""

import pytest

from lstm_core.errors import RunError
from lstm_core.network.spec import DenseSpec, LayerSpec
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import SplitSpec
from lstm_core.preparation.windows import WindowSpec
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.samples import sample_roles
from lstm_core.series.source import SeriesSource
from lstm_core.study.changes import changes, require_same_test, title
from tests.core.study.conftest import networked, planned, prepared


def words(first, second):
    return [(one.name, one.first, one.second) for one in changes(first, second)]


class TestWhatDiffers:
    def test_equal_settings_with_other_seeds_do_not_differ(self, spec):
        assert words(spec, planned(spec, seed=7)) == []

    def test_another_way_to_the_same_series_is_no_change(self, spec):
        kept = CleaningRecord(source=SeriesSource(sample="sunspots", roles=sample_roles("sunspots")))
        assert words(spec, spec.model_copy(update={"cleaning": kept})) == []

    def test_one_thing(self, spec):
        assert words(spec, planned(spec, learning_rate=0.01)) == [("Learning rate", "0.001", "0.01")]

    def test_several_things_in_reading_order(self, spec):
        other = networked(planned(spec, clipnorm=None), LayerSpec(units=8))
        other = prepared(other, window=WindowSpec(length=12))
        assert words(spec, other) == [
            ("Window length", "6", "12"),
            ("Layer 1, units", "4", "8"),
            ("Clip norm", "1", "none"),
        ]

    def test_another_layer_is_told_by_what_it_has(self, spec):
        other = networked(spec, LayerSpec(units=4), LayerSpec(units=3), dense=(DenseSpec(units=16),))
        found = words(spec, other)
        assert ("Layer 2, units", "none", "3") in found
        assert ("Dense layer 1, dense units", "none", "16") in found
        assert not any("equence" in name for name, *_ in found)

    def test_what_the_other_choices_switch_off_is_no_change(self, spec):
        assert words(spec, planned(spec, momentum=0.5, decay_epochs=9.0, plateau_patience=2)) == []
        assert words(spec, planned(spec, quantile=0.9)) == []
        assert words(*(planned(spec, loss="pinball", quantile=q) for q in (0.1, 0.9))) == [
            ("Quantile", "0.1", "0.9")
        ]
        first, second = (planned(spec, optimizer="sgd", momentum=m) for m in (0.5, 0.9))
        assert words(first, second) == [("Momentum", "0.5", "0.9")]
        assert ("Schedule", "constant", "exponential") in words(
            spec, planned(spec, schedule="exponential", decay_epochs=9.0)
        )
        assert words(prepared(spec, scaling=ScalingSpec(lower=-1)), spec) == []

    def test_what_one_of_the_two_switches_off_is_a_change(self, spec):
        sgd = planned(spec, optimizer="sgd", momentum=0.5)
        for found in (words(spec, sgd), words(sgd, spec)):
            assert "Momentum" in [name for name, *_ in found]

    def test_every_place_of_a_spec_has_a_title(self, spec):
        whole = networked(spec, *[LayerSpec()] * 2, dense=(DenseSpec(),))
        from lstm_core.study.changes import _leaves

        names = [title(place) for place, _ in _leaves(whole)]
        assert len(set(names)) == len(names)
        assert all(name[0].isupper() and "." not in name and "_" not in name for name in names)


class TestWhatMayBeCompared:
    @pytest.mark.parametrize(
        ("choices", "words"),
        [
            (
                {"split": SplitSpec(test_fraction=0.3)},
                "test parts differ. Received: the last 0.2 of the rows and the last 0.3",
            ),
            ({"target": "x"}, "forecast different columns. Received: y and x"),
            ({"window": WindowSpec(length=6, horizon=2)}, "horizons differ. Received: 1 and 2"),
            ({"window": WindowSpec(length=6, stride=3)}, "strides differ"),
        ],
    )
    def test_f72_another_test_part_is_refused(self, spec, choices, words):
        with pytest.raises(RunError, match=words):
            require_same_test(spec, prepared(spec, **choices))

    def test_f72_another_series_is_refused(self, spec):
        with pytest.raises(RunError, match="different series"):
            require_same_test(spec, spec.model_copy(update={"series_fingerprint": "0" * 64}))

    def test_f72_another_test_date_is_refused(self, spec):
        first, second = (
            prepared(spec, split=SplitSpec(validation_start="2015-01-01", test_start=day))
            for day in ("2017-01-01", "2018-01-01")
        )
        with pytest.raises(RunError, match="from 2017-01-01 and from 2018-01-01"):
            require_same_test(first, second)

    @pytest.mark.parametrize(
        "choices",
        [
            {"window": WindowSpec(length=30)},
            {"features": ("x",)},
            {"scaling": ScalingSpec(kind="minmax")},
            {"split": SplitSpec(validation_fraction=0.2)},
            {"split": SplitSpec(gap=3)},
        ],
    )
    def test_everything_that_leaves_the_test_rows_alone_may_change(self, spec, choices):
        require_same_test(spec, prepared(spec, **choices))
