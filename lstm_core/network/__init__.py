"""What is built: layers, shapes, parameter counts, presets and a readable forward pass."""
