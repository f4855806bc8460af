"""How much an application states, as the measure by which the smallest of several is found."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Data: TypeAlias = Mapping[str, Any]
"""JSON data of an application or an assessment."""


def size(application: Data, assessments: Sequence[Data]) -> tuple[int, int]:
    """How many facts, ratings and answers are stated, and how long they are when written down."""
    stated = _stated(application) + sum(map(_stated, assessments))
    return stated, len(str(application)) + len(str(assessments))


def _stated(data: Any) -> int:
    """How many facts there are; an empty list or record states one thing too."""
    inner = data.values() if isinstance(data, Mapping) else data if isinstance(data, list | tuple) else ()
    return sum(map(_stated, inner)) or 1
