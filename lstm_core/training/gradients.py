"""The length of the gradient: what an exploding or a vanishing one looks like from outside."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

LANES = 64
"""Sums side by side: one sum alone waits for itself at every addition."""


class GradientNorm:
    """Mean over the batches of an epoch of the gradient's length: all its numbers squared, summed, rooted.

    Measured before the optimiser clips it, in the same graph as the training, so a batch costs one sum more. The
    numbers of the training stay what they were.
    """

    def __init__(self, optimizer: "keras.optimizers.Optimizer") -> None:
        import tensorflow as tf

        self._seen = tf.Variable(tf.zeros(2))  # sum of the lengths, batches
        apply = optimizer.apply

        def measure(grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
            self._seen.assign_add(tf.stack([_length(grads), 1.0]))
            apply(grads, trainable_variables)

        optimizer.apply = measure

    def take(self) -> float | None:
        """Mean since the last time; None if it is not a number, or no batch has been seen."""
        total, batches = self._seen.numpy()
        self._seen.assign([0.0, 0.0])
        return float(total / batches) if batches and math.isfinite(total) else None


def _length(gradients: Sequence[Any]) -> Any:
    """Length of all gradients as one vector; None among them, of what has no part in the loss, is left out.

    What `tf.linalg.global_norm` says, in one sum over `LANES` columns instead of one sum per array, which is quicker
    in a compiled batch (docs/decisions/0020).
    """
    import tensorflow as tf

    flat: Any = tf.concat([tf.reshape(array, [-1]) for array in gradients if array is not None], axis=0)
    filled = tf.pad(flat, [[0, -flat.shape[0] % LANES]])
    columns = tf.reduce_sum(tf.square(tf.reshape(filled, [-1, LANES])), axis=0)
    return tf.sqrt(tf.reduce_sum(columns))
