"""Scores of the LSTM beside the baselines: the table, why a score is missing, and the formulas."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lstm_core.evaluation import verdict
from lstm_core.evaluation.classical import NAMES
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.headline import skill_verdict
from lstm_core.evaluation.quantile import quantile_score, quantile_verdict
from lstm_core.evaluation.scores import CARDS, SKILL_FORMULA, SKILL_READING, Scores, mae_by_step, skill
from lstm_core.evaluation.verdict import Verdict
from pages._shell import present
from pages._shell.opened import OpenedRun

BASELINES = {"naive": "Naive", "seasonal_naive": "Seasonal naive", "linear_ar": "Linear AR"} | NAMES


def headline(run: OpenedRun, made: Forecast, board: Mapping[str, Scores]) -> Verdict:
    """What the test part says about a run: by its skill, or by the pinball loss where it learned a quantile."""
    edge = run.run.spec.plan.edge
    if edge is None:
        return skill_verdict(board, run.unit, name=run.name, horizon=run.horizon)
    return quantile_verdict(quantile_score(run.prepared, made, edge), run.unit, name=run.name)


def draw(board: Mapping[str, Scores], made: Mapping[str, Forecast], *, unit: str, suffix: str = "") -> None:
    """Draw the table; every column's tooltip teaches its score.

    Parameters
    ----------
    made : the forecasts that were scored; their labels name the network and say what the season repeats
    suffix : what the name of the downloaded file ends in (`OpenedRun.suffix`)
    """
    names = _names(made)
    rows = []
    for key, one in board.items():
        cells = {CARDS[score].name: present.number(value) for score, value in one.to_dict().items()}
        gained = "reference" if key == "naive" else percent(skill(one, board["naive"]))
        rows.append({"Forecast": names[key], **cells, "Skill": gained})
    tips = {card.name: f"{card.reading} ${card.formula}$" for card in CARDS.values()}
    tips["Skill"] = f"{SKILL_READING} Baseline: naive. ${SKILL_FORMULA}$"
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="scores",
        column_config={
            name: st.column_config.TextColumn(help=tip, alignment="right") for name, tip in tips.items()
        },
    )
    reasons = [
        f"{names[key]}: {CARDS[score].name} is not defined, because {why}."
        for key, one in board.items()
        for score, why in one.undefined.items()
    ]
    season = f"{made['seasonal_naive'].label}. MASE divides by the error that this makes on the train rows."
    units = f"MAE and RMSE in {unit or 'the unit of the target'}, MSE in its square, sMAPE in percent."
    st.caption("  \n".join(present.safe(line, limit=300) for line in (units, season, *reasons)))
    exact = pd.DataFrame([{"forecast": names[key], **one.to_dict()} for key, one in board.items()])
    st.download_button(
        "Download the scores as CSV",
        present.csv_bytes(exact),
        file_name=f"scores{suffix}.csv",
        mime="text/csv",
        key="download_scores",
        icon=":material/download:",
        on_click="ignore",
        help="The table in full precision; an empty cell is a score that is not defined.",
    )


def draw_formulas(board: Mapping[str, Scores], *, unit: str) -> None:
    """Draw every formula with the number of this run."""
    for card in CARDS.values():
        value = present.number(getattr(board["lstm"], card.key))
        in_unit = f" [{card.unit_of(unit)}]" if card.unit_of(unit) else ""
        st.markdown(f"**{card.name}**{present.safe(in_unit)} {card.reading}")
        st.latex(f"{card.formula} = \\text{{{value}}}")
    st.markdown(f"**Skill** on MAE, against the naive forecast. {SKILL_READING}")
    gained = percent(skill(board["lstm"], board["naive"])).replace("%", "\\%")
    st.latex(f"{SKILL_FORMULA} = \\text{{{gained}}}")


def draw_by_step(made: Mapping[str, Forecast]) -> None:
    """Draw the MAE of every forecast by steps ahead."""
    names, steps = _names(made), range(1, made["lstm"].horizon + 1)
    shown = {
        names[key]: [present.number(float(mae)) for mae in mae_by_step(one)] for key, one in made.items()
    }
    st.dataframe(pd.DataFrame({"Steps ahead": steps, **shown}), hide_index=True, height=260)


def _names(made: Mapping[str, Forecast]) -> dict[str, str]:
    return {"lstm": made["lstm"].label} | BASELINES


def percent(share: float | None) -> str:
    """`+23.4%`, or that it is not defined."""
    return "not defined" if share is None else verdict.percent(share)
