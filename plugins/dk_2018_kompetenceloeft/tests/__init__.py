"""Tests of the pool of 2018."""
