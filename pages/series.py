"""Series: upload a file or pick a sample, see what was read, repair it in the open."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from lstm_core.errors import ReadingCancelled, UserError
from lstm_core.preparation.defaults import default_preparation
from lstm_core.series.assemble import Assembled
from lstm_core.series.health import HealthCard
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.samples import SAMPLES
from lstm_core.series.source import SeriesSource, default_roles
from lstm_core.series.table import Table
from pages._shell import cached, present, reading_panel, services, state
from pages._shell.data import (
    cleaning_panel,
    cures,
    file_panel,
    kept_roles,
    profile_panel,
    repair_controls,
    series_charts,
    series_conclusion,
    series_controls,
    series_picker,
    series_words,
    stored_series,
)

T = TypeVar("T")
owner = services.owner()
load_upload = partial(services.store().load_upload, owner)


def change(source: SeriesSource, **choices: object) -> None:
    """Take over what the widgets say and draw again."""
    new = source.model_copy(update=choices)
    if new != source:
        kept_roles.adopt(source, new, anew="roles" not in choices)
        st.rerun()


def attempt(
    verb: Callable[..., T], *arguments: object, about: SeriesSource, table: Table | None = None
) -> T | None:
    """Result of a verb, or the reason in words in the place of the verdict, with the choices that cure it."""
    try:
        return verb(*arguments)
    except UserError as error:
        with answer:
            tone = "note" if isinstance(error, ReadingCancelled) else "bad"
            present.verdict(tone, present.safe(error.message, limit=1000))
            cures.offer(error, about, table)
        return None


def read(source: SeriesSource) -> Table | None:
    """The table, and how its files were read; without one, the controls are open to cure it, or it is being read."""
    if not reading_panel.settle(source, load_upload):
        return None
    table = attempt(cached.table, owner, source.unread, load_upload, about=source)
    if source.kind == "upload":
        reading_panel.offer_again(source, load_upload)
        new = file_panel.draw(source, table, load_upload)
        change(source, options=new.options, layout=new.layout, more=new.more, join=new.join)
    return table


def build(
    source: SeriesSource, table: Table, guess: ColumnRoles
) -> tuple[HealthCard | None, Assembled | None]:
    """Roles and repairs beside what they make; None where the reason is told in the place of the verdict."""
    known = {"about": source.model_copy(update={"roles": guess}), "table": table}
    card = attempt(cached.health, owner, source.unread, guess, table, **known)
    roles = series_controls.roles(table, guess, card)
    roles = repair_controls.draw(roles, card) if card else roles
    if roles != guess:
        change(source, roles=roles)
    made = attempt(cached.assembled, owner, source, load_upload, **known) if card else None
    if made:
        cleaning_panel.settle(made.series.columns)
        if state.journey().preparation is None:
            default = default_preparation(made.series, features=made.series.columns[1:])
            state.choose(preparation=default)
    return card, made


present.heading("Series", "What was read from your data, and is it complete enough to learn from?")
source = series_picker.upload_or_sample()
if source is None:
    present.verdict("note", "There is no series yet. Upload a file of your own, or pick a sample.")
    st.button("Use the sunspot sample", key="empty_sample", on_click=present.use_sample, args=("sunspots",))
elif source.kind == "stored":
    stored_series.draw(source)
else:
    if source.kind == "sample":
        st.markdown(f"{SAMPLES[source.sample].description} {SAMPLES[source.sample].known_truth}")
        change(source, parameters=series_controls.parameters(source.sample, source.parameters))
    answer = st.container()
    if table := read(source):
        fitting = attempt(kept_roles.fit, source, table, about=source)
        if fitting:
            change(source, roles=fitting.roles, cleaning=fitting.cleaning)
        guess = fitting and (source.roles or attempt(default_roles, source, table, about=source))
        card, made = build(source, table, guess) if guess else (None, None)
        series = made.series if made else None
        if guess and card:
            if series:
                with answer:
                    series_words.verdict(series, card)
            series_charts.draw(series or cached.unrepaired(owner, source.unread, guess, table))
            cleaning_panel.draw(source, guess, table, made)
            series_words.health(card)
        series_words.preview(table)
        profile_panel.draw(source, table)
        if made and guess:
            series_conclusion.draw(made, table, guess, source)
