"""What page 1 ends with: everything that was done, what it means, its code, and the way on."""

from lstm_core.series.assemble import Assembled, assemble
from lstm_core.series.cleaning.clean import clean
from lstm_core.series.cleaning.gaps import fill_gaps
from lstm_core.series.cleaning.repair import mend
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import Table
from pages._shell import present
from pages._shell.data import series_words


def draw(made: Assembled, table: Table, roles: ColumnRoles, source: SeriesSource) -> None:
    """Draw the end of the page for a series that could be made."""
    series_words.steps(made.series, tuple(step for stage in made.stages for step in stage.steps))
    present.explain(
        means="A network learns from evenly spaced, complete numbers. The health card counts what stands in the way; "
        "you decide about each, and the lists above keep every decision with its count. What a step learns, it learns "
        "from the oldest rows; behind them it only looks back, as it would have to when the rows come in.",
        misleads="A filled gap looks like data and is none: a long straight line is easy to forecast and flatters the "
        "score. Absent dates kept as neighbours make two far moments look adjacent. A replaced outlier may have been "
        "the one event that mattered.",
    )
    present.code(
        [assemble, mend, fill_gaps, clean],
        {
            "options": table.options.model_dump(),
            "roles": roles.model_dump(),
            "cleaning": source.cleaning.model_dump(),
        },
    )
    present.next_step(
        "pages/patterns.py", "Look for patterns", "See how far back the series remembers itself."
    )
