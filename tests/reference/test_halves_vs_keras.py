"""A training in halves against Keras' own with whole batches: same weights but for how sums are rounded."""

import numpy as np
import pytest

from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.recipe.train import build_network, train_network
from lstm_core.training.plan import TrainingPlan

LENGTH, BATCH = 5, 16
NETWORKS = {
    "lstm": NetworkSpec(layers=(LayerSpec(units=6),)),
    "gru both ways, penalties, layer normalisation": NetworkSpec(
        layers=(
            LayerSpec(cell="gru", units=4, bidirectional=True, l2=0.01, normalization="layer"),
            LayerSpec(cell="rnn", units=3, recurrent_l1=0.001),
        ),
        dense=(DenseSpec(units=3),),
    ),
    "attention over padded steps": NetworkSpec(layers=(LayerSpec(units=5),), attention="dot", masking=True),
}


@pytest.mark.parametrize(("name", "loss"), list(zip(NETWORKS, ["mse", "huber", "pinball"], strict=True)))
def test_halves_end_where_whole_batches_end(name: str, loss: str):
    """Two epochs of three whole batches and a smaller one."""
    (whole, theirs), (in_halves, ours) = (
        trained(NETWORKS[name], loss, in_halves=halved) for halved in (False, True)
    )
    for curve in ("loss", "val_loss"):
        np.testing.assert_allclose(in_halves[curve], whole[curve], rtol=1e-5)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def trained(network: NetworkSpec, loss: str, *, in_halves: bool):
    """Curves and weights."""
    settings = {
        "columns": ["y", "x"],
        "length": LENGTH,
        "horizon": 2,
        "layers": [layer.model_dump(exclude={"return_sequences"}) for layer in network.layers],
        "attention": network.attention,
        "dense": [dense.model_dump() for dense in network.dense],
        "mask_value": PAD_VALUE if network.masking else None,
        **TrainingPlan(loss=loss, quantile=0.8, learning_rate=0.01, batch_size=BATCH, epochs=2).model_dump(),
        "jit_compile": in_halves,
        "in_halves": in_halves,
        "steps_per_execution": 3 if in_halves else 1,
    }
    rng = np.random.default_rng(3)
    windows, targets = rng.normal(size=(55, LENGTH, 2)), rng.normal(size=(55, 2))
    if network.masking:
        windows[::4, :2] = PAD_VALUE
    part = windows.astype("float32"), targets.astype("float32"), None
    model = build_network(settings)
    curves = train_network(model, {"train": part, "validation": part}, settings, [])
    return curves, model.get_weights()
