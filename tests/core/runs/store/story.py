"""What happens to the runs that the tests of the store tell of."""

from lstm_core.training.events import (
    EpochEnded,
    RunFinished,
    RunStarted,
)

STARTED = RunStarted(n_parameters=97, n_train=70, n_validation=12, n_test=24, epochs=4)


FINISHED = RunFinished(
    best_epoch=2,
    seconds=1.5,
    windows_per_second=900.0,
    parity=1e-7,
    scores={"lstm": {"mae": 0.5, "r2": None}},
)


QUOTA_MB = 0.001


def epoch(number, val_loss=0.5):
    return EpochEnded(epoch=number, loss=0.4, val_loss=val_loss, seconds=float(number))
