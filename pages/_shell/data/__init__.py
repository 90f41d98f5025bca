"""What the pages from the file to the windows are made of."""
