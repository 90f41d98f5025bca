"""Scenarios: a changed past, and the forecast and the gates that follow from it."""
