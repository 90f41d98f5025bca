"""Further than one step: forecasts that read forecasts, and what lies beyond the last row."""
