"""A series and where it comes from: reading files, repairing them in the open, samples."""
