"""Bands around forecasts: conformal, adaptive, quantiles and dropout, and how often the truth lies in them."""
