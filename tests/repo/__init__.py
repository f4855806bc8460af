"""Tests of the repository itself: its documentation, its public names, its files."""
