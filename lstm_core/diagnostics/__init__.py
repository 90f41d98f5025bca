"""What a series shows before any model: correlation, stationarity, seasons."""
