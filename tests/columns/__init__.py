"""Tests of rules over tables."""
