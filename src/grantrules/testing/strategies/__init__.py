"""Hypothesis strategies read off a rulebook."""
