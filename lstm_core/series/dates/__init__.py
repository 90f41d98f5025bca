"""From cells to moments: how dates are written, which clocks and zones, how far apart they stand."""
