"""What the series and its windows say, before any weight is learned."""

from collections.abc import Mapping

from lstm_core.diagnostics.correlogram import stands_out
from lstm_core.diagnostics.learnable import ALPHA
from lstm_core.doctor import experiments
from lstm_core.doctor.case import Case
from lstm_core.doctor.evidence import Amounts, InputSizes, Reach
from lstm_core.doctor.finding import Experiment, Sign, rule
from lstm_core.evaluation.scores import Scores, skill
from lstm_core.evaluation.verdict import amount, p_text
from lstm_core.network.spec import thousands

CHEBYSHEV = 1 / 9
"""Of any column with mean 0 and deviation 1, however it is distributed, at most this share lies outside −3 to 3."""
SQUEEZED = 0.05
"""Deviation of a scaled column, against the 1 that first weights are made for (Glorot and Bengio 2010)."""
WEAKEST_REACH = 0.1
"""Partial autocorrelation beyond the window worth a longer one: it explains at least 1% of the variance."""
GAINED = 0.05
"""What a network must save on the test part before it counts as proof that there is something to learn."""
FEW_WINDOWS = 30
"""Fewer than one batch of the default plan: every epoch is one step."""
CROWDED = 100
"""Weights per train window. The default network has this many on about 100 windows. More weights than windows can
learn even noise by heart (Zhang et al. 2017), which is why early stopping and this rule exist."""
BEYOND = 0.1
"""Share of test values outside everything the train rows have seen; the same as on the Windows page."""


@rule(
    "series",
    name="Unscaled input",
    needs="series",
    fires=f"more than {CHEBYSHEV:.0%} of a column's train values reach the network outside −3 to 3 (no column with "
    f"mean 0 and deviation 1 can), or a column reaches it with a deviation below {SQUEEZED:g}",
    rows=("C15", "E2", "F42"),
    experiment="standard scaling",
)
def unscaled_input(case: Case) -> Sign | None:
    """Numbers far from the size that gates and first weights are made for."""
    large = max(case.inputs, key=lambda size: size.outside, default=None)
    small = min((size for size in case.inputs if size.spread > 0), key=lambda size: size.spread, default=None)
    evidence = InputSizes(columns=case.inputs, limits=(-3.0, 3.0))
    experiment = experiments.standard_scaling(case)
    if large is not None and large.outside > CHEBYSHEV:
        return Sign(
            severity="bad",
            seen=f"{large.outside:.0%} of the train values of '{large.column}' reach the network outside −3 to 3, "
            f"the largest as {amount(large.largest)}. {large.gate_shut:.0%} of them push a gate to within 0.01 of "
            "0 or 1.",
            means="Three things go wrong. Saturation: a gate fed with large numbers is fully shut or open, and "
            "stays so. Gradient: where a gate is flat almost nothing comes back, so it does not learn. "
            "Convergence: one weight's step moves the loss a million times as far as another's, and no learning "
            "rate suits both.",
            advice="Scale every column on its train rows; the forecast comes back in original units by itself.",
            evidence=evidence,
            experiment=experiment,
        )
    if small is not None and small.spread < SQUEEZED:
        return Sign(
            severity="caution",
            seen=f"The train values of '{small.column}' reach the network with a deviation of {amount(small.spread)}.",
            means="The network hears a whisper: its first weights are made for inputs with a deviation of about "
            "1, and most of its epochs go into growing them. With min-max scaling one outlier is enough to cause "
            "this.",
            advice="Use standard scaling, which looks at the spread and not at the extremes.",
            evidence=evidence,
            experiment=experiment,
        )
    return None


