"""Raw PyTorch: `nn.LSTM`, a linear head and a loop by hand.

`python -m tests.bench.plain_torch THREADS` trains (see `answering`); 0 threads: as many as it takes by itself.
"""

import sys

import numpy as np
import torch
from torch import nn

from tests.bench.answering import Watch, serve


class Network(nn.Module):
    def __init__(self, n_features: int, units: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(n_features, units, batch_first=True)
        self.head = nn.Linear(units, 1)

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        states, _ = self.lstm(windows)
        return self.head(states[:, -1])


def fit(arrays: dict[str, np.ndarray], epochs: int, units: int, batch: int) -> Watch:
    watch = Watch()
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    inputs, targets = tensors["inputs"], tensors["targets"]
    model, loss_of = Network(inputs.shape[2], units), nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(inputs)).split(batch):
            optimizer.zero_grad()
            loss = loss_of(model(inputs[rows]), targets[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        with torch.no_grad():
            for windows, truth in zip(
                tensors["validation_inputs"].split(1024),
                tensors["validation_targets"].split(1024),
                strict=True,
            ):
                loss_of(model(windows), truth).item()
        watch.see(total / len(inputs))
    return watch


if __name__ == "__main__":
    if int(sys.argv[1]):
        torch.set_num_threads(int(sys.argv[1]))
    serve(fit)
