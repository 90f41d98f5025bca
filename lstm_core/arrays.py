"""The words for axes, once: every signature in the core spells its shapes with these aliases.

=========  ==============================================================
axis       meaning
=========  ==============================================================
time       rows of a series, oldest first
feature    columns of a series or inputs of a network; the target is first
lag        distance between two rows, 0, 1, 2, ...
sample     windows, oldest first
window     steps inside one window, oldest first
horizon    steps ahead, 1, 2, ...
unit       units of one layer
epoch      passes over the training windows
=========  ==============================================================
"""

import numpy as np
from jaxtyping import Bool, Float, Int

TimeValues = Float[np.ndarray, "time"]
SeriesValues = Float[np.ndarray, "time feature"]
TimeFlags = Bool[np.ndarray, "time"]
SeriesFlags = Bool[np.ndarray, "time feature"]
LagValues = Float[np.ndarray, "lag"]
FeatureValues = Float[np.ndarray, "feature"]
Window = Float[np.ndarray, "window feature"]
WindowInputs = Float[np.ndarray, "sample window feature"]
HorizonValues = Float[np.ndarray, "sample horizon"]
SampleRows = Int[np.ndarray, "sample"]
GateValues = Float[np.ndarray, "window unit"]
