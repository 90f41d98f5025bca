"""What every page shares: state, cache, services, controls, presentation."""
