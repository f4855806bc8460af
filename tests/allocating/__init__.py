"""Sharing out the money of real pools: by rank and otherwise, overridden, replaced, stored and read back."""
