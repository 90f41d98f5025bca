"""Whether the future reaches the network: every way in, looked at one by one (F28)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lstm_core.arrays import SeriesFlags
from lstm_core.preparation.foreknowledge import Foreknowledge, find_foreknowledge
from lstm_core.preparation.split import PARTS
from lstm_core.preparation.windows import Prepared
from lstm_core.recipe import prepare as recipe
from lstm_core.series.record import Series
from lstm_core.series.words import counted

DRAWN_FILLS = frozenset({"interpolate", "linear", "spline"})
"""Repairs of gaps that draw a line or a curve to the first value after the gap."""
LEARNED_FILLS = frozenset({"mean", "seasonal"})
"""Repairs of gaps that put something learned from other rows there."""
FILLS = DRAWN_FILLS | LEARNED_FILLS | {"forward fill"}

Tone = Literal["good", "note", "caution", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakCheck:
    """One way for the future to reach the network, looked at.

    Attributes
    ----------
    asks : the question
    tone : good (green), note (worth knowing, no leak), caution (amber: likely), bad (red: a leak)
    seen : the answer, with its number
    honest : what would be the honest choice, "" when it is made already
    field : key of the control that could make it
    columns : further inputs that would have to go
    """

    key: str
    asks: str
    tone: Tone
    seen: str
    honest: str = ""
    field: str = ""
    columns: tuple[str, ...] = ()


def check_leaks(series: Series, prepared: Prepared, *, cleaning: Any = None) -> tuple[LeakCheck, ...]:
    """Look at everything through which the future could reach the network.

    Parameters
    ----------
    cleaning : `series.cleaning.Cleaning` that made the series, None when none did
    """
    known = _foreknowledge(series, prepared)
    return (
        _copies(known, prepared),
        _ahead(known, prepared),
        _windows(prepared),
        _scaling(prepared),
        _cleaning(series, prepared, cleaning),
        _filled(series, prepared),
    )


def find_leaks(checks: tuple[LeakCheck, ...]) -> tuple[LeakCheck, ...]:
    """The red ones."""
    return tuple(check for check in checks if check.tone == "bad")


def _foreknowledge(series: Series, prepared: Prepared) -> Foreknowledge:
    return find_foreknowledge(
        prepared.values,
        names=prepared.spec.columns,
        reach=prepared.spec.window.length + prepared.spec.window.horizon - 1,
        period=series.period,
        measured=np.asarray(~_filled_inputs(series, prepared).any(axis=1)),
    )


def _copies(known: Foreknowledge, prepared: Prepared) -> LeakCheck:
    """Inputs that are the target itself (B79), under any name and in any unit."""
    answer = _answer("copies", "Is an input the target itself?", "features")
    others = prepared.spec.features
    if known.copies:
        columns = _quoted(known.copies)
        return answer(
            "bad",
            f"{columns} {_is(known.copies)} the target '{prepared.spec.target}' itself, row by row, up to a factor and "
            "a constant.",
            f"Remove {columns} from the further inputs: the past of the target is read already.",
            known.copies,
        )
    if known.parts:
        return answer(
            "note",
            f"{_quoted(known.parts)} add up to the target of the same row. No window holds that row, so this is no "
            "leak.",
            "If one of them is known only after the target, remove it.",
        )
    if not others:
        return answer("good", "The network reads the past of the target and no other column.")
    return answer("good", f"{_none_of(others)} the target in disguise.")


def _ahead(known: Foreknowledge, prepared: Prepared) -> LeakCheck:
    """Inputs that know the target before its time (B80), alone or together."""
    answer = _answer("ahead", "Does an input know the target in advance?", "features")
    if exact := [shift for shift in known.shifts if shift.is_exact]:
        (first, *others), columns = exact, tuple(one.column for one in exact)
        more = f" So {_do(len(others))} {_quoted(columns[1:])}." if others else ""
        return answer(
            "bad",
            f"'{first.column}' is the target {_counted(first.ahead, 'row')} ahead of its time: it predicts the next "
            f"target exactly. Likely it was made from the future.{more}",
            f"Remove {_quoted(columns)}: no forecast has {_it(columns)} in time.",
            columns,
        )
    if known.together:
        columns = _quoted(known.together)
        return answer(
            "bad",
            f"The newest rows of {columns} and of the target, added up, are the next target exactly. Likely "
            f"{_was(known.together)} made from the future, as a centred average is.",
            f"Remove {columns}, or make {_it(known.together)} from earlier rows only.",
            known.together,
        )
    if known.shifts:
        near = known.shifts[0]
        return answer(
            "caution",
            f"'{near.column}', {_counted(near.ahead, 'row')} earlier, tells {1 - near.left:.1%} of what is a surprise "
            "in the target. Real causes are seldom that sure.",
            f"Ask when the value of '{near.column}' is known. If that is after the target, remove it.",
            (near.column,),
        )
    if not prepared.spec.features:
        return answer("good", "There is no further input that could.")
    return answer(
        "good",
        f"{_none_of(prepared.spec.features)} the target of a later row, up to "
        f"{_counted(prepared.spec.window.length + prepared.spec.window.horizon - 1, 'row')} ahead"
        f" (newest {_counted(known.n_tested, 'row')} examined).",
    )


def _windows(prepared: Prepared) -> LeakCheck:
    """Targets outside their part, or train windows that reach into a later one."""
    answer = _answer("windows", "Does every window keep to its part?", "gap")
    horizon, length = prepared.spec.window.horizon, prepared.spec.window.length
    for part in PARTS:
        rows, origins = prepared.split.part(part), prepared.part(part).origins
        first = np.maximum(origins - length, 0) if part == "train" else origins  # what is padded has no row
        outside = int(((first < rows.start) | (origins + horizon > rows.stop)).sum())
        if outside:
            return answer(
                "bad",
                f"{_counted(outside, f'{part} window')} of {len(origins)} reach outside the {part} rows.",
                "Cut the series along time first, and the windows afterwards.",
            )
    gap = prepared.split.validation.start - prepared.split.train.stop
    between = f" ({_counted(gap, 'row')} between)" if gap else ""
    return answer(
        "good",
        f"The {_counted(len(prepared.train), 'train window')} end with row {prepared.split.train.stop}, before "
        f"validation starts with row {prepared.split.validation.start + 1}{between} and test "
        f"with row {prepared.split.test.start + 1}. Rows stay in time order.",
    )


def _scaling(prepared: Prepared) -> LeakCheck:
    """Numbers of the scaler, or of the transform before it, that other rows than train rows had a say in."""
    fits_power = prepared.spec.transform.power == "box-cox"
    subject = "Were scaling and Box-Cox" if fits_power else "Was the scaling"
    answer = _answer("scaling", f"{subject} fitted on the train rows alone?", "scaling")
    scaler, fitted, end = prepared.scaler, prepared.transform, prepared.split.train.stop
    if scaler.spec.kind == "none" and not fits_power:
        return answer("good", "Nothing is scaled, so nothing was fitted.")
    changed = prepared.values.copy()
    changed[end:] = changed[end - 1]
    with np.errstate(all="ignore"):
        again = recipe.prepare_arrays(changed, prepared.settings)
    same_power = again["exponent"] == fitted.exponent and np.isclose(
        again["size"], fitted.size, rtol=1e-9, atol=0
    )
    if same_power and all(
        np.allclose(mine, theirs, rtol=1e-9, atol=0)
        for mine, theirs in ((again["centre"], scaler.centre), (again["spread"], scaler.spread))
    ):
        return answer(
            "good",
            f"Yes, on {_counted(len(prepared.train_table), 'row')}: prepared again with every later row changed, it "
            "has the same numbers.",
        )
    return answer(
        "bad",
        "Prepared again with every row behind the train rows changed, the scaling has other numbers: later rows had a "
        "say.",
        "Fit the scaling on the train rows only.",
    )


def _cleaning(series: Series, prepared: Prepared, cleaning: Any) -> LeakCheck:
    """Cleaning steps that learned from rows the network is tested on."""
    answer = _answer("cleaning", "Did the cleaning learn from the train rows alone?", "known_share")
    steps = tuple(getattr(cleaning, "steps", ()))
    filled = {step.name for step in series.steps} & LEARNED_FILLS
    if cleaning is None or not (steps or filled):
        return answer("good", "No cleaning step had to learn anything.")
    known, end = cleaning.known_rows(series.n_rows), prepared.split.train.stop
    if known > end:
        return answer(
            "bad",
            f"The cleaning learned from the first {known} rows, the train rows end with row {end}: "
            f"{_counted(known - end, 'row')} of validation or test had a say.",
            f"Let the cleaning learn from at most {math.floor(100 * end / series.n_rows)}% of the rows.",
        )
    return answer(
        "good", f"It learned from the first {known} rows, inside the {end} train rows, and from no later one."
    )


def _filled(series: Series, prepared: Prepared) -> LeakCheck:
    """Filled values just before a forecast that were drawn towards the value to be forecast."""
    answer = _answer("filled", "Do filled values lean on later ones?", "gaps")
    flags = _filled_inputs(series, prepared)
    filled = flags.any(axis=1)
    n_filled = int(filled.sum())
    if not n_filled:
        return answer("good", "No value the network reads was filled in.")
    done = {step.name for step in series.steps} & FILLS
    if done and not done & DRAWN_FILLS:
        return answer("good", f"{_counted(n_filled, 'row')} filled without looking at what follows.")
    # Where the value before is carried on, a gap knows nothing of what follows it.
    carried = np.zeros_like(filled)
    carried[1:] = (prepared.values[1:] == prepared.values[:-1]).all(axis=1, where=flags[1:])
    filled &= ~carried
    # A window that ends inside a gap reads values that were drawn towards the first value after the gap.
    leaning = {part: int(filled[prepared.part(part).origins - 1].sum()) for part in PARTS}
    judged = leaning["validation"] + leaning["test"]
    if judged:
        return answer(
            "bad",
            f"{_counted(judged, 'window')} of validation and test end inside a gap that was filled towards the value "
            f"after it, which is what they are asked for ({leaning['test']} of them test windows).",
            "Fill gaps by repeating the last value, or drop the rows.",
        )
    if not filled.any():
        return answer("good", f"{_counted(n_filled, 'row')} filled by carrying the value before on.")
    return answer(
        "note",
        f"{_counted(n_filled, 'row')} filled by looking at both sides of a gap, none of them at the end of a "
        f"validation or test window: the scores are honest. {_counted(leaning['train'], 'train window')} "
        f"{'ends' if leaning['train'] == 1 else 'end'} inside a gap.",
    )


def _filled_inputs(series: Series, prepared: Prepared) -> SeriesFlags:
    places = [series.columns.index(name) for name in prepared.spec.columns]
    return series.filled[:, places]


def _answer(key: str, asks: str, field: str) -> Callable[..., LeakCheck]:
    def answer(tone: Tone, seen: str, honest: str = "", columns: tuple[str, ...] = ()) -> LeakCheck:
        return LeakCheck(
            key=key, asks=asks, tone=tone, seen=seen, honest=honest, field=field, columns=columns
        )

    return answer


def _quoted(names: tuple[str, ...]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" and {quoted[-1]}"


def _counted(count: int, noun: str) -> str:
    return counted(count, noun).replace(",", "\u202f")


def _none_of(names: tuple[str, ...]) -> str:
    return f"'{names[0]}' is not" if len(names) == 1 else f"None of the {len(names)} further inputs is"


def _is(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"


def _was(names: tuple[str, ...]) -> str:
    return "it was" if len(names) == 1 else "they were"


def _it(names: tuple[str, ...]) -> str:
    return "it" if len(names) == 1 else "them"


def _do(count: int) -> str:
    return "does" if count == 1 else "do"
