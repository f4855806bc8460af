"""Files that are no application at all: encodings, deep nesting, wrong shapes, files that are not there."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pytest

import grantrules as g

from .cases import RULES, application, in_file, places, problems

Of = Literal["application", "assessment", "decision"]
KINDS: tuple[Of, ...] = ("application", "assessment", "decision")

NO_FILES = {
    "empty": (b"", "not-json"),
    "white space": (b" \n\t ", "not-json"),
    "not JSON": (b"id: 5", "not-json"),
    "a comma too many": (b'{"id": "x",}', "not-json"),
    "text behind it": (b'{"id": "x"} {}', "not-json"),
    "cut off": (b'{"id": "x"', "not-json"),
    "single quotes": (b"{'id': 'x'}", "not-json"),
    "a bare control character": (b'{"id": "a\x1bb"}', "not-json"),
    "a list": (b"[{}]", "not-an-object"),
    "null": (b"null", "not-an-object"),
    "a number": (b"5", "not-an-object"),
    "text": (b'"x"', "not-an-object"),
    "NaN": (b"NaN", "not-an-object"),
    "Latin-1": ('{"title": "Løft"}'.encode("latin-1"), "not-utf8"),
    "UTF-16": ('{"title": "Løft"}'.encode("utf-16"), "not-utf8"),
    "half a character": (b'{"title": "\xc3', "not-utf8"),
    "a surrogate in UTF-8": (b'{"title": "\xed\xa0\x80"}', "not-utf8"),
    "random bytes": (bytes(range(256)), "not-utf8"),
}


@pytest.mark.parametrize("of", KINDS)
@pytest.mark.parametrize(("content", "code"), NO_FILES.values(), ids=NO_FILES)
def test_a_file_that_is_no_object_in_utf8_is_refused(tmp_path: Path, of: Of, content: bytes, code: str) -> None:
    """Whatever is no JSON object in UTF-8 is refused with one problem that says what it is instead."""
    (found,) = problems(in_file(tmp_path, content), of)
    assert found.code == code


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """A file that begins with a byte order mark is read like one without."""
    file = in_file(tmp_path, b"\xef\xbb\xbf" + json.dumps(application("clean")).encode())
    assert RULES.read_application(file).id == "SUM-2018-0417"


@pytest.mark.parametrize("of", KINDS)
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, of: Of) -> None:
    """A missing file, a directory and an impossible path are refused in words, with the path."""
    for path in (tmp_path / "nowhere.json", tmp_path, tmp_path / "a\0b.json", tmp_path / "half\ud800.json"):
        (found,) = problems(path, of)
        assert found.code == "no-file"
        assert found.message.startswith("the file cannot be read: ")


@pytest.mark.parametrize("source", [None, 5, 1.5, True, [], b"{}", {"id"}])
@pytest.mark.parametrize("of", KINDS)
def test_what_is_neither_path_nor_mapping_is_refused(of: Of, source: Any) -> None:
    """Anything but the path of a file or a mapping is refused as wrong input."""
    (found,) = problems(source, of)
    assert found.message.startswith("expected the path of a file or a mapping, got ")


DEPTHS = (100, 250, 400, 600, 900, 1_000, 5_000, 100_000)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
@pytest.mark.parametrize(
    "around",
    [
        '{"nonsense": %s}',
        '{"title": %s}',
        '{"signed": true, "costs": %s}',
        '{"costs": [{"amount": %s}]}',
        '{"activities": [%s]}',
        '{"pool": %s, "pages": true}',
        "%s",
    ],
    ids=["unknown", "text", "list", "amount", "words", "pool", "whole"],
)
def test_junk_nested_ever_deeper_is_refused(tmp_path: Path, around: str, opened: str, closed: str, depth: int) -> None:
    """Junk nested a hundred or a hundred thousand deep is refused wherever it stands, without running out of stack."""
    junk = opened * depth + "1" + closed * depth
    for of in KINDS:
        found = problems(in_file(tmp_path, around % junk), of)
        assert found
        assert all(len(problem.message) < 250 for problem in found)


@pytest.mark.parametrize("depth", [250, 600, 900])
def test_a_deep_comment_is_passed_over_or_refused(tmp_path: Path, depth: int) -> None:
    """A comment is not read however deep it is; beside a mistake it does not hide the mistake."""
    junk = "[" * depth + "]" * depth
    assert not problems(in_file(tmp_path, f'{{"$comment": {junk}}}'))
    assert places(problems(in_file(tmp_path, f'{{"$comment": {junk}, "pages": true}}'))) == ["pages"]


def nested(depth: int) -> dict[str, Any]:
    """A mapping inside a mapping inside a mapping …"""
    outermost: dict[str, Any] = {}
    at = outermost
    for _ in range(depth):
        at["a"] = {}
        at = at["a"]
    return outermost


@pytest.mark.parametrize("depth", [400, 1_000, 20_000])
def test_a_mapping_nested_ever_deeper_is_refused(depth: int) -> None:
    """Deep junk in a mapping of Python's is refused like that of a file."""
    deep = nested(depth)
    assert places(problems({"nonsense": deep, "title": deep})) == ["title", "nonsense"]
    assert places(problems({"costs": [{"amount": deep}]})) == ["costs[0].amount"]
    assert places(problems({"ratings": {"goals": deep}, "comments": {"goals": deep}}, "assessment")) == [
        "ratings.goals",
        "comments.goals",
    ]
    assert problems({"format": deep}, "decision")
    assert problems({"format": "grantrules.decision/1", "sources": deep, "title": deep}, "decision")


