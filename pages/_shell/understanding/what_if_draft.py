"""The scenario on the desk: every way to change it, undo and redo. A change that cannot work is refused in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from lstm_core.errors import PreparationError, UserError, explain_validation
from lstm_core.evaluation.ahead.future_inputs import FuturePlan
from lstm_core.evaluation.ahead.outlook import next_rows
from lstm_core.evaluation.table import labels_of
from lstm_core.evaluation.what_if.outcome import Outcome, try_out
from lstm_core.evaluation.what_if.scenario import Change, Scenario
from pages._shell import cached, present, state
from pages._shell.opened import OpenedRun
from pages._shell.understanding import pencil

T = TypeVar("T")

MOST_UNDO = 100
_CHANGE = TypeAdapter(Change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A scenario while somebody works on it.

    Attributes
    ----------
    past, ahead : what undo and redo lead to, the nearest last
    stroke : name of the stroke that made the newest change; more of the same stroke replaces it
    pencil, acknowledged : which pencil sent the newest command that was carried out, and its number
    taken_up : whether it was drawn before the page was loaded, and is as it was since
    live : whether the stroke is still being drawn
    refusal : why the newest change was not made, "" when it was
    version : grows with every change, so that tables start afresh
    """

    scenario: Scenario = field(default_factory=Scenario)
    past: tuple[Scenario, ...] = ()
    ahead: tuple[Scenario, ...] = ()
    stroke: str | None = None
    live: bool = False
    pencil: str = ""
    acknowledged: int = 0
    taken_up: bool = False
    refusal: str = ""
    version: int = 0

    @property
    def settled(self) -> Scenario:
        """The scenario without a stroke that is still being drawn: what slower charts show meanwhile."""
        return self.past[-1] if self.live and self.past else self.scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is worked on.

    Attributes
    ----------
    origin : row of the first forecast value; one past the last row for what comes after the data
    column : under the pencil
    steps : how far ahead
    plan : how further inputs go on where a scenario says nothing
    """

    run: OpenedRun
    origin: int
    column: str
    steps: int
    plan: FuturePlan

    def try_out(self, scenario: Scenario) -> Outcome:
        """Forecast with and without a scenario."""
        where = {"origin": self.origin, "steps": self.steps, "plan": self.plan}
        return try_out(self.run.predict, self.run.prepared, scenario, **where)

    def drawn(self, what: str, outcomes: Sequence[Outcome], draw: Callable[[], T], *settings: str | int) -> T:
        """Draw a figure of scenarios on this window, or show the one that was drawn of the same."""
        told = [outcome.scenario.model_dump_json() for outcome in outcomes]
        followed = bool(self.plan.derived)
        about = (self.origin, self.steps, followed, present.theme().name, *settings, *told)
        return cached.worked_out(self.run.key, what, about, draw)

    @property
    def feature(self) -> int:
        """Place of the column among the inputs, 0 for the target."""
        return self.run.prepared.spec.columns.index(self.column)

    @property
    def labels(self) -> list[str]:
        """Dates of the rows before the forecast, oldest first."""
        return self.run.labels(range(self.origin - self.run.prepared.spec.reach, self.origin))

    @property
    def ahead(self) -> list[str]:
        """Dates of the steps ahead, beyond the last row too."""
        series = self.run.series
        known = series.index[self.origin : self.origin + self.steps]
        beyond = next_rows(series, self.steps - len(known))
        return labels_of(series, known) + labels_of(series, beyond)

    @property
    def truth(self) -> np.ndarray:
        """Target in the steps ahead, (step,), NaN where it is not known."""
        told = np.full(self.steps, np.nan)
        came = self.run.prepared.values[self.origin : self.origin + self.steps, 0]
        told[: len(came)] = came
        return told


def current(run: OpenedRun) -> Draft:
    """The draft of this run; another run starts with none."""
    run_id, draft = state.recall("what_if_draft", ("", Draft()))
    return draft if run_id == run.run.run_id else Draft()


def is_on_desk(run: OpenedRun) -> bool:
    """Whether this session has a draft of this run, be it empty."""
    return state.recall("what_if_draft", ("", None))[0] == run.run.run_id


def begin(run: OpenedRun, draft: Draft) -> None:
    """Put a draft on the desk that nothing leads back from."""
    _keep(run, draft)


def obey_pencil(desk: Desk) -> None:
    """Carry out what was drawn; a callback."""
    for command in pencil.commands():
        draft, sender, number = current(desk.run), str(command.get("from", "")), command.get("seq")
        done = draft.acknowledged if sender == draft.pencil else 0
        if (
            not isinstance(number, int)
            or number <= done
            or command.get("run") not in (None, desk.run.run.run_id)
        ):
            continue
        if command.get("do") == "change":
            change(desk, command.get("change"), stroke=str(command.get("stroke")))
        elif command.get("do") == "cancel":
            cancel(desk.run, str(command.get("stroke")))
        elif command.get("do") in _VERBS:
            _VERBS[command["do"]](desk.run)
        obeyed = {"pencil": sender, "acknowledged": number, "live": bool(command.get("live"))}
        _keep(desk.run, replace(current(desk.run), **obeyed))


def change(desk: Desk, asked: Any, *, stroke: str | None = None) -> None:
    """Make a change; more of one stroke replaces what the stroke did before. Also a callback."""
    draft = current(desk.run)
    goes_on = stroke is not None and stroke == draft.stroke
    before = draft.past[-1] if goes_on else draft.scenario
    try:
        made = _CHANGE.validate_python(asked)
        after = Scenario(
            name=before.name, changes=(*before.changes, made), future=before.future, drawn_at=desk.origin
        )
        desk.try_out(after)
    except ValidationError as error:
        refuse(desk.run, explain_validation(error, kind=PreparationError))
    except UserError as error:
        refuse(desk.run, error)
    else:
        _put(desk.run, after, stroke=stroke, goes_on=goes_on)


def change_from_table(desk: Desk, key: str) -> None:
    """Take over the cells that were edited; an emptied cell is a gap. A callback."""
    reach = desk.run.prepared.spec.reach
    cells: Mapping[int, Mapping[str, float | None]] = state.held(key)["edited_rows"]
    for row, edited in cells.items():
        for column, value in edited.items():
            lag = reach - int(row)
            if value is None:
                change(desk, {"kind": "gap", "column": column, "start": lag, "end": lag})
            else:
                change(desk, {"kind": "points", "column": column, "values": [(lag, value)]})


def put(run: OpenedRun, scenario: Scenario) -> None:
    """Put a scenario on the desk, in place of the one there; undo leads back."""
    _put(run, scenario, stroke=None)


def try_to_put(desk: Desk, scenario: Scenario) -> None:
    """Put a scenario on the desk if it can be forecast from, else say why not."""
    try:
        desk.try_out(scenario)
    except UserError as error:
        refuse(desk.run, error)
    else:
        _put(desk.run, scenario, stroke=None)


def undo(run: OpenedRun) -> None:
    """Go back by one change; a callback."""
    draft = current(run)
    if draft.past:
        ahead = (*draft.ahead, draft.scenario)
        _keep(run, _fresh(draft, scenario=draft.past[-1], past=draft.past[:-1], ahead=ahead))


def cancel(run: OpenedRun, stroke: str) -> None:
    """Take back a stroke that was broken off, if it is what was done last: it may have been refused."""
    if current(run).stroke == stroke:
        undo(run)


def redo(run: OpenedRun) -> None:
    """Make the change again that was undone; a callback."""
    draft = current(run)
    if draft.ahead:
        past = (*draft.past, draft.scenario)
        _keep(run, _fresh(draft, scenario=draft.ahead[-1], past=past, ahead=draft.ahead[:-1]))


def reset(run: OpenedRun) -> None:
    """Leave the window as it was; undo leads back. A callback."""
    draft = current(run)
    if draft.scenario.changes or draft.scenario.future:
        _put(run, Scenario(name=draft.scenario.name), stroke=None)


_VERBS = {"undo": undo, "redo": redo, "reset": reset}


def _put(run: OpenedRun, scenario: Scenario, *, stroke: str | None, goes_on: bool = False) -> None:
    draft = current(run)
    past = draft.past if goes_on else (*draft.past, draft.scenario)[-MOST_UNDO:]
    _keep(run, replace(_fresh(draft, scenario=scenario, past=past, ahead=()), stroke=stroke))


def _fresh(
    draft: Draft, *, scenario: Scenario, past: tuple[Scenario, ...], ahead: tuple[Scenario, ...]
) -> Draft:
    return replace(
        draft,
        scenario=scenario,
        past=past,
        ahead=ahead,
        stroke=None,
        refusal="",
        taken_up=False,
        version=draft.version + 1,
    )


def refuse(run: OpenedRun, error: UserError) -> None:
    """Leave the draft as it is, and say why."""
    draft = current(run)
    _keep(run, replace(draft, refusal=error.message, version=draft.version + 1))


def _keep(run: OpenedRun, draft: Draft) -> None:
    state.remember("what_if_draft", (run.run.run_id, draft))
