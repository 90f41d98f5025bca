"""What the pages about one finished run are made of."""
