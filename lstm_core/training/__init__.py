"""What a training is told and what it tells: plan, events, the loop around Keras."""