def test_a_mapping_that_holds_itself_is_refused() -> None:
    """A mapping that contains itself is refused, not followed for ever."""
    itself: dict[str, Any] = {"pages": True}
    itself["itself"] = itself
    assert places(problems(itself)) == ["pages", "itself"]


@pytest.mark.parametrize(
    "data",
    [
        {"organisations": ("x", {"nome": "y"})},
        {"organisations": (None,), "title": 5},
        {"costs": ({"amount": -1}, 5), "organisations": ({"id": "DK-CVR-1"},)},
        MappingProxyType({"title": 5, "costs": [MappingProxyType({"amount": 1})]}),
        {"title": 5, "costs": (line for line in [{"amount": "1"}])},
        {5: 1, None: 2, ("a",): 3, "title": "x"},
        {"title": 5, "costs": [{5: 1, "amount": "x"}]},
        {"title": object(), "costs": object(), "signed": len, "activities": range(3)},
        {"title": b"x", "requested": 1j},
    ],
    ids=["tuple", "none", "tuple-cross", "proxies", "generator", "keys", "inner-keys", "objects", "odd"],
)
def test_odd_python_values_are_refused_as_wrong_input(data: Mapping[Any, Any]) -> None:
    """Tuples, read-only mappings, generators, odd keys and odd objects raise wrong input and nothing else."""
    assert problems(data)
    problems(data, "assessment")
    assert problems(data, "decision")


def test_what_is_wrong_with_a_tuple_is_found_together() -> None:
    """A list given as a tuple is repaired and checked against the rest like a list."""
    data = {
        "organisations": ({"name": "A", "id": "DK-CVR-1"}, "x"),
        "costs": ({"id": "c1", "amount": -1}, {"id": "c1", "organisation": "B"}),
    }
    assert sorted(places(problems(data))) == [
        "costs[0].amount",
        "costs[1].id",
        "organisations[0].id",
        "organisations[1]",
    ]


def test_reading_changes_no_mapping() -> None:
    """What is read, or refused, is left as it was."""
    good, bad = application("clean"), {**application("clean"), "pages": "five", "nonsense": {"a": [1]}}
    for data in (good, bad):
        before = json.dumps(data, default=str)
        problems(data)
        assert json.dumps(data, default=str) == before


