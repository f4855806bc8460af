"""Tests of serial."""
