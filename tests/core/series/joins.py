"""Files that are joined in tests, and what the join tells."""

import pandas as pd

from lstm_core.series.layout.alignment import JoinSpec
from lstm_core.series.layout.combine import FileChoice, combine
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions, Table


def csv(column: str, first: str, n_rows: int, *, step: str = "D", start: int = 0) -> str:
    dates = pd.date_range(first, periods=n_rows, freq=step)
    form = "%Y-%m-%d" if step in ("D", "MS", "ME", "QS", "YS") else "%Y-%m-%d %H:%M:%S"
    return f"date,{column}\n" + "".join(f"{day.strftime(form)},{start + n}\n" for n, day in enumerate(dates))


def joined(*texts: str, choices: tuple[dict, ...] = (), names: tuple[str, ...] = (), **spec) -> Table:
    names = names or tuple(f"{letter}.csv" for letter in "abcdefgh"[: len(texts)])
    tables = [read_table(text.encode(), name, ReadOptions()) for text, name in zip(texts, names, strict=True)]
    return combined(tables, choices, **spec)


def combined(tables: list[Table], choices: tuple[dict, ...] = (), **spec) -> Table:
    files = [
        FileChoice(sha256="0" * 64, file_name=table.name, **(choices[place] if choices else {}))
        for place, table in enumerate(tables)
    ]
    return combine(tables, files, JoinSpec(**spec))


def told(table: Table) -> str:
    return " ".join(step.detail for step in table.steps)


SALES, RAIN = csv("sales", "2020-01-01", 40), csv("rain", "2020-01-11", 40, start=100)
