"""How a command ends when its input cannot work."""

import pytest

from lstm_core.errors import UserError
from tests.core.cli.commands import call

BAD = [
    (("run", "sample:nope"), "no sample called 'nope'"),
    (("run", "/no/such.csv"), "cannot be read: no such file"),
    (("run", "/"), "cannot be read"),
    (("run", "sample:sine", "--target", "zz"), "no column 'zz'"),
    (("run", "sample:sine", "--features", "zz"), "no column 'zz'"),
    (("run", "sample:sine", "--set", "network.layers.0.units=0"), "network.layers.0.units"),
    (("run", "sample:sine", "--set", "plan.epoch=3"), "plan.epoch"),
    (("run", "sample:sine", "--set", "preparation=5"), "preparation"),
    (("run", "sample:sine", "--set", "preparation.window.length=500"), "do not fit"),
    (("run", "sample:sine", "--set", "plan.batch_size=many"), "plan.batch_size"),
    (("run", "sample:sine", "--seed", "-1"), "plan.seed"),
    (("run", "sample:sine", "--spec", "/no/spec.json"), "cannot be read"),
    (("run", "sample:sine", "--out", "/proc/nowhere"), "cannot be written"),
    (("script", "sample:sine", "--out", "/proc/nowhere"), "cannot be written"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD)
def test_bad_input_is_told_on_stderr_with_code_2(arguments, said):
    result = call(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "text", ["{", "[]", "3", '{"plan": 3}', '{"what": 3}', '{"preparation": {"target": 3}}']
)
def test_a_damaged_spec_is_refused_in_words(text, tmp_path):
    path = tmp_path / "spec.json"
    path.write_text(text)
    result = call("run", "sample:sine", "--spec", str(path))
    assert result.exit_code == 2
    assert result.stderr


def test_an_error_that_nobody_foresaw_is_not_dressed_up(monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("lstm_core.cli.choices._read_spec", fail)
    assert isinstance(call("run", "sample:sine").exception, ZeroDivisionError)
    assert not issubclass(ZeroDivisionError, UserError)
