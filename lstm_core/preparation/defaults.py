"""A sensible preparation for a person who only clicks Next."""

from lstm_core.errors import PreparationError
from lstm_core.preparation.split import SplitSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.record import Series

MIN_ROWS = 20
"""Fewest rows that leave something in every part and a dozen windows to train on."""
WINDOWS_PER_STEP = 4
"""A default window takes at most this fraction of the train rows, so that most of them give a window."""


def default_preparation(
    series: Series, *, target: str | None = None, features: tuple[str, ...] | None = None
) -> PreparationSpec:
    """Forecast one row ahead from 24 rows, or from fewer when the series is short.

    Parameters
    ----------
    target : name, optional
        Column to forecast; the first one otherwise.
    features : names, optional
        Further input columns; all other columns otherwise, which are those chosen on the Series page.

    Raises
    ------
    PreparationError
        If the series has fewer than `MIN_ROWS` rows (B3, B4, B53).
    SeriesError
        If a column does not exist.
    """
    if series.n_rows < MIN_ROWS:
        rows = "1 row" if series.n_rows == 1 else f"{series.n_rows} rows"
        raise PreparationError(
            f"The series '{series.name}' is too short to be cut into train, validation and test",
            received=rows,
            expected=f"at least {MIN_ROWS} rows",
            advice="Upload a longer series, or choose a sample.",
            field="upload",
        )
    cut = SplitSpec()
    n_train = series.n_rows - round(series.n_rows * (cut.validation_fraction + cut.test_fraction))
    length = min(WindowSpec().length, n_train // WINDOWS_PER_STEP)
    target = target or series.columns[0]
    if features is None:
        features = tuple(name for name in series.columns if name != target)
    for name in (target, *features):
        series.column(name)
    return PreparationSpec(target=target, features=features, split=cut, window=WindowSpec(length=length))


def with_columns(
    preparation: PreparationSpec, before: tuple[str, ...], now: tuple[str, ...]
) -> PreparationSpec | None:
    """Give a preparation the columns of a series that was cleaned in another way.

    Inputs that are gone leave, columns that are new become inputs, what was left out on purpose stays out.

    Parameters
    ----------
    before, now : columns of the series it was made for, and of the one it shall fit

    Returns
    -------
    PreparationSpec, or None when the target is gone.
    """
    if preparation.target not in now:
        return None
    kept = [name for name in preparation.features if name in now]
    new = [name for name in now if name not in before]
    return preparation.model_copy(update={"features": (*kept, *new)})
