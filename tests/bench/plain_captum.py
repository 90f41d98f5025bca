"""The ablation of every step through Captum on PyTorch, as its documentation shows it, with weights that are given.

`python -m tests.bench.plain_captum FILE`: the file holds weights in Keras' order, windows and sizes; the effects are
put beside it. One JSON object on stdout. PyTorch takes the threads it takes by itself.
"""

import json
import sys
import time

import numpy as np
import torch
from captum.attr import FeatureAblation

from tests.bench.plain_torch import Network

AT_ONCE = (1, 8)
"""Ablations per forward pass: Captum's default, and more of them in one batch; the faster one counts."""


def network(arrays: dict[str, np.ndarray]) -> Network:
    """`nn.LSTM` has the blocks in Keras' order and a second bias."""
    model = Network(len(arrays["kernel"]), len(arrays["recurrent"]))
    held = {
        "lstm.weight_ih_l0": arrays["kernel"].T,
        "lstm.weight_hh_l0": arrays["recurrent"].T,
        "lstm.bias_ih_l0": arrays["bias"],
        "lstm.bias_hh_l0": 0 * arrays["bias"],
        "head.weight": arrays["head_kernel"].T,
        "head.bias": arrays["head_bias"],
    }
    model.load_state_dict({name: torch.tensor(array) for name, array in held.items()})
    return model.eval()


def effects(model: Network, windows: torch.Tensor, sizes: torch.Tensor, at_once: int) -> np.ndarray:
    """Forecast of every window with one value nudged, minus the forecast: (sign, sample, window, feature)."""
    ablation = FeatureAblation(lambda inputs: model(inputs)[:, 0])
    told = [
        -ablation.attribute(windows, baselines=windows + sign * sizes, perturbations_per_eval=at_once)
        for sign in (1, -1)
    ]
    return torch.stack(told).numpy()


if __name__ == "__main__":
    with np.load(sys.argv[1]) as file:
        given = dict(file)
    trained, inputs = network(given), torch.from_numpy(given["inputs"])
    nudges = torch.from_numpy(given["sizes"])
    effects(trained, inputs[:10], nudges, 1)
    seconds = {}
    for number in AT_ONCE:
        began = time.perf_counter()
        found = effects(trained, inputs, nudges, number)
        seconds[number] = time.perf_counter() - began
    np.save(sys.argv[1] + ".effects.npy", found)
    print(json.dumps({"seconds": seconds, "threads": torch.get_num_threads()}))
