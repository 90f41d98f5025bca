"""Series that work offline: measured ones from statsmodels, and generated ones with a known truth."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series import generators
from lstm_core.series.assemble import to_series
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import ReadOptions, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number that shapes a generated series, with its bounds."""

    default: float
    low: float
    high: float
    title: str
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A series that comes with the house.

    Attributes
    ----------
    title, description : one line, one sentence
    known_truth : what a forecast can and cannot learn, "" for measured series
    roles : target, inputs and the repairs it needs
    units : unit per column
    parameters : settings of a generated series, by name
    make : keyword parameters -> frame
    """

    title: str
    description: str
    roles: ColumnRoles
    make: Callable[..., pd.DataFrame]
    units: Mapping[str, str]
    known_truth: str = ""
    parameters: Mapping[str, Parameter]


def sample_table(name: str, **parameters: float) -> Table:
    """Table of a sample, before any repair.

    Parameters
    ----------
    name : str
        One of `SAMPLES`, with or without the prefix `sample:`.
    **parameters : float
        Settings of a generated sample; those left out take their default.

    Raises
    ------
    SeriesError
        If there is no such sample or parameter, or a value is out of its bounds.
    """
    sample = find_sample(name)
    values = {key: parameter.default for key, parameter in sample.parameters.items()}
    for key, value in parameters.items():
        if key not in values:
            raise SeriesError(
                f"The sample '{sample.title}' has no parameter '{key}'",
                received=key,
                expected="one of " + ", ".join(values) if values else "no parameters",
                field="sample",
            )
        low, high = sample.parameters[key].low, sample.parameters[key].high
        if not low <= value <= high:
            raise SeriesError(
                f"{sample.parameters[key].title} of the sample '{sample.title}' is out of bounds",
                received=f"{key}={value:g}",
                expected=f"{low:g} to {high:g}",
                advice="Choose a value inside the bounds.",
                field="sample",
            )
        values[key] = value
    whole = {key: int(value) if sample.parameters[key].whole else value for key, value in values.items()}
    return Table(
        frame=sample.make(**whole),
        name=sample.title,
        options=ReadOptions(),
        units=tuple(sample.units.items()),
    )


def sample_roles(name: str, **parameters: float) -> ColumnRoles:
    """Roles and repairs that a sample suggests; a generated season is passed on as the season length."""
    sample = find_sample(name)
    if "period" in sample.parameters:
        period = int(parameters.get("period", sample.parameters["period"].default))
        return sample.roles.model_copy(update={"period": period})
    return sample.roles


def load_sample(name: str, **parameters: float) -> Series:
    """Sample as a series, repaired as it suggests; see `sample_table`."""
    return to_series(sample_table(name, **parameters), sample_roles(name, **parameters))


def find_sample(name: str) -> Sample:
    """Sample of that name, with or without the prefix `sample:`.

    Raises
    ------
    SeriesError
        If there is none.
    """
    key = name.removeprefix("sample:")
    if key not in SAMPLES:
        raise SeriesError(
            f"There is no sample called '{key[:40]}'",
            received=key[:40],
            expected="one of " + ", ".join(SAMPLES),
            field="sample",
        )
    return SAMPLES[key]


def _load(name: str) -> pd.DataFrame:
    """Frame of one of statsmodels' own data sets, read from the installed package."""
    return importlib.import_module(f"statsmodels.datasets.{name}").load_pandas().data


def _sunspots() -> pd.DataFrame:
    frame = _load("sunspots")
    return pd.DataFrame({"year": frame["YEAR"].astype("int64"), "sunspots": frame["SUNACTIVITY"]})


def _co2() -> pd.DataFrame:
    frame = _load("co2")
    return pd.DataFrame({"week": frame.index.astype("str"), "co2": frame["co2"].to_numpy()})


def _nile() -> pd.DataFrame:
    frame = _load("nile")
    return pd.DataFrame({"year": frame["year"].astype("int64"), "volume": frame["volume"]})


def _macrodata() -> pd.DataFrame:
    frame = _load("macrodata")
    quarter = frame["year"].astype(int).astype(str) + "Q" + frame["quarter"].astype(int).astype(str)
    frame = frame.drop(columns=["year", "quarter"])
    frame.insert(0, "quarter", quarter)
    return frame


def _elnino() -> pd.DataFrame:
    frame = _load("elnino")
    years = frame["YEAR"].astype(int).repeat(12).astype(str).to_numpy()
    months = np.tile([f"{month:02d}" for month in range(1, 13)], len(frame))
    temperature = frame.drop(columns="YEAR").to_numpy().ravel()
    return pd.DataFrame(
        {"month": [f"{y}-{m}" for y, m in zip(years, months, strict=True)], "sst": temperature}
    )