@rule(
    "series",
    name="Nothing to learn",
    needs="series",
    fires=f"the Ljung-Box tests find no memory in the train rows (p of {ALPHA:g} or more), in the values or in "
    "their steps, or earlier steps explain less than 2% of the next one; and neither the network on the test part "
    "nor a simple forecast on validation and test part has shown otherwise by saving more than "
    f"{GAINED:.0%} (of the variance for noise, of the naive error for a random walk)",
    rows=("F22", "W37"),
)
def nothing_to_learn(case: Case) -> Sign | None:
    """Noise or a random walk: no network can do better than the mean or the last value."""
    learnable, found = case.past.learnable, case.past.correlogram
    if learnable.something or found is None or not found.is_defined:
        return None
    noise = learnable.p_values >= ALPHA
    if _has_learned(case, noise=noise):
        return None
    best = "the mean" if noise else "the last value"
    if case.edge is not None:
        best += f", moved to the quantile {case.edge:g}"
    return Sign(
        severity="bad",
        seen=f"The train rows show {'no memory at all' if noise else 'no more memory than a random walk'} "
        f"(Ljung-Box {p_text(learnable.p_values if noise else learnable.p_steps)}"
        + ("" if noise else f"; earlier steps explain {learnable.explained:.1%} of the next one")
        + ").",
        means=f"The best forecast there is, is {best}. A network can only match it, and a lower train loss means "
        "that it learned noise by heart. Deeper or longer training cannot change that.",
        advice="Look for another input that leads the target, another step (daily instead of hourly), or another "
        "series.",
        evidence=Reach(
            correlogram=found,
            kind="acf",
            window=case.spec.preparation.window.length,
            season=case.past.season.length,
        ),
    )


def _has_learned(case: Case, *, noise: bool) -> bool:
    """Whether a forecast proves the tests wrong, which see little in short series.

    The network once; a simple forecast on two parts, as one of several does well on one part by luck.
    """
    if "test" not in case.boards or case.edge is not None:
        return False
    if _saves(case.boards["test"], "lstm", noise=noise):
        return True
    both = [case.boards[part] for part in ("validation", "test") if part in case.boards]
    simple = ("seasonal_naive", "linear_ar")
    return len(both) > 1 and any(
        all(key in board and _saves(board, key, noise=noise) for board in both) for key in simple
    )


def _saves(board: Mapping[str, Scores], key: str, *, noise: bool) -> bool:
    gained = board[key].r2 if noise else skill(board[key], board["naive"])
    return (gained or 0.0) > GAINED


@rule(
    "series",
    name="Window of one step",
    needs="series",
    fires="the window length is 1",
    rows=("W36",),
    experiment="the window length that the train rows suggest",
)
def window_of_one(case: Case) -> Sign | None:
    """An LSTM that reads one row has no sequence to remember."""
    window, suggested = case.spec.preparation.window.length, case.past.window
    if window != 1:
        return None
    inputs = len(case.spec.preparation.columns)
    n_others = case.room.n_parameters
    return Sign(
        severity="bad",
        seen="The network reads 1 row before it forecasts.",
        means="There is no sequence: the cell state starts at 0, is written once and read once. All the forget "
        "gate could do, and the recurrent weights with it, is never used; a formula of the last value says the "
        "same.",
        advice=f"Read a real window. {suggested.reason if suggested else ''}".rstrip(),
        evidence=Amounts(
            names=("numbers the network reads", "weights it has"),
            values=(float(inputs), float(n_others)),
            title="Count",
            log=True,
        ),
        experiment=experiments.window_length(case, max(suggested.length, 2)) if suggested else None,
    )


