"""ETS and Theta at later origins: what statsmodels itself forecasts there with the numbers fitted on the train rows."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel, ThetaModelResults
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from lstm_core.evaluation.classical import fit_classical, fit_ets, fit_theta, in_words
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series

RNG = np.random.default_rng(5)
N_FITTED = 150


def wave(period: int, *, trend: float, size: float, noise: float = 0.4) -> np.ndarray:
    rows = np.arange(240)
    season = size * np.sin(2 * np.pi * rows / period)
    return 60 + trend * rows + season + noise * RNG.normal(size=240).cumsum()


ETS_CASES = {
    "level": (wave(7, trend=0, size=0), 1),
    "trend": (wave(7, trend=0.8, size=0, noise=0.05), 1),
    "season": (wave(7, trend=0, size=9), 7),
    "both": (wave(12, trend=0.5, size=9, noise=0.05), 12),
}


@pytest.mark.parametrize(("values", "season"), ETS_CASES.values(), ids=ETS_CASES)
def test_ets_forecasts_as_statsmodels_does_after_appending_rows(values, season):
    label, ahead = fit_ets(values, N_FITTED, season)
    spread = values[:N_FITTED].std()
    trend, seasonal = "damped" in label, "season of" in label
    chosen = {
        "trend": "add" if trend else None,
        "damped_trend": trend,
        "seasonal": "add" if seasonal else None,
        "seasonal_periods": season if seasonal else None,
    }
    fitted = ETSModel(values[:N_FITTED] / spread, initialization_method="heuristic", **chosen).fit(disp=False)
    np.testing.assert_allclose(ahead(np.array([N_FITTED]), 30)[0], spread * fitted.forecast(30), rtol=1e-8)
    before = {"initial_level": fitted.initial_level}
    before |= {"initial_trend": fitted.initial_trend} if trend else {}
    before |= {"initial_seasonal": fitted.initial_seasonal} if seasonal else {}
    for origin in (N_FITTED + 1, 187, 240):
        # The numbers fitted on the train rows, smoothed over the rows that came: nothing is fitted again.
        known = ETSModel(values[:origin] / spread, initialization_method="known", **chosen, **before)
        expected = spread * np.asarray(
            known.smooth(np.asarray(fitted.params)[: len(known.param_names)]).forecast(30)
        )
        np.testing.assert_allclose(ahead(np.array([origin]), 30)[0], expected, rtol=1e-8)


def test_the_lowest_aicc_chooses_trend_and_season():
    assert fit_ets(*ETS_CASES["both"][:1], N_FITTED, 12)[0] == "ETS (damped trend, season of 12 rows)"
    assert fit_ets(np.random.default_rng(1).normal(size=240), N_FITTED, 7)[0] == "ETS (no trend, no season)"


THETA_CASES = {
    "no season": (wave(7, trend=0.3, size=0), 1),
    "multiplies": (wave(7, trend=0.1, size=20), 7),
    "adds": (wave(7, trend=0.1, size=20) - 80, 7),
}


@pytest.mark.parametrize(("values", "season"), THETA_CASES.values(), ids=THETA_CASES)
def test_theta_forecasts_as_statsmodels_does_with_the_same_numbers(values, season):
    label, ahead = fit_theta(values, N_FITTED, season)
    model = ThetaModel(values[:N_FITTED], period=season if season > 1 else None, deseasonalize=season > 1)
    fitted = model.fit()
    np.testing.assert_allclose(ahead(np.array([N_FITTED]), 20)[0], fitted.forecast(20), rtol=1e-9)
    alpha, slope, factors = fitted.params["alpha"], fitted.params["b0"], np.asarray(fitted._seasonal)
    assert ("season of" in label) is (len(factors) > 0)
    for origin in (N_FITTED + 1, 190, 240):
        # statsmodels cannot append to Theta: its own forecast, given the level that its own smoothing reaches.
        known = values[:origin]
        plain = known
        if len(factors):
            of_row = factors[np.arange(origin) % season]
            plain = known / of_row if model.method.startswith("mul") else known - of_row
        smooth = ExponentialSmoothing(plain, initialization_method="known", initial_level=plain[0])
        level = smooth.fit(smoothing_level=alpha, optimized=False).forecast(1)
        later = ThetaModel(known, period=season if season > 1 else None, deseasonalize=season > 1)
        later._method = model.method
        expected = ThetaModelResults(slope, alpha, None, level, factors, False, later).forecast(20)
        np.testing.assert_allclose(ahead(np.array([origin]), 20)[0], expected, rtol=1e-9)


def test_the_drift_of_theta_counts_the_few_rows_there_are():
    """A small alpha has not forgotten where it began: statsmodels' term for that still weighs."""
    values = 5 + 0.3 * np.arange(30) + np.random.default_rng(6).normal(size=30) * 3
    _, ahead = fit_theta(values, 14, 1)
    fitted = ThetaModel(values[:14], deseasonalize=False).fit()
    assert 0 < fitted.params["alpha"] < 0.4
    np.testing.assert_allclose(ahead(np.array([14]), 5)[0], fitted.forecast(5), rtol=1e-9)


