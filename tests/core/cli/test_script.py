"""`lstm-explorer script`."""

from tests.core.cli.commands import call


def test_script_writes_both_files(tmp_path):
    result = call("script", "sample:nile", "--out", str(tmp_path / "new"), "--seed", "3")
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"script.py", "series.csv"}
    assert "'seed': 3" in (tmp_path / "new" / "script.py").read_text()


def test_a_transform_is_chosen_like_every_other_place_in_the_spec(tmp_path):
    transform = ("--set", "preparation.transform.power=log", "--set", "preparation.transform.seasonal_lag=4")
    assert call("script", "sample:nile", "--out", str(tmp_path), *transform).exit_code == 0
    script = (tmp_path / "script.py").read_text()
    assert "'power': 'log'" in script
    assert "'seasonal_lag': 4" in script
    assert "def undo_transform(" in script
    refused = call(
        "script", "sample:nile", "--out", str(tmp_path), "--set", "preparation.transform.power=root"
    )
    assert refused.exit_code == 2
