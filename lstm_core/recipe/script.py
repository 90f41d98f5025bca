# ruff: noqa: T201  (a script prints)
"""The frame of the exported script: read the series, run the recipe, write the forecast."""

import csv
from pathlib import Path

import numpy as np

from lstm_core.recipe.train import run


def read_series(path):
    """Read a CSV whose first line holds names and whose first column holds times.

    Returns
    -------
    times : list of str
    values : (time, feature) float64, target first
    """
    with Path(path).open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return [row[0] for row in rows], np.array([row[1:] for row in rows], dtype="float64")


def write_forecast(path, times, values, origins, forecast):
    """Write one line per forecast value: its time, how many steps ahead it was made, actual, predicted."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["time", "steps_ahead", "actual", "predicted"])
        for origin, ahead in zip(origins, forecast, strict=True):
            for step, predicted in enumerate(ahead):
                row = origin + step
                lines.writerow([times[row], step + 1, float(values[row, 0]), float(predicted)])


def main(csv_name, settings):
    """Train on the CSV beside this script and write `predictions.csv` beside it."""
    import keras

    folder = Path(__file__).parent
    times, values = read_series(folder / csv_name)
    tell = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: print(
            f"epoch {epoch + 1}: loss {logs['loss']:.4g}, validation loss {logs['val_loss']:.4g}", flush=True
        )
    )
    _, _, forecast, prepared = run(values, settings, [tell])
    _, _, origins = prepared["test"]
    write_forecast(folder / "predictions.csv", times, values, origins, forecast)

    actual = values[origins[:, None] + np.arange(settings["horizon"]), 0]
    last_value = values[origins - 1, 0][:, None]
    print(
        f"Mean absolute error on the test part: LSTM {np.abs(actual - forecast).mean():.6g}, "
        f"repeating the last value {np.abs(actual - last_value).mean():.6g}"
    )
    print(f"Wrote {folder / 'predictions.csv'}")
