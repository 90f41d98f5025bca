"""From a noun to a plotly figure. Figures compute nothing."""
