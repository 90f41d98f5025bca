"""From a series to windows a network can learn from: split, scaling, windows."""
