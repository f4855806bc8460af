"""Every reading says what the specification says."""
