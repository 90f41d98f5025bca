"""How the learning rate changes from epoch to epoch, in plain Python. The app runs and exports this source."""

import math


def learning_rate(epoch, settings):
    """Rate of an epoch, counted from 0; on plateau: the one it starts with.

    Exponential: ``rate * e^(-epoch / decay_epochs)``. Cosine: half a wave from the rate down to almost 0 over all
    epochs, ``rate * (1 + cos(pi * epoch / epochs)) / 2``. With `restart_every` both begin anew after that many.
    """
    rate, period = settings["learning_rate"], settings["restart_every"] or settings["epochs"]
    epoch = epoch % period
    if settings["schedule"] == "exponential":
        return rate * math.exp(-epoch / settings["decay_epochs"])
    if settings["schedule"] == "cosine":
        return rate * (1 + math.cos(math.pi * epoch / period)) / 2
    return rate
