"""What a person takes away: the runnable script."""
