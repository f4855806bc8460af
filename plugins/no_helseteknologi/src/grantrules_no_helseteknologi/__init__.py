"""The Norwegian health-technology scheme of 2024 and its two allocations, as a plugin of grantrules."""
