"""From which epoch a network learns its train windows by heart."""

from collections.abc import Sequence
from math import ceil, isfinite
from statistics import median

from lstm_core.training.events import EpochEnded

RISE = 1.1
"""The validation loss of late epochs, over the best one. Prechelt (1998, "Early stopping, but when?") stops from a
generalisation loss of 5%; twice that, because the validation part of a short series is noisy."""
MIN_LATE = 3
"""Fewer epochs after the best one say nothing: a validation loss seldom falls at every epoch."""


def overfitting_start(epochs: Sequence[EpochEnded]) -> int | None:
    """First epoch after the best one, when from there on only the train loss gets better; else None.

    Compared are medians over the later half of the epochs since the best, so that one odd epoch decides nothing: the
    validation loss must lie more than 10% above the best, and the train loss below that of the best epoch. A train
    loss that rises as well is an unsteady training, not one that learns by heart.

    Parameters
    ----------
    epochs : oldest first, of a run that is over or still going
    """
    known = [ended for ended in epochs if isfinite(ended.loss) and isfinite(ended.val_loss)]
    if not known:
        return None
    best = min(known, key=lambda ended: ended.val_loss)
    since = [ended for ended in known if ended.epoch > best.epoch]
    late = since[-max(ceil(len(since) / 2), MIN_LATE) :]
    if len(late) < MIN_LATE:
        return None
    rises = median(ended.val_loss for ended in late) > RISE * best.val_loss
    learns = median(ended.loss for ended in late) < best.loss
    return best.epoch + 1 if rises and learns else None
