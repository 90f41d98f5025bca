"""The core of LSTM Explorer: stations on a line, from a series to what a trained LSTM does with it.

Read the rooms in the order the data flows: `series`, `diagnostics`, `preparation`, `network`, `training`,
`evaluation`, `runs`, `figures`, `delivery`. `recipe` is the code that really runs and that is exported verbatim.
"""
