"""Tests of grantrules."""
