"""Darts' `RNNModel` as its manual has it.

`python -m tests.bench.plain_darts THREADS` trains (see `answering`); 0 threads: as many as PyTorch takes by itself.

It cuts its windows itself, from the same values, and learns the next value at every step of a window, where the
others learn it after the last step only: the same recurrent work, a head that is asked more often.
"""

import logging
import sys
import warnings

import numpy as np
import torch
from darts import TimeSeries
from darts.models import RNNModel
from pytorch_lightning.callbacks import Callback

from tests.bench.answering import Watch, serve


class Ends(Callback):
    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_train_epoch_end(self, trainer, pl_module) -> None:
        """Lightning has validated before it comes here."""
        self.watch.see(float(trainer.callback_metrics["train_loss"]))


def series_of(windows: np.ndarray, targets: np.ndarray) -> TimeSeries:
    """The values that the windows (sample, window, 1) and targets (sample, 1) were cut from."""
    return TimeSeries.from_values(np.concatenate([windows[0], targets]))


def fit(arrays: dict[str, np.ndarray], epochs: int, units: int, batch: int) -> Watch:
    watch = Watch()
    length = arrays["inputs"].shape[1]
    model = RNNModel(
        input_chunk_length=length,
        training_length=length,
        model="LSTM",
        hidden_dim=units,
        n_rnn_layers=1,
        batch_size=batch,
        n_epochs=epochs,
        loss_fn=torch.nn.MSELoss(),
        optimizer_kwargs={"lr": 0.001},
        pl_trainer_kwargs={
            "accelerator": "cpu",
            "callbacks": [Ends(watch)],
            "enable_progress_bar": False,
            "enable_model_summary": False,
            "logger": False,
        },
    )
    model.fit(
        series_of(arrays["inputs"], arrays["targets"]),
        val_series=series_of(arrays["validation_inputs"], arrays["validation_targets"]),
    )
    return watch


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if int(sys.argv[1]):
        torch.set_num_threads(int(sys.argv[1]))
    serve(fit)
