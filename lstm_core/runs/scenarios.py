"""Named scenarios of a run: kept with it, renamed, copied, taken out and put back, written to JSON and read again.

They are one artifact of the run. So they belong to its owner, go with it, and a change replaces all of them in one
transaction, or none; every verb reads the newest ones first. The draft, which nobody has named yet, is another one.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lstm_core.errors import RunError, explain_validation
from lstm_core.evaluation.what_if.scenario import MAX_NAME, Scenario
from lstm_core.runs.names import clean_name, free_name
from lstm_core.runs.store import RunStore

ARTIFACT, DRAFT = "scenarios", "scenario_draft"
MAX_SCENARIOS = 20
MAX_BYTES = 1_000_000
Scenarios = tuple[Scenario, ...]


class ScenarioFile(BaseModel):
    """What is written: scenarios, and what says that they are some."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["lstm-explorer scenarios"] = "lstm-explorer scenarios"
    version: Literal[1] = 1
    scenarios: Scenarios = Field(default=(), max_length=MAX_SCENARIOS)


def load(store: RunStore, owner: str, run_id: str) -> Scenarios:
    """Scenarios of a run, in the order in which they were kept.

    Raises
    ------
    RunError
        If the run is not there, or belongs to somebody else.
    """
    content = _content(store, owner, run_id, ARTIFACT)
    return read_json(content) if content else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """What was drawn last on a run, by whichever tab kept it last.

    Attributes
    ----------
    scenario : without changes for a run that nobody drew on
    past : what undo leads to, the nearest last; the newest of it only
    mark : differs as soon as somebody keeps something else, "" for a run that nobody drew on
    """

    scenario: Scenario
    past: Scenarios = ()
    mark: str = ""


def load_draft(store: RunStore, owner: str, run_id: str) -> KeptDraft:
    """What was drawn last, and what undo leads back to.

    Raises
    ------
    RunError
        If it cannot be read, or the run is not there, or belongs to somebody else.
    """
    content = _content(store, owner, run_id, DRAFT)
    drawn = read_json(content) if content else ()
    scenario, *before = drawn or (Scenario(),)
    return KeptDraft(scenario=scenario, past=tuple(reversed(before)), mark=_mark(content))


def draft_mark(store: RunStore, owner: str, run_id: str) -> str:
    """The mark of what was drawn last; see `KeptDraft`."""
    return _mark(_content(store, owner, run_id, DRAFT))


def save_draft(store: RunStore, owner: str, run_id: str, draft: Scenario, past: Scenarios = ()) -> str:
    """Keep what is being drawn, in place of what was drawn before, and as much of its past as there is room for.

    Returns
    -------
    str
        Its mark.

    Raises
    ------
    RunError
        If it is larger than scenarios may be, the run is gone, or it belongs to somebody else.
    """
    drawn = (draft, *reversed(past))[:MAX_SCENARIOS]
    content = to_json(drawn)
    while len(content) > MAX_BYTES and len(drawn) > 1:
        drawn = drawn[: len(drawn) // 2]
        content = to_json(drawn)
    if len(content) > MAX_BYTES:
        raise _too_large(content)
    store.save_artifact(owner, run_id, DRAFT, content)
    return _mark(content)


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""


def _content(store: RunStore, owner: str, run_id: str, artifact: str) -> bytes:
    try:
        return store.load_artifact(owner, run_id, artifact)
    except RunError:
        store.load_artifact(owner, run_id, "weights")  # a run that is gone has none of both, and says so
        return b""


def keep(store: RunStore, owner: str, run_id: str, scenario: Scenario) -> Scenarios:
    """Keep a scenario under its name, in place of an older one with that name."""

    def put(kept: Scenarios) -> Scenarios:
        if any(one.name == scenario.name for one in kept):
            return tuple(scenario if one.name == scenario.name else one for one in kept)
        return (*kept, scenario)

    return _change(store, owner, run_id, put)


def clean(name: str) -> str:
    """Name of a scenario without control characters and outer blanks; see `names.clean_name`."""
    return clean_name(name, of="scenario", longest=MAX_NAME)


def add(store: RunStore, owner: str, run_id: str, more: Sequence[Scenario]) -> Scenarios:
    """Keep scenarios beside those that are there; a name that is taken gets a number behind it."""

    def put(kept: Scenarios) -> Scenarios:
        for one in more:
            name = free_name(one.name, [other.name for other in kept])[:MAX_NAME]
            kept = (*kept, one.model_copy(update={"name": name}))
        return kept

    return _change(store, owner, run_id, put)


def add_file(store: RunStore, owner: str, run_id: str, content: bytes) -> Scenarios:
    """Keep the scenarios of a file that `to_json` wrote; see `read_json` for what is refused."""
    return add(store, owner, run_id, read_json(content))


def rename(store: RunStore, owner: str, run_id: str, name: str, new_name: str) -> Scenarios:
    """Give a scenario a name that no other one of the run has.

    Raises
    ------
    RunError
        If the new name is empty, too long or taken.
    """
    new_name = clean(new_name)

    def put(kept: Scenarios) -> Scenarios:
        if new_name != name and any(one.name == new_name for one in kept):
            raise RunError(
                "Another scenario of this run has this name",
                received=new_name,
                advice="Choose another name.",
                field="scenario_name",
            )
        return tuple(one.model_copy(update={"name": new_name}) if one.name == name else one for one in kept)

    return _change(store, owner, run_id, put)


def remove(store: RunStore, owner: str, run_id: str, name: str) -> Scenarios:
    """Take a scenario out; `add` puts it back."""
    return _change(store, owner, run_id, lambda kept: tuple(one for one in kept if one.name != name))


def to_json(scenarios: Scenarios) -> bytes:
    """Scenarios as a file, in UTF-8."""
    return ScenarioFile(scenarios=scenarios).model_dump_json(indent=1).encode()


def read_json(content: bytes) -> Scenarios:
    """Scenarios of a file that `to_json` wrote, or somebody by hand.

    Raises
    ------
    RunError
        If it is too large, is no JSON, or holds something else.
    """
    if len(content) > MAX_BYTES:
        raise _too_large(content)
    try:
        return ScenarioFile.model_validate_json(content).scenarios
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise RunError(
                "This file is no JSON",
                received=content[:40].decode(errors="replace") or "an empty file",
                expected="a file that this page exported",
                field="scenario_file",
            ) from None
        raise explain_validation(error, kind=RunError) from None


def _too_large(content: bytes) -> RunError:
    return RunError(
        "This is too large for scenarios",
        received=f"{len(content):,} bytes",
        expected=f"at most {MAX_BYTES:,} bytes",
        field="scenario_file",
    )


def _change(store: RunStore, owner: str, run_id: str, put: Callable[[Scenarios], Scenarios]) -> Scenarios:
    changed = put(load(store, owner, run_id))
    content = to_json(changed) if len(changed) <= MAX_SCENARIOS else b""
    if not content or len(content) > MAX_BYTES:
        raise RunError(
            "This run has no room for more scenarios",
            received=f"{len(changed)} scenarios",
            expected=f"at most {MAX_SCENARIOS}, and {MAX_BYTES:,} bytes in all",
            advice="Delete one that is no longer needed, or export it first.",
            field="scenario_name",
        )
    store.save_artifact(owner, run_id, ARTIFACT, content)
    return changed
