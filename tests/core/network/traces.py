"""Gate traces made up for tests."""

import numpy as np

from lstm_core.network.trace import GateTrace


def trace_with(**gates: np.ndarray) -> GateTrace:
    """Trace with these parts; 0.5 everywhere else."""
    shape = next(iter(gates.values())).shape
    parts = {
        name: gates.get(name, np.full(shape, 0.5))
        for name in ("input", "forget", "output", "candidate", "cell", "hidden")
    }
    sums = {name: np.zeros(shape) for name in ("input", "forget", "candidate", "output")}
    return GateTrace(cell="lstm", parts=parts, sums=sums, layer=0)