def _generated(make: Callable[..., np.ndarray]) -> Callable[..., pd.DataFrame]:
    return lambda **parameters: pd.DataFrame({"value": make(**parameters)})


_N_ROWS = Parameter(default=400, low=50, high=100_000, title="Rows")
_SEED = Parameter(default=42, low=0, high=2**32 - 1, title="Seed of the noise")
_NOISE = Parameter(default=1.0, low=0, high=100, title="Noise (standard deviation)", whole=False)
_GENERATED = ColumnRoles(target="value")

SAMPLES: dict[str, Sample] = {
    "sunspots": Sample(
        title="Sunspots",
        description="Mean number of sunspots per year, 1700 to 2008: a cycle of about 11 years, never twice the same.",
        roles=ColumnRoles(time="year", target="sunspots", unit="sunspots"),
        make=_sunspots,
        units={"sunspots": "sunspots"},
        parameters={},
    ),
    "co2": Sample(
        title="CO2 at Mauna Loa",
        description="Carbon dioxide in the air each week, 1958 to 2001: a trend, a yearly season and 59 missing weeks.",
        roles=ColumnRoles(time="week", target="co2", unit="ppm", gaps="interpolate"),
        make=_co2,
        units={"co2": "ppm"},
        parameters={},
    ),
    "nile": Sample(
        title="Nile",
        description="Flow of the Nile at Aswan each year, 1871 to 1970: its level drops for good in 1899.",
        roles=ColumnRoles(time="year", target="volume", unit="10⁸ m³"),
        make=_nile,
        units={"volume": "10⁸ m³"},
        parameters={},
    ),
    "macrodata": Sample(
        title="United States economy",
        description="Twelve quarterly columns, 1959 to 2009: unemployment, beside inflation and interest.",
        roles=ColumnRoles(time="quarter", target="unemp", features=("infl", "tbilrate"), unit="%"),
        make=_macrodata,
        units={
            "unemp": "%",
            "infl": "%",
            "tbilrate": "%",
            "realint": "%",
            "pop": "million",
            "realgdp": "10⁹ $",
        },
        parameters={},
    ),
    "elnino": Sample(
        title="El Niño",
        description="Sea surface temperature off Peru each month, 1950 to 2010: a season and a slow swing.",
        roles=ColumnRoles(time="month", target="sst", unit="°C"),
        make=_elnino,
        units={"sst": "°C"},
        parameters={},
    ),
    "sine": Sample(
        title="Noisy sine",
        description="Five cycles of a sine with a little noise: the first exercise of most LSTM courses.",
        known_truth="The curve is fully predictable; the best possible RMSE is the noise, 0.1 by default.",
        roles=_GENERATED,
        make=_generated(generators.sine),
        units={},
        parameters={
            "n_rows": Parameter(default=200, low=50, high=100_000, title="Rows"),
            "noise": Parameter(default=0.1, low=0, high=10, title="Noise (standard deviation)", whole=False),
            "seed": _SEED,
        },
    ),
    "trend_season": Sample(
        title="Trend, season and noise",
        description="A straight line, one season and noise, each of a size you choose.",
        known_truth="Trend and season are fully predictable; the best possible RMSE is the noise.",
        roles=_GENERATED,
        make=_generated(generators.trend_season),
        units={},
        parameters={
            "n_rows": _N_ROWS,
            "trend": Parameter(default=0.05, low=-10, high=10, title="Trend per row", whole=False),
            "period": Parameter(default=12, low=2, high=1000, title="Season length (rows)"),
            "amplitude": Parameter(default=5, low=0, high=1000, title="Season size", whole=False),
            "noise": _NOISE,
            "seed": _SEED,
        },
    ),
    "random_walk": Sample(
        title="Random walk",
        description="Every row is the row before plus pure chance.",
        known_truth="Nothing beats repeating the last value; a model that seems to has been lucky.",
        roles=_GENERATED,
        make=_generated(generators.random_walk),
        units={},
        parameters={
            "n_rows": _N_ROWS,
            "step": Parameter(
                default=1, low=0.001, high=100, title="Step size (standard deviation)", whole=False
            ),
            "seed": _SEED,
        },
    ),
    "echo": Sample(
        title="Echo",
        description="What happened some rows ago comes back, a little weaker, with new noise on top.",
        known_truth="Only the value that many rows back matters: sensitivity and PACF should point at it.",
        roles=_GENERATED,
        make=_generated(generators.echo),
        units={},
        parameters={
            "n_rows": Parameter(default=600, low=50, high=20_000, title="Rows"),
            "delay": Parameter(default=5, low=1, high=200, title="Echo after (rows)"),
            "strength": Parameter(default=0.9, low=0, high=0.99, title="Strength of the echo", whole=False),
            "noise": _NOISE,
            "seed": _SEED,
        },
    ),
}
"""Every sample by name; the command line spells them `sample:<name>`."""
