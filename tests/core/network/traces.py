"""Gate traces made up for tests."""

import numpy as np

from lstm_core.network.forward import GateTrace


def trace_with(**gates: np.ndarray) -> GateTrace:
    """Trace with these parts; 0.5 everywhere else."""
    shape = next(iter(gates.values())).shape
    parts = {
        name: gates.get(name, np.full(shape, 0.5))
        for name in ("input", "forget", "candidate", "output", "cell", "hidden")
    }
    return GateTrace(**parts, sums=np.zeros((4, *shape)), layer=0)
