"""Samples: they load offline, tell their repairs, and generated ones keep their known truth."""

import numpy as np
import pytest
from statsmodels.datasets import co2, elnino, sunspots
from statsmodels.tsa.stattools import pacf

from lstm_core.errors import SeriesError
from lstm_core.series import generators
from lstm_core.series.assemble import to_series
from lstm_core.series.samples import SAMPLES, load_sample, sample_roles, sample_table


@pytest.mark.parametrize(
    ("name", "n_rows", "step", "period"),
    [
        ("sunspots", 309, "1 year", 1),
        ("co2", 2284, "1 week", 52),
        ("nile", 100, "1 year", 1),
        ("macrodata", 203, "1 quarter", 4),
        ("elnino", 732, "1 month", 12),
        ("sine", 200, "", 1),
        ("trend_season", 400, "", 12),
        ("random_walk", 400, "", 1),
        ("echo", 600, "", 1),
    ],
)
def test_every_sample_loads(name, n_rows, step, period):
    series = load_sample(f"sample:{name}")
    assert (series.n_rows, series.step, series.period) == (n_rows, step, period)
    assert series.fingerprint == load_sample(name).fingerprint
    assert SAMPLES[name].description.endswith(".")
    assert bool(SAMPLES[name].known_truth) == bool(SAMPLES[name].parameters)


def test_the_list_above_is_complete():
    assert list(SAMPLES) == [
        "sunspots", "co2", "nile", "macrodata", "elnino", "sine", "trend_season", "random_walk", "echo",
    ]  # fmt: skip


def test_sunspots_are_those_of_statsmodels():
    series = load_sample("sunspots")
    np.testing.assert_array_equal(series.values[:, 0], sunspots.load_pandas().data["SUNACTIVITY"])
    assert series.index[0].year == 1700
    assert series.unit == "sunspots"


def test_co2_shows_its_gaps_and_names_the_repair():
    table = sample_table("co2")
    assert table.frame["co2"].isna().sum() == 59
    series = load_sample("co2")
    assert [(step.name, step.count) for step in series.steps] == [("interpolate", 59)]
    np.testing.assert_allclose(
        series.values[:, 0], co2.load_pandas().data["co2"].interpolate(method="time"), rtol=1e-12
    )
    with pytest.raises(SeriesError, match="59 values missing"):
        to_series(table, sample_roles("co2").model_copy(update={"gaps": "refuse"}))


def test_elnino_is_one_long_monthly_column():
    wide = elnino.load_pandas().data
    series = load_sample("elnino")
    assert series.values[13, 0] == wide["FEB"].iloc[1]
    assert str(series.index[13].date()) == "1951-02-01"


def test_sine_is_the_documents_c17():
    values = generators.sine()
    assert len(values) == 200
    noise = values - np.sin(np.linspace(0, 10 * np.pi, 200))
    np.testing.assert_allclose(noise, 0.1 * np.random.default_rng(42).standard_normal(200), atol=1e-12)
    assert noise.std() == pytest.approx(0.1, rel=0.15)


def test_trend_and_season_without_noise_follow_the_formula():
    values = generators.trend_season(n_rows=25, trend=2.0, period=4, amplitude=3.0, noise=0.0)
    np.testing.assert_allclose(values[:5], [0, 2 + 3, 4, 6 - 3, 8], atol=1e-12)


def test_random_walk_steps_are_independent():
    steps = np.diff(generators.random_walk(n_rows=20_000, step=2.0))
    assert steps.std() == pytest.approx(2.0, rel=0.02)
    assert abs(np.corrcoef(steps[1:], steps[:-1])[0, 1]) < 0.03


def test_the_echo_has_partial_autocorrelation_only_at_its_delay():
    partial = pacf(generators.echo(n_rows=20_000, delay=7, strength=0.8), nlags=20)
    assert partial[7] == pytest.approx(0.8, abs=0.03)
    others = np.delete(partial, [0, 7])
    assert np.abs(others).max() < 0.05


def test_parameters_are_named_and_bounded():
    assert load_sample("sine", n_rows=120.0).n_rows == 120
    assert load_sample("trend_season", period=7).period == 7
    with pytest.raises(SeriesError, match="no parameter 'colour'"):
        load_sample("sine", colour=3)
    with pytest.raises(SeriesError, match=r"Received: n_rows=1. Expected: 50 to 100000"):
        load_sample("sine", n_rows=1)
    with pytest.raises(SeriesError, match="no sample called 'moon'"):
        load_sample("moon")
