"""Keras as the loop sees it: a network, the rules beside it, and everything they remember between epochs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.recipe import train as recipe
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.steady import read_weights_once

_REMEMBERED = {
    "EarlyStopping": ("wait", "best", "best_epoch", "stopped_epoch"),
    "ReduceLROnPlateau": ("wait", "best", "cooldown_counter"),
}
"""What the rules know that is not in the network or the optimiser."""


class Oven:
    """A network built from settings, ready to be trained or to go on from a checkpoint.

    Attributes
    ----------
    model : compiled; its optimiser has all its variables
    rules : what `recipe.build_rules` made; the first one watches over the best epoch
    """

    def __init__(self, settings: dict[str, Any], network: NetworkSpec) -> None:
        import keras

        keras.utils.clear_session()  # a warm slot forgets the last run's network
        self._network = network
        self.model = recipe.build_network(settings)
        read_weights_once(self.model)
        self.model.optimizer.build(self.model.trainable_variables)
        self.rules: list[Any] = recipe.build_rules(settings)
        self._best: tuple[int, Weights] | None = None

    @property
    def best_epoch(self) -> int | None:
        """First epoch with the lowest validation loss, counted from 1."""
        watch = self.rules[0]
        return None if watch.best is None else watch.best_epoch + 1

    @property
    def best(self) -> Weights:
        """Weights of the best epoch, when there is one."""
        epoch = self.best_epoch
        if self._best is None or self._best[0] != epoch:
            self._best = (epoch or 0, Weights.from_keras(self._network, self.rules[0].best_weights))
        return self._best[1]

    @property
    def now(self) -> Weights:
        """Weights as they are."""
        return Weights.from_keras(self._network, self.model.get_weights())

    @property
    def is_done(self) -> bool:
        """Whether the patience is used up."""
        return self.rules[0].wait >= self.rules[0].patience

    @property
    def learning_rate(self) -> float:
        """Rate of the optimiser: the shortest number that is the same in float32."""
        return float(str(np.float32(self.model.optimizer.learning_rate.numpy())))

    @property
    def weight_norm(self) -> float:
        """Length of all trained numbers as one vector."""
        squares = (
            np.vdot(array, array) for array in (held.numpy() for held in self.model.trainable_variables)
        )
        return float(np.sqrt(sum(squares)))

    def restore_best(self) -> None:
        """Leave the network with the weights of its best epoch, as Keras does at the end of a training."""
        self.model.set_weights(self.rules[0].best_weights)

    def take(self) -> tuple[dict[str, np.ndarray], dict[str, float]]:
        """Copy everything there is to remember: the arrays and numbers of a `Checkpoint`."""
        held = {"model": self.model.variables, "optimizer": self.model.optimizer.variables}
        arrays = {
            f"{name}.{at}": np.array(variable.numpy())
            for name, variables in held.items()
            for at, variable in enumerate(variables)
        }
        arrays |= {f"best.{at}": array for at, array in enumerate(self.rules[0].best_weights or ())}
        numbers = {}
        for rule in self.rules:
            kind = type(rule).__name__
            for name in _REMEMBERED.get(kind, ()):
                if (value := getattr(rule, name)) is not None:
                    numbers[f"{kind}.{name}"] = float(value)
        return arrays, numbers

    def put_back(self, checkpoint: Checkpoint) -> None:
        """Give network and optimiser what they had; the rules need `remind`, because Keras makes them forget.

        Raises
        ------
        ValueError
            If the checkpoint belongs to another network.
        """
        for name, variables in {
            "model": self.model.variables,
            "optimizer": self.model.optimizer.variables,
        }.items():
            for variable, array in zip(variables, _listed(checkpoint.arrays, name), strict=True):
                variable.assign(array)

    def remind(self, checkpoint: Checkpoint) -> None:
        """Give the rules what they knew, once the training has begun."""
        for rule in self.rules:
            kind = type(rule).__name__
            for name in _REMEMBERED.get(kind, ()):
                value = checkpoint.numbers.get(f"{kind}.{name}")
                if value is not None:
                    setattr(rule, name, value if name == "best" else int(value))
        self.rules[0].best_weights = _listed(checkpoint.arrays, "best") or None


def _listed(arrays: Mapping[str, np.ndarray], name: str) -> Sequence[np.ndarray]:
    """Arrays `name.0`, `name.1`, ... in order."""
    listed = []
    while (array := arrays.get(f"{name}.{len(listed)}")) is not None:
        listed.append(array)
    return listed
