"""
Organisation identifiers in the form of org-id.guide: `LIST-NUMBER`.

The check digits of two registers are verified; identifiers of other lists are accepted as they are.
Source of the weights: the Danish business authority's CVR and the Norwegian Brønnøysund register, both modulus 11.
"""

from collections.abc import Mapping

from grantrules.errors import excerpt

WEIGHTS: Mapping[str, tuple[int, ...]] = {
    "DK-CVR": (2, 7, 6, 5, 4, 3, 2, 1),
    "NO-BRC": (3, 2, 7, 6, 5, 4, 3, 2, 1),
}


def identifier_problem(identifier: str) -> str:
    """
    Say what is wrong with an organisation identifier; an empty text if nothing is.

    >>> identifier_problem("DK-CVR-29189652")
    'the check digit of `DK-CVR-29189652` does not fit: a digit is wrong or two are swapped'
    >>> identifier_problem("NO-BRC-964338531")
    ''
    """
    for register, weights in WEIGHTS.items():
        if identifier.startswith(f"{register}-"):
            return _number_problem(identifier, identifier.removeprefix(f"{register}-"), weights)
    return ""


def _number_problem(identifier: str, number: str, weights: tuple[int, ...]) -> str:
    if not (number.isascii() and number.isdigit() and len(number) == len(weights)):
        return f"expected {len(weights)} digits after the name of the register, got {excerpt(identifier)}"
    if sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11:
        return f"the check digit of `{identifier}` does not fit: a digit is wrong or two are swapped"
    return ""
