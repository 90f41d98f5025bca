"""The command and the page tell the same numbers about the same run, trained by a real worker."""

import json
import os
import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.evaluation.scores import CARDS
from pages._shell import present
from pages._shell.understanding.score_table import BASELINES

COMMAND = (sys.executable, "-c", "from lstm_core.cli import main; main()")


@pytest.mark.slow
def test_the_score_table_shows_what_the_command_printed(app: AppTest) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "sample:sine", "--set", "plan.epochs=3", "--json"],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    printed = json.loads(done.stdout)
    app.query_params["run"] = printed["run_id"]
    app.run().switch_page("pages/forecast.py").run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Forecast")
    names = {"lstm": printed["network"]} | BASELINES
    for predictor, scores in printed["scores"].items():
        for score, value in scores.items():
            assert table.loc[names[predictor], CARDS[score].name] == present.number(value)
    assert printed["parity"] < 1e-5
