"""Page 1 for the series of a run: complete and repaired already, so there is nothing to read or to decide."""

from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.artifacts import series_from_bytes
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource
from pages._shell import present, sources, state
from pages._shell.data import series_charts, series_words


def draw(source: SeriesSource) -> None:
    """Draw verdict, chart, health and steps of a stored series."""
    with present.guard():
        series = sources.series_of(source)
        if state.journey().preparation is None:
            state.choose(preparation=default_preparation(series))
    _draw_verdict(series)
    series_charts.draw(series)
    series_words.metrics(_counts(series))
    series_words.steps(series)
    present.explain(
        means="A run keeps the series it was trained on, with every repair. Here it is again, so that the windows, "
        "the network and the plan can be changed and compared on the very same numbers.",
        misleads="Columns that were not chosen for the run, the file itself and the values before the repairs are not "
        "part of it. To choose other columns or repairs, upload the file again.",
    )
    present.code([series_from_bytes], {"fingerprint": source.fingerprint})
    present.next_step(
        "pages/patterns.py", "Look for patterns", "See how far back the series remembers itself."
    )


def _draw_verdict(series: Series) -> None:
    values = series.column(series.columns[0])
    rows = f"{series.n_rows:,} rows".replace(",", "\u202f") + f" {series_words.span(series)}"
    if values.min() == values.max():
        present.verdict("bad", f"{rows}. The series never changes: there is nothing to learn.")
        return
    present.verdict(
        "good",
        f"{rows}: ready.{series_words.repairs(series)} This is the series of a run, **{present.safe(series.name)}**, "
        "as its repairs left it. Upload a file or pick a sample to take another.",
    )


def _counts(series: Series) -> dict[str, tuple[str, str]]:
    first, last = series_words.ends(series)
    return {
        "Rows": (f"{series.n_rows:,}", "Rows of the repaired series."),
        "Columns": (f"{len(series.columns)}", "Target and further inputs."),
        "First": (first, "Earliest date; none when rows are only numbered."),
        "Last": (last, "Latest date."),
        "Usual step": (series.step or "none", "The most frequent distance between two neighbouring dates."),
        "Filled values": (f"{int(series.filled.sum()):,}", "Values that a repair put into a gap."),
        "Merged dates": (f"{int(series.merged.sum()):,}", "Rows that stand for several of the same date."),
    }
