"""Comparison: what another version of the rules changes, in the rules and in decisions."""