def ready(values: np.ndarray, *, horizon: int = 3) -> Prepared:
    series = Series(values=values[:, None], index=pd.RangeIndex(len(values)), columns=("y",), name="made")
    return prepare(series, PreparationSpec(target="y", window=WindowSpec(length=6, horizon=horizon)))


def test_both_forecast_every_window_of_every_part_and_read_nothing_later():
    values = ETS_CASES["season"][0]
    changed = values.copy()
    changed[200:] += 1000
    for one, other in zip(
        fit_classical(ready(values), period=7), fit_classical(ready(changed), period=7), strict=True
    ):
        assert one.label == other.label
        for part in ("train", "validation", "test"):
            prepared = ready(values)
            made = one.forecast(prepared, part, unit="m")
            assert made is not None
            assert made.predicted.shape == (len(prepared.part(part)), 3)
            before = made.origins <= 200
            later = other.forecast(ready(changed), part)
            assert later is not None
            np.testing.assert_array_equal(made.predicted[before], later.predicted[before])


def test_long_series_are_fitted_on_their_newest_train_rows_and_say_so():
    values = np.tile(ETS_CASES["season"][0], 10)
    ets, theta = fit_classical(ready(values), period=200)
    for one in (ets, theta):
        assert one.start == 680
        assert one.note == (
            "Fitted on the newest 1000 of 1680 train rows. "
            "A season of 200 rows is too long for ETS and Theta, so they have none."
        )
        train = one.forecast(ready(values), "train")
        assert train is not None
        np.testing.assert_array_equal(train.predicted[0], np.repeat(values[5], 3))


def test_a_fit_that_fails_says_why_and_the_other_goes_on(monkeypatch):
    def refuse(*args, **kwargs):
        raise np.linalg.LinAlgError("singular matrix")

    monkeypatch.setattr("lstm_core.evaluation.classical.ETSModel", refuse)
    ets, theta = fit_classical(ready(ETS_CASES["season"][0]), period=7)
    assert ets.forecast(ready(ETS_CASES["season"][0]), "test") is None
    assert ets.note == "ETS could not be fitted: singular matrix."
    assert theta.forecast(ready(ETS_CASES["season"][0]), "test") is not None
    assert in_words((ets, theta)) == (
        "Theta (season of 7 rows): fitted once on the train rows. ETS could not be fitted: singular matrix."
    )


def test_a_search_that_does_not_converge_is_said(monkeypatch):
    import warnings

    def grumble(values, n_fitted, season):
        warnings.warn("Optimization failed to converge. Check mle_retvals.", UserWarning, stacklevel=1)
        return fit_theta(values, n_fitted, season)

    monkeypatch.setattr("lstm_core.evaluation.classical.fit_theta", grumble)
    theta = fit_classical(ready(ETS_CASES["season"][0]), period=7)[1]
    assert "did not converge" in theta.note
    assert theta.ahead is not None


def test_train_rows_that_never_change_are_refused_in_words():
    values = np.r_[np.ones(200), RNG.normal(size=60)]
    for one in fit_classical(ready(values), period=7):
        assert one.ahead is None
        assert "rows that change" in one.note
