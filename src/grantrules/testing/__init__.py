"""For the tests of people who write and change rules. Nothing here is imported by the rest of the library."""

from grantrules.testing.cases import case_differences, case_folders, decided_case

__all__ = ["case_differences", "case_folders", "decided_case"]