@pytest.mark.parametrize(
    "text",
    [
        '{"\\u001b[31mred\\u0007": 1}',
        '{"a\\u001b": 1, "a\\u001b": 2}',
        '{"organisations": [{"n\\u009bame": 1}]}',
        '{"title": 5, "\\r\\nrequested": 1}',
        '{"organisations": [{"name": "x\\u001b[2J"}], "costs": [{"organisation": "x\\u001b[2j"}]}',
        '{"organisations": [{"name": "x\\u001b[2J"}], "costs": [{"organisation": "zzzzzzzzz"}]}',
        (
            '{"organisations": [{"name": "x\\u001b", "unit": "a"}, {"name": "x\\u001b", "unit": "b"}], '
            '"costs": [{"organisation": "x\\u001b"}]}'
        ),
        '{"organisations": [{"id": "DK-CVR-\\u001b[2J"}]}',
        '{"organisations": [{"id": "DK-CVR-\\u202e1234567"}]}',
        '{"costs": [{"id": "\\u001b"}, {"id": "\\u001b"}]}',
        '{"pool": "\\u001b[2J", "round": "\\u0000"}',
        '{"requested": "\\u001b[2J", "starts_on": "\\u001b", "submitted_at": "\\u009b"}',
        '{"organisations": [{"kind": "\\u001b[2Jregion"}], "activities": ["\\u001b"]}',
    ],
)
def test_control_characters_reach_no_message_raw(tmp_path: Path, text: str) -> None:
    """Keys and values with escape sequences are shown with their control characters written out."""
    with pytest.raises(g.InputError) as caught:
        RULES.read_application(in_file(tmp_path, text))
    assert all(line.isprintable() for line in str(caught.value).split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        '{"\\u001b[2J": 1}',
        '{"ratings": {"\\u001b[2J": 1}}',
        '{"judgements": {"\\u001b[2J": true, "experts-limited": {"\\u001b[2J": 1}}}',
        '{"comments": {"\\u001b[2J": "x", "goals": 5}, "assessor": 1}',
        '{"assessor": "x\\u001b", "ratings": {"goals": "\\u001b"}}',
    ],
)
def test_control_characters_in_assessments_reach_no_message_raw(tmp_path: Path, text: str) -> None:
    """Ids in assessments are shown with their control characters written out."""
    for problem in problems(in_file(tmp_path, text), "assessment"):
        assert all(line.isprintable() for line in str(problem).split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "\\u001b[2J"}',
        '{"format": "grantrules.decision/1", "\\u001b": 1, "\\u001b": 2}',
        '{"format": {"\\u001b": 1}}',
    ],
)
def test_control_characters_in_decisions_reach_no_message_raw(tmp_path: Path, text: str) -> None:
    """What is wrong with a decision file is said without raw control characters."""
    for problem in problems(in_file(tmp_path, text), "decision"):
        assert all(line.isprintable() for line in str(problem).split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "\\ud800"}',
        '{"id": "a\\udfffb"}',
        '{"\\ud800": 1}',
        '{"organisations": [{"name": "\\udc00\\ud800"}]}',
        '{"organisations": [{"kind": "\\ud800", "\\ud800": 1}]}',
        '{"pool": "\\ud800"}',
        '{"requested": "\\ud800", "starts_on": "\\ud800"}',
        '{"costs": [{"organisation": "\\ud800"}], "organisations": []}',
    ],
)
def test_half_a_character_is_refused_and_can_be_printed(tmp_path: Path, text: str) -> None:
    """Lone surrogates in keys and values are refused, and the report of them can be written as UTF-8."""
    with pytest.raises(g.InputError) as caught:
        RULES.read_application(in_file(tmp_path, text))
    str(caught.value).encode()


def test_a_pair_of_surrogates_is_a_character(tmp_path: Path) -> None:
    """A character written as two escapes is read as that one character."""
    assert RULES.read_application(in_file(tmp_path, '{"title": "\\ud83c\\udf1f"}')).title == "\N{GLOWING STAR}"


@pytest.mark.parametrize(
    "text",
    [
        '{"%s": 1}' % ("k" * 100_000),
        '{"title": {"%s": 1}}' % ("k" * 100_000),
        '{"pool": "%s"}' % ("p" * 100_000),
        '{"requested": "%s"}' % ("x" * 100_000),
        '{"organisations": [{"id": "DK-CVR-%s"}]}' % ("9" * 100_000),
        '{{"organisations": [{{"name": "{}"}}], "costs": [{{"organisation": "{}"}}]}}'.format(
            "a" * 5_000, "a" * 4_999 + "b"
        ),
        '{{"costs": [{{"id": "{}"}}, {{"id": "{}"}}]}}'.format("c" * 100_000, "c" * 100_000),
    ],
    ids=["key", "inner-key", "pool", "amount", "identifier", "organisation", "line"],
)
def test_long_values_are_shown_short(tmp_path: Path, text: str) -> None:
    """A value or key of a hundred thousand characters does not fill the screen of whoever reads the message."""
    for problem in problems(in_file(tmp_path, text)):
        assert len(str(problem)) < 600


def test_many_problems_are_reported_and_counted(tmp_path: Path) -> None:
    """A file with hundreds of wrong lines is refused with a problem for each, in their order."""
    lines = ",".join('{"amount": -1}' for _ in range(300))
    found = problems(in_file(tmp_path, f'{{"costs": [{lines}]}}'))
    assert places(found) == [f"costs[{i}].amount" for i in range(300)]
