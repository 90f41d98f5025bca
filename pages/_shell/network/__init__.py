"""What the pages Network and Training are made of."""
