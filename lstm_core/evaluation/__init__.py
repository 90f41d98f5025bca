"""How good a forecast is: baselines, scores, residuals, sensitivity."""
