"""Reading weights once per batch changes what is kept for the gradient, and no number."""

import numpy as np
import pytest

from lstm_core.recipe import train as recipe
from lstm_core.training.steady import read_weights_once

LENGTH = 5
LAYER = {
    "units": 4,
    "activation": "tanh",
    "dropout": 0.0,
    "recurrent_dropout": 0.0,
    "l1": 0.0,
    "l2": 0.01,
    "recurrent_l1": 0.0,
    "recurrent_l2": 0.01,
    "normalization": "none",
    "bidirectional": False,
}
KINDS = {
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "rnn": {"cell": "rnn"},
    "both directions": {"cell": "lstm", "bidirectional": True},
    "dropped states": {"cell": "lstm", "recurrent_dropout": 0.3, "dropout": 0.2},
}


def build(kind: str):
    return recipe.build_network(
        {
            "columns": ["x", "y"],
            "length": LENGTH,
            "horizon": 1,
            "layers": [LAYER | KINDS[kind], LAYER | {"cell": "gru"}],
            "attention": "none",
            "dense": [],
            "mask_value": None,
            "optimizer": "adam",
            "learning_rate": 0.01,
            "momentum": 0.9,
            "clipnorm": None,
            "loss": "mse",
            "seed": 3,
            "jit_compile": False,
            "in_halves": False,
            "steps_per_execution": 1,
        }
    )


def trained(model) -> list[np.ndarray]:
    """Weights after a few batches; the seeds of dropout are weights too."""
    rng = np.random.default_rng(1)
    windows, targets = rng.normal(size=(24, LENGTH, 2)), rng.normal(size=(24, 1))
    model.fit(
        windows.astype("float32"), targets.astype("float32"), batch_size=8, epochs=2, shuffle=False, verbose=0
    )
    return [variable.numpy() for variable in model.variables]


def reads_in_loops(model) -> int:
    """How often the loops over the steps, forwards and backwards, read a variable."""
    import tensorflow as tf

    @tf.function
    def gradient(windows):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(windows, training=True))
        return tape.gradient(loss, [weight.value for weight in model.trainable_variables])

    graph = gradient.get_concrete_function(tf.zeros((2, LENGTH, 2))).graph.as_graph_def()
    loops = [function for function in graph.library.function if "while_body" in function.signature.name]
    assert loops
    return sum(node.op == "ReadVariableOp" for loop in loops for node in loop.node_def)


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_changes(kind):
    plain, steady = build(kind), None
    expected = trained(plain)
    steady = build(kind)
    read_weights_once(steady)
    for got, wanted in zip(trained(steady), expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_the_loops_read_no_weights():
    model = build("both directions")
    assert reads_in_loops(model) > 0
    read_weights_once(model)
    assert reads_in_loops(model) == 0
