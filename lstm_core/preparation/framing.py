"""The shape of a window, and how many of them a number of rows gives."""

from pydantic import BaseModel, ConfigDict, Field

from lstm_core.preparation.padding import PAD_TEXT


class WindowSpec(BaseModel):
    """How much the network reads and how far it looks ahead, in rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    length: int = Field(
        default=24,
        ge=1,
        le=2000,
        title="Window length",
        description="How many past rows the network reads before it forecasts. Also called lookback.",
    )
    horizon: int = Field(
        default=1,
        ge=1,
        le=365,
        title="Horizon",
        description="How many rows ahead the network forecasts at once.",
    )
    stride: int = Field(
        default=1,
        ge=1,
        le=1000,
        title="Stride",
        description="Rows between the starts of neighbouring windows.",
    )
    padding: bool = Field(
        default=False,
        title="Pad the first windows",
        description="Also train on windows that would begin before the first row. What is missing on their left is "
        f"filled with {PAD_TEXT}, in network units, a value that scaled data do not hold. Use it when rows are few, "
        "and turn masking on in the network: it then skips the filled steps.",
    )


def count_windows(n_rows: int, window: WindowSpec, *, reach_back: bool) -> int:
    """How many windows `n_rows` rows give.

    `(n - length - horizon) // stride + 1` when inputs and targets must lie inside (train);
    `(n - horizon) // stride + 1` when inputs may reach back into history (validation and test).
    Padding adds `(length - 1) // stride` train windows; it makes none where no whole window fits.
    """
    room = n_rows - window.horizon - (0 if reach_back else window.length)
    count = max(room // window.stride + 1, 0)
    return count + (0 if reach_back or not count else count_padded(window))


def count_padded(window: WindowSpec) -> int:
    """How many of the train windows begin before the first row: they come first.

    `(length - 1) // stride`, because each holds at least one row; 0 without padding.
    """
    return (window.length - 1) // window.stride if window.padding else 0
