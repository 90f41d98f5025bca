"""What a forecast depends on: nudges, replacements, gradients, Shapley values, and the test of what they claim."""
