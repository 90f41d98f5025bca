"""Tables as people lay them out, and how tests turn them."""

import pandas as pd

from lstm_core.series.layout.reshape import reshape
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions, Table

DETECT = LayoutSpec()


DAYS = range(1, 31)


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read(text: str, name: str = "file.csv") -> Table:
    return read_table(text.encode(), name, ReadOptions())


def as_table(frame: pd.DataFrame) -> Table:
    return read(frame.to_csv(index=False))


def turned(text: str, **wanted) -> Table:
    return reshape(read(text), LayoutSpec(**wanted))


def told(table: Table) -> str:
    return " ".join(step.detail for step in table.steps)


def long_frame(n_dates: int = 30, names: tuple[str, ...] = ("A", "B", "C")) -> pd.DataFrame:
    """Series one under the other, as exports of databases and forecasting libraries are."""
    dates = pd.date_range("2020-01-01", periods=n_dates)
    rows = [(name, str(day.date()), 100 * place + number) for place, name in enumerate(names)
            for number, day in enumerate(dates)]  # fmt: skip
    return pd.DataFrame(rows, columns=["unique_id", "ds", "y"])
