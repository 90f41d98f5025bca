"""Several runs as one experiment. Every trial is an ordinary run; what is asked here is what they say together."""
