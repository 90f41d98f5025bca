"""Quantile networks: the same settings trained twice more, to the lower and to the upper edge of a band."""

import re
from collections.abc import Iterable, Sequence

from lstm_core.runs.names import first_name
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.trials import Study, Trial, study_id
from lstm_core.training.events import Status
from lstm_core.training.plan import RunSpec

_QUANTILE_IN_NAME = re.compile(r"quantile [\d.e-]+")


def edge_quantiles(level: float) -> tuple[float, float]:
    """Quantiles between which a share `level` lies, as much outside below as above: 0.8 gives 0.1 and 0.9."""
    outside = round((1 - level) / 2, 9)
    return outside, round(1 - outside, 9)


def quantile_trials(spec: RunSpec, series: Series, *, level: float) -> tuple[Trial, Trial]:
    """Runs of both edges of a band, lower first: the settings and the seed of `spec`, with the pinball loss."""
    low, high = (_trial(spec, series, quantile) for quantile in edge_quantiles(level))
    return low, high


def _trial(spec: RunSpec, series: Series, quantile: float) -> Trial:
    plan = spec.plan.model_copy(update={"loss": "pinball", "quantile": quantile})
    own = spec.model_copy(update={"plan": plan})
    return Trial(spec=own, series=series, name=first_name(own, series))


def pair_study(run_id: str, token: str) -> str:
    """Id of the study of the two runs for a run; it names that run."""
    return study_id("quantiles", f"{run_id}-{token}")


def pair_name(study: Study) -> str:
    """Name of the first run, with the quantiles of all: `Sunspots, 24 → 4, quantiles 0.1 and 0.9, 50 units`."""
    quantiles = sorted(run.spec.plan.quantile for run in study.runs)
    told = f"quantiles {' and '.join(f'{one:g}' for one in quantiles)}"
    return _QUANTILE_IN_NAME.sub(told, study.runs[0].name) if len(quantiles) > 1 else study.runs[0].name


def run_of(study: str) -> str:
    """Id of the run that the bands of a study of quantiles belong to."""
    return study.split("-")[1]


def find_pair(runs: Iterable[Run], trials: Sequence[Trial]) -> Study | None:
    """Runs of these trials, in their order, whatever started them; None unless each has one.

    Of several runs of one experiment the one with a result counts, else one that may still have one, else the newest.

    Parameters
    ----------
    runs : newest first
    """
    best: dict[str, Run] = {}
    for run in runs:
        held = best.get(run.spec.digest)
        if held is None or _worth(run) > _worth(held):
            best[run.spec.digest] = run
    pair = [best.get(trial.spec.digest) for trial in trials]
    found = tuple(run for run in pair if run is not None)
    return Study(study=found[0].study or found[0].run_id, runs=found) if len(found) == len(trials) else None


def _worth(run: Run) -> int:
    if run.status is Status.FINISHED:
        return 2
    return 0 if run.status.is_final else 1
