"""Example cases: files with an application and what is expected of the decision on it."""
