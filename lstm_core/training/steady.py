"""Weights that hold still for a window: read once per batch instead of at every step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def read_weights_once(model: "keras.Model") -> None:
    """Let every recurrent layer of `model` read its weights before its loop over the steps begins.

    Keras reads them inside, and TensorFlow, which keeps for the gradient whatever a step has read, then keeps a copy
    of all recurrent weights per step: for 96 steps and 64 units 6 MB a batch, written and read again. The numbers
    stay what they were, bit by bit; training is about a tenth faster (docs/decisions/0016).
    """
    for layer in recurrent_layers(model):
        layer.inner_loop = _reading_first(layer)


def recurrent_layers(model: "keras.Model") -> "Iterator[keras.layers.RNN]":
    """Recurrent layers of a model, both directions of a bidirectional one."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.layers.Bidirectional):
            yield layer.forward_layer
            yield layer.backward_layer
        elif isinstance(layer, keras.layers.RNN):
            yield layer


def _reading_first(layer: "keras.layers.RNN") -> Any:
    import keras
    import tensorflow as tf

    loop = layer.inner_loop

    def inner_loop(*arguments: Any, **named: Any) -> Any:
        read = [(weight, tf.convert_to_tensor(weight.value)) for weight in layer.cell.trainable_variables]
        with keras.StatelessScope(state_mapping=read):
            return loop(*arguments, **named)

    return inner_loop
