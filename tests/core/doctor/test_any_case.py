"""Whatever a run looks like: no rule raises, the worst comes first, and an experiment changes one thing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.doctor.case import GateUse, InputSize, Room, UnitMoves
from lstm_core.doctor.finding import SEVERITIES
from lstm_core.doctor.rules import RULES, diagnose
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.training.events import EpochEnded, Progress, RunFailed, fold
from lstm_core.training.plan import RunSpec
from tests.core.doctor.cases import FINISHED, N_TEST, board, healthy, past, spec, told, wave
from tests.core.doctor.test_rules import FIRES

SHARE = st.floats(0, 1)
LOSS = st.one_of(st.floats(0, 1e300), st.just(math.nan), st.just(math.inf))
EPOCHS = st.lists(st.tuples(LOSS, LOSS, st.one_of(st.none(), LOSS)), max_size=12)
DIVERGED = RunFailed(cause="diverged", message="x")
ENDS = st.sampled_from([(), (FINISHED,), (DIVERGED,), (Progress(epoch=1, share=0.5, seconds=1),)])
SPEC = st.fixed_dictionaries(
    {
        "length": st.integers(1, 60),
        "units": st.integers(1, 512),
        "activation": st.sampled_from(["tanh", "relu", "sigmoid"]),
        "scaling": st.sampled_from(["none", "minmax", "standard", "robust"]),
        "dropout": st.sampled_from([0.0, 0.2]),
        "stride": st.integers(1, 5),
        "epochs": st.integers(1, 30),
        "learning_rate": st.floats(1e-6, 1.0),
        "clipnorm": st.one_of(st.none(), st.floats(0.1, 10)),
        "patience": st.one_of(st.none(), st.integers(1, 30)),
    }
)
PAST = st.fixed_dictionaries(
    {
        "something": st.booleans(),
        "season": st.integers(1, 60),
        "p_values": st.one_of(SHARE, st.just(math.nan)),
        "p_steps": st.one_of(SHARE, st.just(math.nan)),
        "unseen": SHARE,
    }
)
SIZE = st.fixed_dictionaries(
    {"outside": SHARE, "largest": st.floats(0, 1e30), "spread": st.floats(0, 1e30), "gate_shut": SHARE}
)
GATE = st.fixed_dictionaries(
    {"layer": st.integers(1, 2), "shut": st.floats(0, 0.5), "open": st.floats(0, 0.5)}
)
ROOM = st.fixed_dictionaries(
    {
        "n_windows": st.integers(1, 500),
        "n_parameters": st.integers(1, 10**6),
        "n_train_rows": st.integers(1, 600),
    }
)
MAES = st.tuples(*[st.floats(0, 1e9)] * 4, st.one_of(st.none(), st.floats(-9, 1)))
FORECAST = st.one_of(st.none(), st.tuples(st.floats(-2, 2), st.floats(-1e6, 1e6)))
CASE = st.fixed_dictionaries(
    {
        "epochs": EPOCHS,
        "end": ENDS,
        "settings": SPEC,
        "series": st.tuples(st.integers(0, 3), PAST),
        "room": ROOM,
        "inputs": st.lists(SIZE, min_size=1, max_size=3),
        "gates": st.lists(GATE, max_size=4),
        "moves": st.lists(st.floats(0, 10), min_size=1, max_size=9),
        "maes": st.one_of(st.none(), MAES),
        "forecast": FORECAST,
    }
)


def case_of(drawn):
    """Build the case in the test: arrays are checked with random samples, which Hypothesis must not see."""
    epochs = [
        EpochEnded(epoch=number, loss=loss, val_loss=val, seconds=number, gradient_norm=norm)
        for number, (loss, val, norm) in enumerate(drawn["epochs"], start=1)
    ]
    noise, truth = drawn["series"]
    parts = {
        "forecasts": {},
        "lag": None,
        "bias": None,
        "leftover": None,
        "remembers": None,
        "uneven": (),
        "spread": None,
    }
    if drawn["forecast"] is not None:
        weight, shift = drawn["forecast"]
        parts = told(weight * wave(N_TEST) + shift)
    one = board(*drawn["maes"][:4], r2=drawn["maes"][4]) if drawn["maes"] else None
    return healthy(
        state=fold([*epochs, *drawn["end"]]),
        spec=spec(**drawn["settings"]),
        past=past(wave(noise=noise, seed=noise), **truth),
        room=Room(**drawn["room"]),
        inputs=tuple(InputSize(column="y", **size) for size in drawn["inputs"]),
        gates=tuple(GateUse(cell="lstm", gate="input", **gate) for gate in drawn["gates"]),
        units=(UnitMoves(layer=1, moves=np.array(drawn["moves"])),),
        boards={part: one for part in ("train", "validation", "test") if one},
        **parts,
    )


@given(drawn=CASE)
def test_no_rule_raises_and_the_worst_comes_first(drawn):
    case = case_of(drawn)
    found = diagnose(case)
    order = [SEVERITIES.index(finding.sign.severity) for finding in found.findings]
    assert order == sorted(order)
    keys = [finding.rule.key for finding in found.findings] + [
        rule.key for rule in (*found.quiet, *found.blind)
    ]
    assert sorted(keys) == sorted(rule.key for rule in RULES)
    for finding in found.findings:
        assert "nan" not in finding.sentence.split()
        if finding.sign.experiment:
            changes = differences(case.spec, finding.sign.experiment.spec)
            assert len(changes) == 1, changes


@pytest.mark.parametrize(("rule", "case"), FIRES.values(), ids=FIRES)
def test_an_experiment_changes_one_thing_and_not_the_seed(rule, case):
    experiment = rule(case).sign.experiment
    if not rule.experiment:
        assert experiment is None
    elif experiment is not None:
        changes = differences(case.spec, experiment.spec)
        assert len(changes) == 1
        assert "seed" not in changes
        assert RunSpec.model_validate(experiment.spec.model_dump()) == experiment.spec


def test_the_same_thing_in_two_layers_is_one_change():
    both = NetworkSpec(layers=(LayerSpec(units=8, activation="relu"), LayerSpec(units=4, activation="relu")))
    two = spec(clipnorm=1.0).model_copy(update={"network": both})
    ill = healthy(spec=two, state=fold([DIVERGED]))
    found = {finding.rule.key: finding for finding in diagnose(ill).findings}
    changed = found["diverged"].sign.experiment.spec.network.layers
    assert [(layer.units, layer.activation) for layer in changed] == [(8, "tanh"), (4, "tanh")]


def differences(before, after):
    """Names of the settings that differ; the same setting of several layers counts once."""
    found = set()

    def walk(one, other, name):
        if isinstance(one, dict):
            for key in one.keys() | other.keys():
                walk(one.get(key), other.get(key), key)
        elif isinstance(one, (list, tuple)) and len(one) == len(other):
            for a, b in zip(one, other, strict=True):
                walk(a, b, name)
        elif one != other:
            found.add(name)

    walk(before.model_dump(), after.model_dump(), "")
    return found
