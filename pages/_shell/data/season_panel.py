"""Trend and season: the series taken apart, its cycles, and the season that baselines use (F20)."""

from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.decomposition import Decomposition, decompose
from lstm_core.diagnostics.seasonality import BaselineSeason, Season, find_seasons
from lstm_core.diagnostics.spectrum import find_spectrum
from lstm_core.evaluation.verdict import part_of
from lstm_core.figures.patterns import plot_decomposition, plot_periodogram
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from pages._shell import cached, present, sources, state
from pages._shell.controls import field

_SEASON = "season_length"


def in_use(series: Series, used: BaselineSeason, found: Season) -> None:
    """Say which season the seasonal naive baseline and MASE use, and offer the one that the series shows."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**Season in use: {_rows(used.length)}**, {_origin(series, used)}. The seasonal naive forecast repeats "
            "it, and MASE is measured against that."
            if used.length > 1
            else "**Season in use: none.** The seasonal naive forecast repeats the last value.",
            width="stretch",
        )
        source = state.journey().source
        if found.length in (1, used.length) or source is None or source.kind == "stored":
            return
        st.button(
            f"Use {found.length} rows",
            key="use_season",
            on_click=_choose,
            args=(source, sources.roles_of(source), found.length),
            help=found.verdict,
        )


def draw(series: Series, column: str, values: TimeValues, used: BaselineSeason, unit: str) -> None:
    """Decomposition and periodogram, with the season length beside them."""
    st.subheader("Trend and season", anchor=False)
    key = (series.fingerprint, column)
    found = cached.pattern(*key, "seasons", (), partial(find_seasons, values))
    lengths = tuple(sorted({one.length for one in found} | ({used.length} - {1})))
    periods = _periods(lengths)
    source = state.journey().source
    if source is not None and source.kind != "stored":
        _length(source, sources.roles_of(source), series)
    parts = cached.pattern(*key, "decomposition", periods, partial(decompose, values, periods))
    if parts is None:
        present.verdict(
            "caution", "There is nothing to take apart: too few rows, or values that never change."
        )
        return
    st.markdown(f":material/stacked_line_chart: {parts.verdict} {_sizes(parts, unit)}")
    present.show(
        plot_decomposition(parts, series, column, theme=present.theme()),
        key="decomposition_chart",
        alt=f"{column} taken apart by {parts.method}. {parts.verdict}",
        table=partial(_table, parts, series),
    )
    spectrum = cached.pattern(*key, "spectrum", (), partial(find_spectrum, values))
    if spectrum is None:
        return
    cycles = ", ".join(
        f"{present.number(one.length)} rows ({part_of(one.share)})" for one in spectrum.peaks[:3]
    )
    st.markdown(
        f":material/waves: Strongest cycles: {cycles} of the variance that no straight trend explains."
    )
    present.show(
        plot_periodogram(spectrum, theme=present.theme(), season=used.length),
        key="periodogram_chart",
        alt=f"Periodogram. Strongest cycles: {cycles}.",
        table=pd.DataFrame({"rows_per_cycle": spectrum.lengths, "share_of_variance": spectrum.shares}),
    )


def _periods(lengths: tuple[int, ...]) -> tuple[int, ...]:
    """Which seasons to take out: those asked for, or those that show."""
    if len(lengths) < 2:
        return lengths
    if state.recall("seasons_of", ()) != lengths:
        state.forget_widgets("seasons_taken_out")
        state.remember("seasons_of", lengths)
    chosen = st.pills(
        "Seasons taken out",
        lengths,
        selection_mode="multi",
        format_func=lambda rows: f"{rows} rows",
        key=state.widget("seasons_taken_out", list(lengths)),
        help="One season is taken out by STL, several by MSTL. Lengths come from the dates, from you, and from cycles "
        "that the series itself shows.",
    )
    return tuple(sorted(chosen))


def _length(source: SeriesSource, roles: ColumnRoles, series: Series) -> None:
    st.number_input(
        **field(ColumnRoles, "period"),
        step=1,
        value=None,  # lets the field be emptied; what it shows comes from its key
        placeholder=f"from the dates: {series.period}" if series.period > 1 else "found in the series",
        key=state.widget(_SEASON, roles.period),
        on_change=_take_over,
        args=(source, roles),
        width=260,
    )


def _take_over(source: SeriesSource, roles: ColumnRoles) -> None:
    length = state.widget_value(_SEASON)
    _choose(source, roles, int(length) if length.isdecimal() else None, keep_widget=True)


def _choose(
    source: SeriesSource, roles: ColumnRoles, length: int | None, *, keep_widget: bool = False
) -> None:
    """Make a length the season of the series. Its values stay, and so do the windows chosen for them."""
    chosen = source.model_copy(update={"roles": roles.model_copy(update={"period": length})})
    state.choose(source=chosen, preparation=state.journey().preparation)
    if not keep_widget:
        state.forget_widgets(_SEASON)


def _origin(series: Series, used: BaselineSeason) -> str:
    if used.origin == "found":
        return "found in the train rows"
    source = state.journey().source
    chosen = source is not None and source.roles is not None and source.roles.period is not None
    return (
        "as you chose"
        if chosen
        else f"from the dates (steps of {series.step})"
        if series.step
        else "as the sample names it"
    )


def _sizes(parts: Decomposition, unit: str) -> str:
    swings = [
        f"the season of {period} rows swings by {present.number(float(one.max() - one.min()), unit)}"
        for period, one in zip(parts.periods, parts.seasonal, strict=True)
    ]
    rest = f"what is left has a standard deviation of {present.number(float(parts.remainder.std()), unit)}"
    sentence = ", ".join([*swings, rest])
    return f"{sentence[0].upper()}{sentence[1:]} ({parts.method})."


def _table(parts: Decomposition, series: Series) -> pd.DataFrame:
    seasons = {f"season_{period}": one for period, one in zip(parts.periods, parts.seasonal, strict=True)}
    return pd.DataFrame(
        {
            "time": series.index[parts.first :],
            "observed": parts.observed,
            "trend": parts.trend,
            **seasons,
            "remainder": parts.remainder,
        }
    )


def _rows(length: int) -> str:
    return f"{length:,} rows".replace(",", "\u202f")
