"""The only file with Streamlit caches: one wrapper per core call that is too slow for every rerun.

Keys are fingerprints, spec values and run ids; heavy values come in with a leading underscore and are not
hashed. Everything that comes from a person is cached per session, and every cache has a limit.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import streamlit as st

from lstm_core.arrays import LagValues, TimeValues
from lstm_core.diagnostics.correlogram import Correlogram, correlogram
from lstm_core.doctor.case import Case
from lstm_core.errors import RunError
from lstm_core.evaluation import replay
from lstm_core.evaluation.explanation import sensitivity
from lstm_core.evaluation.forecast import Forecast, Predictor, paired
from lstm_core.network.forward import attention_weights
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.trace import GateTrace, trace_gates
from lstm_core.network.weights import Weights
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSet, prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.log import RunLog
from lstm_core.runs.store import RunStore
from lstm_core.series.assemble import Assembled, Observations, assemble, observe
from lstm_core.series.health import HealthCard, examine
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.reading.apart import list_sheets
from lstm_core.series.reading.background import ReadingDesk
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, default_roles, load_file, load_table
from lstm_core.series.table import Table
from lstm_core.series.unrepaired import Unrepaired, lay_out
from lstm_core.training.snapshots import Snapshots

T = TypeVar("T")


def _close(thing: object) -> None:
    """End what has an end (the run queue and its workers) when the cache lets go of it."""
    close = getattr(thing, "close", None)
    if close is not None:
        close()


@st.cache_resource(max_entries=8, show_spinner=False, on_release=_close)
def once(name: str, _make: Callable[[], T]) -> T:
    """Make one object for the whole process; later calls with the same name return it."""
    return _make()


@st.cache_resource(max_entries=4, scope="session", show_spinner="Reading the series")
def series(owner: str, source: SeriesSource, _load_upload: Callable[[str], bytes]) -> Series:
    """Series of a source; `_load_upload` turns a sha256 into the bytes of an upload."""
    return assembled(owner, source, _load_upload).series


@st.cache_resource(max_entries=2, scope="session", show_spinner="Repairing and cleaning")
def assembled(owner: str, source: SeriesSource, _load_upload: Callable[[str], bytes]) -> Assembled:
    """Series of a source with the rows before and behind every repair and step, and what these learned."""
    read = table(owner, source.unread, _load_upload)
    roles = source.roles or default_roles(source, read)
    observed = observations(owner, source.unread, roles.reading, read)
    return assemble(read, roles, observed, source.cleaning)


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the table", show_time=True)
def table(owner: str, source: SeriesSource, _load_upload: Callable[[str], bytes]) -> Table:
    """Table of a source without roles, so that a change of roles or repairs does not read the file again."""
    return load_table(source, _load_upload, lambda one: file(owner, one.as_it_stands, _load_upload))


@st.cache_resource(max_entries=1, scope="session", show_spinner=False, on_release=_close)
def desk(owner: str, _load_upload: Callable[[str], bytes]) -> ReadingDesk[FileChoice]:
    """Where the files of this session are read, each once; what is being read ends when the browser leaves."""
    return ReadingDesk(lambda one, watch: load_file(one, _load_upload, watch))


def file(owner: str, choice: FileChoice, load_upload: Callable[[str], bytes]) -> Table:
    """One file of a source as it stands: another layout or join does not read it again, and no widget asks in vain."""
    return desk(owner, load_upload).reading(choice).result()


@st.cache_resource(max_entries=8, scope="session", show_spinner="Looking at the file", show_time=True)
def look(owner: str, what: str, choice: FileChoice | SeriesSource, _look: Callable[[], T]) -> T:
    """Anything that is seen in the table of a file or a source: `what` names it (its layout, its profile)."""
    return _look()


@st.cache_resource(max_entries=4, scope="session", show_spinner="Looking for sheets")
def sheets(owner: str, sha256: str, name: str, _load_upload: Callable[[str], bytes]) -> tuple[str, ...]:
    """Names of the sheets of an upload that cannot be read as it is; none when it is no workbook."""
    return list_sheets(_load_upload(sha256), name)


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def health(owner: str, source: SeriesSource, roles: ColumnRoles, _table: Table) -> HealthCard:
    """Counts of what is unusual in the table of a source, seen through roles."""
    return examine(_table, roles, observations(owner, source, roles.reading, _table))


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def observations(owner: str, source: SeriesSource, roles: ColumnRoles, _table: Table) -> Observations:
    """Dates and numbers of the chosen columns; repairs do not read them again."""
    return observe(_table, roles)


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def unrepaired(owner: str, source: SeriesSource, roles: ColumnRoles, _table: Table) -> Unrepaired:
    """Rows of a table that waits for a repair, to look at."""
    observed = observations(owner, source, roles.reading, _table)
    return lay_out(observed, roles, unit=roles.unit or _table.unit(roles.target))


@st.cache_resource(max_entries=4, scope="session", show_spinner="Loading the series of the run")
def run_series(owner: str, fingerprint: str, _store: RunStore) -> Series:
    """Series a run was trained on."""
    return _store.load_series(owner, fingerprint)


@st.cache_resource(max_entries=4, scope="session", show_spinner="Cutting windows")
def prepared(fingerprint: str, spec: PreparationSpec, _series: Series) -> Prepared:
    """Series with this fingerprint, split, scaled and framed."""
    return prepare(_series, spec)


@st.cache_resource(max_entries=24, scope="session", show_spinner="Correlating")
def memory(fingerprint: str, column: str, n_lags: int, _values: TimeValues) -> Correlogram:
    """ACF and PACF of a column up to `n_lags`."""
    return correlogram(_values, n_lags=n_lags)


@st.cache_resource(max_entries=48, scope="session", show_spinner="Looking for patterns")
def pattern(
    fingerprint: str, column: str, what: str, settings: tuple[object, ...], _look: Callable[[], T]
) -> T:
    """Anything seen in a column before training: `what` names it, `settings` are all else it depends on."""
    return _look()


@st.cache_resource(max_entries=8, scope="session", show_spinner="Loading the weights")
def weights(owner: str, run_id: str, _store: RunStore) -> Weights:
    """Weights of a finished run."""
    return Weights.from_arrays(arrays_from_bytes(_store.load_artifact(owner, run_id, "weights")))


@st.cache_resource(max_entries=2, scope="session", show_spinner="Loading the weights of the kept epochs")
def snapshots(owner: str, run_id: str, _store: RunStore) -> Snapshots | None:
    """Weights of the kept epochs of a finished run; None for a run that kept none."""
    try:
        content = _store.load_artifact(owner, run_id, "snapshots")
    except RunError:
        _store.load_artifact(owner, run_id, "weights")  # a run that is gone has none of both, and says so
        return None
    kept = Snapshots.from_arrays(arrays_from_bytes(content))
    return kept if len(kept.epochs) else None


@st.cache_resource(max_entries=12, scope="session", show_spinner="Forecasting")
def baselines(run_id: str, part: Part, _make: Callable[[], dict[str, Forecast]]) -> dict[str, Forecast]:
    """Baselines of a run on the windows of a part; the weights have no part in them."""
    return _make()


@st.cache_resource(max_entries=12, scope="session", show_spinner="Forecasting", show_time=True)
def network_forecast(key: str, part: Part, _make: Callable[[], Forecast]) -> Forecast:
    """Network of a run, at the epoch that `key` names, on the windows of a part."""
    return _make()


@st.cache_resource(max_entries=48, scope="session", show_spinner="Measuring the run", show_time=True)
def measured(key: str, what: str, settings: tuple[object, ...], _measure: Callable[[], T]) -> T:
    """Anything measured on a run at the epoch that `key` names: `what` it is, `settings` are all else it depends on."""
    return _measure()


@st.cache_resource(max_entries=32, scope="session", show_spinner=False)
def worked_out(key: str, what: str, settings: tuple[object, ...], _make: Callable[[], T]) -> T:
    """Anything else of a run: `what` names it, `settings` are all else it depends on; the caller shows a spinner."""
    return _make()


@st.cache_resource(max_entries=24, scope="session", show_spinner="Nudging every step", show_time=True)
def step_effects(
    key: str,
    windows: tuple[int, int, int],
    share: float,
    step: int | None,
    _prepared: Prepared,
    _predict: Predictor,
) -> sensitivity.StepEffects:
    """Effect of a nudge of `share` train standard deviations at every step of the test windows `slice(*windows)`."""
    chosen, test = slice(*windows), _prepared.test
    subset = WindowSet(inputs=test.inputs[chosen], targets=test.targets[chosen], origins=test.origins[chosen])
    sizes = share * sensitivity.train_spread(_prepared)
    return sensitivity.step_effects(_predict, subset, sizes=sizes, prepared=_prepared, step=step)


@st.cache_resource(max_entries=512, scope="session", show_spinner=False)
def moment(key: str, part: Part, every: int, _prepared: Prepared, _predict: Predictor) -> replay.Moment:
    """What the forecast of a part was worth at the epoch that `key` names."""
    return replay.look_at(_predict, _prepared, part, every=every)


@st.cache_resource(max_entries=512, scope="session", show_spinner=False)
def pull(
    key: str, window: int, lags: tuple[int, ...], step: int, _prepared: Prepared, _predict: Predictor
) -> LagValues:
    """How far a nudge of each of these steps of a test window moved its forecast at the epoch that `key` names."""
    return replay.pull(_predict, _prepared, window, lags, step=step)


@st.cache_resource(max_entries=512, scope="session", show_spinner=False)
def largest_values(
    key: str, window: int, layer: int, backward: bool, _trace: Callable[[], GateTrace]
) -> dict[str, float]:
    """Largest value, without its sign, of every gate and state of a layer on a test window, at that epoch."""
    trace = _trace()
    return {name: float(abs(trace.read(name)).max(initial=0)) for name in trace.parts}


@st.cache_resource(max_entries=8, scope="session", show_spinner="Loading Keras' own forecasts")
def keras_predictions(owner: str, run_id: str, _store: RunStore) -> np.ndarray:
    """What Keras itself said about the test windows of a run, (sample, horizon), scaled."""
    return arrays_from_bytes(_store.load_artifact(owner, run_id, "test_predictions"))["keras"]


@st.cache_resource(max_entries=8, scope="session", show_spinner="Looking inside the cell")
def gate_trace(
    key: str,
    window: int,
    layer: int,
    backward: bool,
    _spec: NetworkSpec,
    _weights: Weights,
    _inputs: np.ndarray,
) -> GateTrace:
    """What a layer of a run, at the epoch that `key` names, did on a test window.

    `backward` is the direction of a bidirectional layer that reads from the newest step; `_inputs` are that window's
    (window, feature), scaled.
    """
    return trace_gates(_spec, _weights, _inputs, layer=layer, backward=backward)


@st.cache_resource(max_entries=4, scope="session", show_spinner="Weighing the steps")
def attention(key: str, _spec: NetworkSpec, _weights: Weights, _inputs: np.ndarray) -> np.ndarray:
    """Share of the attention that every step of every test window gets, at the epoch that `key` names."""
    return attention_weights(_spec, _weights, _inputs)


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def run_log(owner: str, run_id: str, _store: RunStore) -> RunLog:
    """Curve of a run that this session follows: each look reads and folds only what is new."""
    return RunLog(_store, owner, run_id)


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def run_logs(owner: str, run_ids: tuple[str, ...], _store: RunStore) -> tuple[RunLog, ...]:
    """Curves of the runs of one repetition; each look reads and folds only what is new."""
    return tuple(RunLog(_store, owner, run_id) for run_id in run_ids)


@st.cache_resource(max_entries=4, scope="session", show_spinner="Loading the forecasts of the seeds")
def stored_forecasts(
    owner: str, run_ids: tuple[str, ...], unit: str, _prepared: Prepared, _store: RunStore
) -> tuple[Forecast, ...]:
    """What Keras itself said about the test windows of each run, in original units: nothing is computed anew."""
    return tuple(
        paired(
            _prepared,
            _prepared.to_original(
                arrays_from_bytes(_store.load_artifact(owner, run_id, "test_predictions"))["keras"],
                _prepared.test.origins,
            ),
            part="test",
            label="LSTM",
            unit=unit,
        )
        for run_id in run_ids
    )


@st.cache_resource(max_entries=8, scope="session", show_spinner="Examining the run", show_time=True)
def case(key: str, _open: Callable[[], Case]) -> Case:
    """What the doctor reads: of a run with this key, or of choices that were not trained yet."""
    return _open()
