"""Bands over epochs and over dates: every seed lies inside, and none counts where it has not been."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.evaluation.forecast import Forecast
from lstm_core.study.bands import forecast_band, loss_band
from lstm_core.study.table import forecast_table, loss_table
from lstm_core.training.events import fold
from tests.core.study.conftest import curve

LOSSES = st.lists(st.floats(0.01, 100), max_size=12)


def told(*curves):
    return {seed: fold(curve(*losses)) for seed, losses in enumerate(curves)}


class TestLosses:
    def test_middle_low_and_high_by_hand(self):
        band = loss_band(told((0.9, 0.5), (0.7, 0.6), (0.8, 0.1)))
        assert band.epochs.tolist() == [1, 2]
        assert band.validation.middle.tolist() == [0.8, 0.5]
        assert band.validation.low.tolist() == [0.7, 0.1]
        assert band.validation.high.tolist() == [0.9, 0.6]
        assert band.train.high.tolist() == [0.45, 0.3]
        assert band.best == {0: (2, 0.5), 1: (2, 0.6), 2: (2, 0.1)}

    def test_a_run_that_stopped_early_counts_only_where_it_has_been(self):
        band = loss_band(told((0.9, 0.5, 0.4, 0.3), (0.1, 0.2), (0.8, 0.6, 0.7)))
        assert band.n.tolist() == [3, 3, 2, 1]
        assert band.n_together == 2
        assert band.validation.low.tolist() == [0.1, 0.2, 0.4, 0.3]
        assert band.validation.middle.tolist() == [0.8, 0.5, pytest.approx(0.55), 0.3]

    @given(st.lists(LOSSES, max_size=6))
    def test_every_curve_lies_inside(self, curves):
        band = loss_band(told(*curves))
        assert band.n.tolist() == [sum(len(one) >= epoch for one in curves) for epoch in band.epochs]
        for one in curves:
            inside = slice(0, len(one))
            assert (band.validation.low[inside] <= np.array(one)).all()
            assert (np.array(one) <= band.validation.high[inside]).all()
        assert (band.validation.low <= band.validation.middle).all()
        assert (band.validation.middle <= band.validation.high).all()

    def test_nothing_yet_is_an_empty_band(self):
        band = loss_band(told((), ()))
        assert (len(band.epochs), band.n_together, dict(band.best)) == (0, 0, {})

    def test_a_loss_that_is_no_number_is_left_out(self):
        band = loss_band(told((0.5, float("nan")), (0.6, float("inf"))))
        assert band.validation.middle.tolist()[0] == pytest.approx(0.55)
        assert np.isnan(band.validation.middle[1])

    @given(st.integers(2, 3000), st.integers(2, 3000))
    def test_long_curves_are_thinned_and_keep_what_matters(self, first, second):
        band = loss_band(told([0.5] * first, [0.4] * second), most=50)
        assert len(band.epochs) <= 50
        assert (band.epochs[0], band.epochs[-1]) == (1, max(first, second))
        assert min(first, second) in band.epochs
        assert (np.diff(band.epochs) > 0).all()

    def test_all_epochs_for_a_download(self):
        assert len(loss_band(told([0.5] * 500), most=None).epochs) == 500


def made(*predicted, origins=(10, 11)):
    actual = np.array([[1.0, 2.0], [2.0, 3.0]])
    return {
        seed: Forecast(
            origins=np.array(origins), actual=actual, predicted=np.array(one), part="test", unit="V"
        )
        for seed, one in enumerate(predicted)
    }


class TestForecasts:
    def test_the_band_of_one_step(self):
        band = forecast_band(
            made([[1.1, 5.0], [2.5, 6.0]], [[0.9, 3.0], [2.3, 4.0]], [[1.4, 2.0], [2.4, 1.0]])
        )
        assert band.rows.tolist() == [10, 11]
        assert band.actual.tolist() == [1.0, 2.0]
        assert band.band.low.tolist() == [0.9, 2.3]
        assert band.band.middle.tolist() == [1.1, 2.4]
        assert band.band.high.tolist() == [1.4, 2.5]
        assert (band.covered, band.seeds, band.unit) == (0.5, (0, 1, 2), "V")
        assert band.width == pytest.approx(0.35)

    def test_a_later_step_moves_rows_along(self):
        band = forecast_band(made([[1.1, 5.0], [2.5, 6.0]]), step=2)
        assert band.rows.tolist() == [11, 12]
        assert band.actual.tolist() == [2.0, 3.0]
        assert band.band.middle.tolist() == [5.0, 6.0]

    def test_forecasts_of_different_windows_make_no_band(self):
        other = made([[1.0, 1.0], [1.0, 1.0]], origins=(11, 12))
        with pytest.raises(ValueError, match="same windows"):
            forecast_band({**made([[1.0, 1.0], [1.0, 1.0]]), 7: other[0]})
        with pytest.raises(ValueError, match="same windows"):
            forecast_band({})


class TestTables:
    def test_the_band_of_losses(self):
        table = loss_table(loss_band(told((0.9, 0.5), (0.7,))))
        assert table["epoch"].tolist() == [1, 2]
        assert table["runs"].tolist() == [2, 1]
        assert table["validation lowest"].tolist() == [0.7, 0.5]

    def test_the_band_of_forecasts_names_dates_and_every_seed(self, series):
        each = made([[1.1, 5.0], [2.5, 6.0]], [[0.9, 3.0], [2.3, 4.0]])
        table = forecast_table(series, forecast_band(each), each)
        assert table["time"].tolist() == ["2010-11-01", "2010-12-01"]
        assert table["lowest"].tolist() == [0.9, 2.3]
        assert table["seed 0"].tolist() == [1.1, 2.5]
