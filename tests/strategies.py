"""Moved to grantrules.testing.strategies.applications."""

from grantrules.testing.aiming.thresholds import *  # noqa: F403
from grantrules.testing.strategies.applications import *  # noqa: F403
