"""Plain Keras, as a tutorial would write it. Runs in a process of its own.

`python -m tests.bench.plain_keras serve` trains (see `answering`), with as many threads as TF_NUM_INTRAOP_THREADS says;
`python -m tests.bench.plain_keras predict LENGTH UNITS FEATURES` times single predictions: one JSON object on stdout.
"""

import json
import sys
import time

import keras
import numpy as np

from tests.bench.answering import Watch, serve


def network(length: int, units: int, n_features: int = 1) -> keras.Sequential:
    return keras.Sequential(
        [keras.Input((length, n_features)), keras.layers.LSTM(units), keras.layers.Dense(1)]
    )


class Ends(keras.callbacks.Callback):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.watch.see((logs or {})["loss"])


def fit(arrays: dict[str, np.ndarray], epochs: int, units: int, batch: int) -> Watch:
    keras.utils.clear_session()
    watch = Watch()
    model = network(arrays["inputs"].shape[1], units)
    model.compile(optimizer="adam", loss="mse")
    model.fit(
        arrays["inputs"],
        arrays["targets"],
        validation_data=(arrays["validation_inputs"], arrays["validation_targets"]),
        epochs=epochs,
        batch_size=batch,
        callbacks=[Ends(watch)],
        verbose=0,
    )
    return watch


def predict(length: int, units: int, n_features: int) -> dict[str, float]:
    model = network(length, units, n_features)
    window = np.zeros((1, length, n_features), dtype=np.float32)
    model.predict(window, verbose=0)
    began = time.perf_counter()
    for _ in range(30):
        model.predict(window, verbose=0)
    return {"seconds_per_window": (time.perf_counter() - began) / 30}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve(fit)
        case ["predict", *numbers]:
            print(json.dumps(predict(*map(int, numbers))))
        case _:
            sys.exit(__doc__)
