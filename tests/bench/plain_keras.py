"""What the house is compared with: plain Keras, as a tutorial would write it. Runs in a process of its own.

`python -m tests.bench.plain_keras fit FILE EPOCHS UNITS BATCH` trains on the arrays in FILE;
`python -m tests.bench.plain_keras predict LENGTH UNITS` times single predictions. One JSON object on stdout.
"""

import json
import sys
import time

import keras
import numpy as np


def network(length: int, units: int) -> keras.Sequential:
    return keras.Sequential([keras.Input((length, 1)), keras.layers.LSTM(units), keras.layers.Dense(1)])


class Watch(keras.callbacks.Callback):
    """Remembers when each epoch ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.ends.append(time.perf_counter())


def fit(path: str, epochs: int, units: int, batch: int) -> dict[str, float]:
    arrays = np.load(path)
    model = network(arrays["inputs"].shape[1], units)
    model.compile(optimizer="adam", loss="mse")
    watch, began = Watch(), time.perf_counter()
    model.fit(
        arrays["inputs"],
        arrays["targets"],
        validation_data=(arrays["validation_inputs"], arrays["validation_targets"]),
        epochs=epochs,
        batch_size=batch,
        callbacks=[watch],
        verbose=0,
    )
    n = len(arrays["inputs"])
    return {
        "windows_per_second": n * (epochs - 1) / (watch.ends[-1] - watch.ends[0]),
        "seconds": watch.ends[-1] - began,
    }


def predict(length: int, units: int) -> dict[str, float]:
    model = network(length, units)
    window = np.zeros((1, length, 1), dtype=np.float32)
    model.predict(window, verbose=0)
    began = time.perf_counter()
    for _ in range(30):
        model.predict(window, verbose=0)
    return {"seconds_per_window": (time.perf_counter() - began) / 30}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fit", path, *numbers]:
            answer = fit(path, *map(int, numbers))
        case ["predict", *numbers]:
            answer = predict(*map(int, numbers))
        case _:
            sys.exit(__doc__)
    print(json.dumps(answer))
