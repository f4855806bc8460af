"""Tests of scores: assessments combined, points that grow, thresholds, weights and their order in words."""
