"""
Variations of a case: JSON merge patches (RFC 7396) to its application and assessments.

Objects are merged, `null` takes a key out, everything else is put in its place. Beyond the RFC, a list of objects may
be patched item by item: by `id`, else by `name`, else by position. A patch that leads nowhere is an error.
"""

from collections.abc import Mapping
from typing import Any

from grantrules.errors import Problem, excerpt, nearest
from grantrules.serial.files import COMMENT, joined


def patched(data: Any, patch: Any, place: str, problems: list[Problem]) -> Any:
    """
    The data with a patch applied; neither is changed.

    Args:
        place: the path of the patch in its file.
        problems: takes everything in the patch that leads nowhere.
    """
    if not isinstance(patch, Mapping):
        return patch
    stated = {key: value for key, value in patch.items() if key != COMMENT}
    if isinstance(data, list):
        return _items(data, stated, place, problems)
    made = dict(data) if isinstance(data, Mapping) else {}
    for key, value in stated.items():
        if value is not None:
            made[key] = patched(made.get(key), value, joined(place, key), problems)
        elif made.pop(key, None) is None:
            problems.append(_nothing_there(joined(place, key), key, [k for k, v in made.items() if v is not None]))
    return made


def _items(items: list[Any], patch: Mapping[str, Any], place: str, problems: list[Problem]) -> list[Any]:
    made: dict[int, Any] = dict(enumerate(items))
    for key, value in patch.items():
        at = joined(place, key)
        called = [index for index, item in enumerate(items) if key in _names(item, index)]
        if not called and isinstance(value, Mapping) and key in (value.get("id"), value.get("name")):
            made[len(made)] = patched(None, value, at, problems)
        elif not called:
            known = [name for index, item in enumerate(items) for name in _names(item, index)]
            problems.append(_nothing_there(at, key, known))
        elif len(called) > 1:
            message = f"{len(called)} items are called {excerpt(key)}"
            problems.append(Problem(at, message, "put the whole list in its place", "ambiguous"))
        else:
            made[called[0]] = None if value is None else patched(items[called[0]], value, at, problems)
    return [item for item in made.values() if item is not None]


def _names(item: Any, index: int) -> list[str]:
    """What an item of a list may be called by: what it states of itself, or else its position."""
    stated = [item.get(key) for key in ("id", "name")] if isinstance(item, Mapping) else []
    return [name for name in stated if isinstance(name, str)] or [str(index)]


def _nothing_there(place: str, key: str, known: list[str]) -> Problem:
    hint = nearest(key, known) or ("choose from " + ", ".join(excerpt(name) for name in known[:12]) if known else "")
    return Problem(place, f"there is nothing called {excerpt(key)} to change", hint, "leads-nowhere")
