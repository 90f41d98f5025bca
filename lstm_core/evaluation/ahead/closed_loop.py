"""Closed loop beside open loop: how the error grows with every step that is fed back, over a part of the series.

In the open loop the network is told the truth before every forecast; in the closed loop it reads its own forecasts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from jaxtyping import Float

from lstm_core.arrays import HorizonValues, SampleRows
from lstm_core.evaluation.ahead.future_inputs import Coming, FuturePlan, future_inputs
from lstm_core.evaluation.ahead.recursion import beside_truth, count_needed, forecast_ahead, origins_in
from lstm_core.evaluation.baselines import repeat_last, repeat_season
from lstm_core.evaluation.forecast import Forecast, Predictor
from lstm_core.evaluation.scores import mae_by_step
from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.preparation.histories import histories
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

LARGEST_WORK = 8e9
"""Multiplications that a loop over one part may cost, about half a second; more origins are thinned."""
FEWEST_ORIGINS = 50
TIE = 0.01
"""A difference below one percent of the error is not worth a claim."""

StepValues = Float[np.ndarray, "step"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loop:
    """How far a network is run ahead, and on what.

    Attributes
    ----------
    steps : rows ahead
    fed_back : steps taken over from every forecast; None: the whole horizon
    plan : how the further inputs go on
    """

    steps: int
    fed_back: int | None = None
    plan: FuturePlan = field(default_factory=FuturePlan)

    def run(self, predict: Predictor, prepared: Prepared, origins: SampleRows) -> HorizonValues:
        """Forecast from some origins, each with what was known before it: (sample, step) original units."""
        n_needed = count_needed(prepared, self.steps, fed_back=self.fed_back)
        coming = Coming(
            values=future_inputs(prepared, origins, n_needed, self.plan), derived=self.plan.derived
        )
        return forecast_ahead(
            predict,
            prepared,
            histories(prepared, origins, further_back=self.plan.rows_back),
            self.steps,
            further=coming,
            fed_back=self.fed_back,
        )

    def affordable(self, prepared: Prepared, n_weights: int) -> int:
        """How many origins a part may be run from, for a network of so many weights."""
        forecasts = math.ceil(self.steps / (self.fed_back or prepared.spec.window.horizon))
        work = forecasts * prepared.spec.window.length * max(n_weights, 1)
        return max(int(LARGEST_WORK / work), FEWEST_ORIGINS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loops:
    """The same origins of a part, run ahead in several ways; original units.

    Attributes
    ----------
    made : closed (the whole horizon fed back), stepwise (only the next step fed back; where the horizon is longer than
        1), naive, seasonal_naive: forecasts with as many steps each
    every : 1 when every row was an origin that could be, else every so many-th
    """

    made: Mapping[str, Forecast]
    every: int

    @property
    def closed(self) -> Forecast:
        """The closed loop."""
        return self.made["closed"]

    @property
    def open_error(self) -> float:
        """Mean absolute error one step ahead, told the truth before every step."""
        return float(mae_by_step(self.closed.at_step(1))[0])

    @property
    def errors(self) -> dict[str, StepValues]:
        """Mean absolute error of every step, by the way it was made."""
        return {key: mae_by_step(one) for key, one in self.made.items()}

    def table(self) -> pd.DataFrame:
        """Mean absolute error by steps ahead, one column for each way, original units."""
        steps = np.arange(1, self.closed.horizon + 1)
        return pd.DataFrame({"step": steps, "open_loop": np.full(len(steps), self.open_error), **self.errors})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FreeRun:
    """A stretch of known rows that a network was run over from one origin, in original units.

    Attributes
    ----------
    rows : (step,) of the series
    actual, one_step, closed, naive : (step,); `one_step` is the open loop
    """

    rows: SampleRows
    actual: StepValues
    one_step: StepValues
    closed: StepValues
    naive: StepValues

    def table(self, times: Sequence[str] | pd.Index) -> pd.DataFrame:
        """Table with the time of every row and what each way says of it."""
        columns = {
            "actual": self.actual,
            "open_loop": self.one_step,
            "closed": self.closed,
            "naive": self.naive,
        }
        return pd.DataFrame({"time": np.asarray(times), **columns})


def run_part(
    predict: Predictor, prepared: Prepared, part: Part, loop: Loop, *, n_weights: int, season: int
) -> Loops:
    """Run a network and the naive forecasts ahead from the rows of a part, every step of which lies in it.

    Parameters
    ----------
    n_weights : of the network; decides how many origins can be afforded
    season : rows that the seasonal naive forecast repeats, 1 for none

    Raises
    ------
    PreparationError
        If so many steps do not fit the part, or further inputs are missing.
    RunError
        If the forecasts grow beyond any number.
    """
    loops = {"closed": loop}
    if prepared.spec.window.horizon > 1 and loop.fed_back is None:
        loops["stepwise"] = replace(loop, fed_back=1)
    most = min(one.affordable(prepared, n_weights) for one in loops.values())
    starts = origins_in(prepared, part, loop.steps, most=most, further_back=loop.plan.rows_back)
    values, rows = prepared.values[:, 0], starts.rows
    told = {key: one.run(predict, prepared, rows) for key, one in loops.items()}
    told["naive"] = repeat_last(values, rows, loop.steps)
    if season > 1:
        told["seasonal_naive"] = repeat_season(values, rows, loop.steps, season)
    return Loops(
        made={key: beside_truth(prepared, part, rows, one, key) for key, one in told.items()},
        every=starts.every,
    )


def run_free(predict: Predictor, prepared: Prepared, origin: int, loop: Loop) -> FreeRun:
    """Run a network from one row on, in the open and in the closed loop; no further than the last row."""
    rows = np.arange(origin, min(origin + loop.steps, len(prepared.values)))
    loop, start, values = replace(loop, steps=len(rows)), rows[:1], prepared.values[:, 0]
    return FreeRun(
        rows=rows,
        actual=values[rows],
        one_step=forecast_ahead(predict, prepared, histories(prepared, rows), 1)[:, 0],
        closed=loop.run(predict, prepared, start)[0],
        naive=repeat_last(values, start, len(rows))[0],
    )


def growth_verdict(loops: Loops, *, unit: str, name: str = "LSTM") -> Verdict:
    """Say how fast the error of the closed loop grows, and from where on the naive forecast is no worse."""
    errors, first = loops.errors, loops.open_error
    closed, naive = errors["closed"], errors["naive"]
    steps = len(closed)
    told = f"Told the truth before every step, the {name} misses by {amount(first, unit)}"
    if steps == 1:
        return Verdict(tone="note", sentence=f"{told}. Choose more steps to see the error grow.")
    grown = f"; {steps} steps ahead by {amount(float(closed[-1]), unit)}"
    if first > 0:
        grown += f", {amount(float(closed[-1]) / first)} times as much"
    doubled = np.flatnonzero(closed >= 2 * first)
    if first > 0 and len(doubled):
        grown += f" (twice as much from step {int(doubled[0]) + 1} on)"
    if not naive.any():
        never = (
            "The test part never changes, so repeating the last value makes no error and nothing can beat it."
        )
        return Verdict(tone="note", sentence=f"{told}{grown}. {never}")
    behind = np.flatnonzero(closed >= (1 - TIE) * naive)
    if not len(behind):
        gained = 1 - float(closed.mean()) / float(naive.mean())
        return Verdict(
            tone="good",
            sentence=f"{told}{grown}. At every step it beats repeating the last value, by {gained:.0%} over all.",
        )
    if len(behind) == steps:
        return Verdict(
            tone="bad", sentence=f"{told}{grown}. At no step does it beat repeating the last value."
        )
    return Verdict(
        tone="caution",
        sentence=f"{told}{grown}. It beats repeating the last value at {steps - len(behind)} of {steps} steps; "
        f"the first one where it does not is step {int(behind[0]) + 1}.",
    )
