"""From the tables of one or several files to one row per moment."""
