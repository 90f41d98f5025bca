"""Repairs and steps between a table and a series: named, counted, and looking back only."""