@rule(
    "series",
    name="Window too short",
    needs="series",
    fires="the train rows repeat with a season longer than the window, or their partial autocorrelation stands "
    f"out, by at least {WEAKEST_REACH:g}, at a lag beyond the window and before it cuts off",
    rows=("F42", "F22"),
    experiment="the window length that the train rows suggest",
)
def window_too_short(case: Case) -> Sign | None:
    """A memory that reaches further back than the network can see."""
    length, past = case.spec.preparation.window.length, case.past
    if length == 1 or past.correlogram is None or past.window is None or not past.correlogram.is_defined:
        return None
    found, cutoff, season = past.correlogram, past.window.pacf_cutoff, past.season.length
    loud = stands_out(found.pacf, found.pacf_band) & (abs(found.pacf) >= WEAKEST_REACH)
    beyond = [lag for lag in range(length + 1, cutoff + 1) if loud[lag]]
    if season <= length and not beyond:
        return None
    reaches = (
        f"The train rows repeat every {season} rows"
        if season > length
        else f"The partial autocorrelation still says {found.pacf[beyond[-1]]:+.2f} at lag {beyond[-1]}".replace(
            "-", "−"
        )
    )
    longer = past.window.length > length
    return Sign(
        severity="caution",
        seen=f"{reaches}; the network reads {length}.",
        means="What lies before the window does not exist for the network: its state starts at 0 with every "
        "window. Whatever depends on those rows it can only guess.",
        advice="Read further back."
        if longer
        else "The series is too short to read further back: there would be too few windows left. Look for a "
        "longer one.",
        evidence=Reach(
            correlogram=found, kind="acf" if season > length else "pacf", window=length, season=season
        ),
        experiment=experiments.window_length(case, past.window.length) if longer else None,
    )


@rule(
    "series",
    name="Too few windows",
    needs="series",
    fires=f"there are fewer than {FEW_WINDOWS} train windows, or {CROWDED} weights per train window or more",
    rows=("F42", "C16"),
    experiment=f"stride 1 when there was a longer one; else as few units as bring it below {CROWDED} weights per "
    "window",
)
def too_few_windows(case: Case) -> Sign | None:
    """More to adjust than there is to adjust it to."""
    n_windows, n_parameters = case.room.n_windows, case.room.n_parameters
    each = n_parameters / max(n_windows, 1)
    if n_windows >= FEW_WINDOWS and each < CROWDED:
        return None
    return Sign(
        severity="caution" if n_windows < FEW_WINDOWS else "note",
        seen=f"{thousands(n_parameters)} weights learn from {thousands(n_windows)} train windows: {amount(each)} "
        "weights per window.",
        means="A network with many times more weights than windows can learn every window by heart. Early "
        "stopping keeps the worst away; the curves show whether it had to.",
        advice="Use a longer series, a stride of 1, or fewer units.",
        evidence=Amounts(
            names=("weights", "train windows"),
            values=(float(n_parameters), float(n_windows)),
            title="Count",
            log=True,
        ),
        experiment=_fewer_weights(case, each),
    )


def _fewer_weights(case: Case, each: float) -> Experiment | None:
    window = case.spec.preparation.window
    if window.stride > 1:
        return experiments.stride_of_one(case)
    # The recurrent weights grow with the square of the units.
    return experiments.units_times(case, min((0.8 * CROWDED / each) ** 0.5, 0.5))


@rule(
    "series",
    name="Unseen range",
    needs="series",
    fires=f"more than {BEYOND:.0%} of the test values lie outside everything the train rows have seen, both as the "
    "network reads them",
    rows=("F42", "E10"),
    experiment="the plain difference, unless it is taken already",
)
def unseen_range(case: Case) -> Sign | None:
    """A series that has left the range it was learned in."""
    share, differenced = case.past.unseen, case.spec.preparation.transform.difference == 1
    if share <= BEYOND:
        return None
    return Sign(
        severity="caution",
        seen=f"{share:.0%} of the test values lie outside the range of the train rows.",
        means="A network extrapolates poorly: its gates were fitted to the levels they have seen, and beyond "
        "them its answer bends flat. A trend does this to every network.",
        advice=("Test" if differenced else "Take the trend out first (the plain difference), or test")
        + " on a part that lies within the known range.",
        evidence=Amounts(
            names=("outside what train has seen", "inside"),
            values=(100 * share, 100 * (1 - share)),
            title="Share of the test values [%]",
        ),
        experiment=experiments.plain_difference(case),
    )


RULES = (
    unscaled_input,
    nothing_to_learn,
    window_of_one,
    window_too_short,
    unseen_range,
    too_few_windows,
)
