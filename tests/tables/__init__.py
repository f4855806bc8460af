"""Tests of applications as tables."""
