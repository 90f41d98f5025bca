"""Patterns: how far back the series remembers itself, and what that says about the window."""

from functools import partial

import streamlit as st

from lstm_core.diagnostics import correlogram as memory
from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.figures.series import plot_series
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.split import split
from pages._shell import cached, present, state
from pages._shell.data import (
    leads_panel,
    learnable_panel,
    pattern_panels,
    season_panel,
    series_words,
    spread_panel,
    suggestion_panel,
)

present.heading("Patterns", "How far back does the series remember itself, and is there anything to learn?")
series = present.require_series()
with present.guard():
    default = default_preparation(series)  # refuses what is too short, whatever was chosen
    preparation = state.journey().preparation or default
    column, theme, fingerprint = preparation.target, present.theme(), series.fingerprint
    values = series.column(column)
    learnable, season, stationarity = pattern_panels.diagnose(fingerprint, column, values)
    far = cached.memory(
        fingerprint, column, min(memory.largest_lag(series.n_rows), suggestion_panel.MOST_LAGS), values
    )
    parts = split(series, preparation.split)
train = values[: parts.train.stop]
look = partial(baseline_season, train, series.period)
used = cached.pattern(fingerprint, column, "baseline season", (series.period, len(train)), look)
untransformed = memory.suggest_window(far, season=season.length)
unit = present.safe(series.unit) if column == series.columns[0] else ""

missed = present.number(learnable.naive_error, unit)
present.verdict(
    "good" if learnable.something else "caution",
    f"{learnable.verdict} Over all rows, repeating the last value misses by {missed} on average.",
)
pattern_panels.far_out(fingerprint, column, values)
suggestion = suggestion_panel.draw(series, preparation, untransformed)
season_panel.in_use(series, used, season)

present.show(
    plot_series(series, theme=theme),
    key="series_chart",
    alt=f"{column} over time, {series.n_rows} rows.{series_words.repairs(series)} {season.verdict}",
    table=partial(series_words.numbers, series),
)
st.markdown(f":material/event_repeat: {season.verdict}")

seen = pattern_panels.Seen(
    fingerprint=fingerprint,
    column=column,
    values=values,
    season=season.length,
    cutoff=untransformed.pacf_cutoff,
)
learnable_panel.draw(
    learnable, seen, n_known=parts.test.start, season=used.length, order=untransformed.length, unit=unit
)

st.subheader("Memory", anchor=False)
n_lags = memory.DEFAULT_LAGS
if far.is_defined:
    n_lags = pattern_panels.memory(seen)
else:
    present.verdict("caution", "ACF and PACF are not defined: the series never changes.")

st.subheader("Does it keep its level?", anchor=False)
pattern_panels.tests(stationarity)

season_panel.draw(series, column, values, used, unit)
spread_panel.draw(series, column, values, unit)
leads_panel.draw(series, column, n_lags)
pattern_panels.checklist(series, learnable, season, stationarity)
present.explain(
    means="The **ACF** at lag *k* is the correlation of the series with itself *k* rows earlier. The **PACF** is what "
    "lag *k* adds once all shorter lags are known. An ACF that fades while the PACF cuts off after a few lags means "
    "that those past values matter: the window should hold them. A peak of the ACF far out is a season: the window "
    "should hold one whole season.",
    misleads="Strong autocorrelation does not mean that an LSTM is needed: with a PACF that cuts off after a few lags "
    "a small linear autoregression may do as well, so the Forecast page always shows one. An ACF that fades very "
    "slowly often means a trend, not a long memory; look at ADF and KPSS. One lag in twenty leaves the band by "
    "chance. All of this sees linear memory only. Trend and season at a row are drawn from both sides of it: good to "
    "look at, and a leak as an input of a network. A column that leads need not be a cause.",
)
present.code(
    [memory.correlogram, memory.partial_autocorrelations, memory.pacf_cutoff],
    {"column": column, "n_lags": n_lags, "alpha": 0.05},
)
present.next_step("pages/windows.py", "Choose the window", suggestion.reason)
