"""The public names: exactly those listed, and every one explained."""

import inspect
import typing
from types import ModuleType

import pytest

import grantrules

EXPLAINED = [name for name in grantrules.__all__ if callable(getattr(grantrules, name))]


def test_all_is_what_can_be_imported() -> None:
    """`__all__` lists every public name of the package, those that are imported late among them, and no other."""
    offered = {name: getattr(grantrules, name) for name in dir(grantrules) if not name.startswith("_")}
    found = {n for n, v in offered.items() if not isinstance(v, ModuleType) and getattr(typing, n, None) is not v}
    assert found == set(grantrules.__all__)


def test_all_names_nothing_twice() -> None:
    """No name stands twice in `__all__`."""
    assert len(grantrules.__all__) == len(set(grantrules.__all__))


@pytest.mark.parametrize("name", EXPLAINED)
def test_functions_and_classes_have_a_docstring(name: str) -> None:
    """Every public function and class says what it is, and so do a class's public methods and properties."""
    made = getattr(grantrules, name)
    assert (inspect.getdoc(made) or "").strip()
    if inspect.isclass(made):
        own = {n: v for n, v in vars(made).items() if not n.startswith("_")}
        methods = {n: v for n, v in own.items() if inspect.isfunction(v) or isinstance(v, property | classmethod)}
        assert [n for n, v in methods.items() if not (v.__doc__ or "").strip()] == []
