"""What is wrong with a training, and what to try next: evidence in, findings in words out."""
