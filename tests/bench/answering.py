"""How a contestant's process is spoken to: one JSON object a line, a task in, an answer out.

Imported by every contestant, also in the environment that holds PyTorch and Darts: nothing of ours, NumPy only.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np


class Watch:
    """Remembers when a training began and when each epoch, its validation included, had ended."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.ends: list[float] = []
        self.losses: list[float] = []

    def see(self, loss: float) -> None:
        """An epoch is over; `loss` on the train windows."""
        self.ends.append(time.perf_counter())
        self.losses.append(loss)

    def answer(self, n_windows: int) -> dict[str, float]:
        """What is compared: windows a second after the first epoch, seconds to the first and to the last loss."""
        return {
            "windows_per_second": n_windows * (len(self.ends) - 1) / (self.ends[-1] - self.ends[0]),
            "first_loss": self.ends[0] - self.began,
            "total": self.ends[-1] - self.began,
            "loss": self.losses[-1],
        }


def serve(fit: Callable[[dict[str, np.ndarray], int, int, int], Watch]) -> None:
    """Say that everything is imported, then train once for every task: `fit(arrays, epochs, units, batch)`."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        with np.load(task["file"]) as file:
            arrays = dict(file)
        watch = fit(arrays, task["epochs"], task["units"], task["batch"])
        print(json.dumps(watch.answer(len(arrays["inputs"]))), flush=True)
