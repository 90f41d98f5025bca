"""Training as a process with a memory: store, slots, queue, worker."""
