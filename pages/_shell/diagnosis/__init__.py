"""What the pages Doctor and Debugging are made of."""
