"""What the pages of many runs are made of: seeds, memory, backtest."""
