"""What a single fact may be in a file, and how everything else is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from .cases import RULES, in_file, places, problems

SUMMER, WINTER = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))

ACCEPTED_AMOUNTS = {
    "0": "0.00",
    "-0": "0.00",
    "-0.00": "0.00",
    "5": "5.00",
    "12.5": "12.50",
    "12.500": "12.50",
    "1.5e6": "1500000.00",
    "1.5E+6": "1500000.00",
    "1E+2": "100.00",
    "125e-2": "1.25",
    "0e-9999": "0.00",
    "0E+9999": "0.00",
    "999999999999.99": "999999999999.99",
    '"1500000.00"': "1500000.00",
    '"1500000"': "1500000.00",
    '"0.5"': "0.50",
    '"000000000000000000000000000001.5"': "1.50",
}


@pytest.mark.parametrize(("written", "amount"), ACCEPTED_AMOUNTS.items())
def test_an_amount_is_read_exactly_however_it_is_written(tmp_path: Path, written: str, amount: str) -> None:
    """Text with up to two decimals and any JSON number that fits is the exact amount, with two decimals."""
    application = RULES.read_application(in_file(tmp_path, f'{{"requested": {written}}}'))
    assert str(application.requested) == amount


REFUSED_AMOUNTS = {
    "-1": "negative",
    "-0.01": "negative",
    "12.505": "over-precise",
    "0.001": "over-precise",
    "1e-3": "over-precise",
    "1e-9999": "over-precise",
    "1e-9999999": "over-precise",
    "1e-999999999": "over-precise",
    "1e12": "out-of-bounds",
    "1000000000000": "out-of-bounds",
    "1E+9999": "out-of-bounds",
    "1e999999999": "out-of-bounds",
    '"1000000000000.00"': "out-of-bounds",
    "NaN": "wrong-type",
    "Infinity": "wrong-type",
    "-Infinity": "wrong-type",
    "1e99999999999999999999999": "wrong-type",
    "9" * 5000: "wrong-type",
    "0." + "1" * 5000: "wrong-type",
    '"' + "9" * 5000 + '"': "out-of-bounds",
    '"NaN"': "wrong-type",
    '"-0"': "negative",
    '"-1"': "negative",
    '"+1"': "wrong-type",
    '"1.505"': "over-precise",
    '"1.500"': "over-precise",
    '"1e3"': "wrong-type",
    '"1,5"': "wrong-type",
    '"1.000,00"': "wrong-type",
    '"1_000"': "wrong-type",
    '" 1"': "wrong-type",
    '"1\\n"': "wrong-type",
    '"１"': "wrong-type",
    '".5"': "wrong-type",
    '"5."': "wrong-type",
    '""': "wrong-type",
    '"kr 5"': "wrong-type",
    "true": "wrong-type",
    "false": "wrong-type",
    "[5]": "wrong-type",
    "{}": "wrong-type",
}


@pytest.mark.parametrize(("written", "code"), REFUSED_AMOUNTS.items(), ids=[k[:24] for k in REFUSED_AMOUNTS])
@pytest.mark.parametrize("path", ["requested", "costs[0].vat", "funding[0].amount"])
def test_an_amount_that_does_not_fit_is_refused(tmp_path: Path, path: str, written: str, code: str) -> None:
    """Negative, over-precise, unbounded and non-finite amounts and other types are refused wherever money stands."""
    outer, _, inner = path.partition("[0].")
    text = f'{{"{outer}": [{{"{inner}": {written}}}]}}' if inner else f'{{"{outer}": {written}}}'
    assert [(p.where, p.code) for p in problems(in_file(tmp_path, text))] == [(path, code)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12.5", "12.5"),
        ("12.125", "12.125"),
        ("12.5000", "12.5"),
        ("1e2", "100"),
        ('"12.125"', "12.125"),
        ("0", "0"),
        ("999999999.999", "999999999.999"),
    ],
)
def test_a_quantity_has_up_to_three_decimals(tmp_path: Path, written: str, read: str) -> None:
    """Kilometres may be text or a number with up to three decimals, read exactly."""
    (line,) = RULES.read_application(in_file(tmp_path, f'{{"costs": [{{"kilometres": {written}}}]}}')).costs
    assert line.kilometres == Decimal(read)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("12.1255", "over-precise"),
        ("1e-4", "over-precise"),
        ("1e-9999999", "over-precise"),
        ("1e-999999999", "over-precise"),
        ("-1", "negative"),
        ("1e9", "out-of-bounds"),
        ('"12.1255"', "over-precise"),
        ('"twelve"', "wrong-type"),
        ("NaN", "wrong-type"),
        ("true", "wrong-type"),
    ],
)
def test_a_quantity_that_does_not_fit_is_refused(tmp_path: Path, written: str, code: str) -> None:
    """Four decimals, negative numbers, a billion and other types are refused as kilometres."""
    found = problems(in_file(tmp_path, f'{{"costs": [{{"kilometres": {written}}}]}}'))
    assert [(p.where, p.code) for p in found] == [("costs[0].kilometres", code)]


@pytest.mark.parametrize(("written", "read"), [("0", 0), ("-0", 0), ("5", 5), ("500", 500)])
def test_a_count_is_a_json_integer(tmp_path: Path, written: str, read: int) -> None:
    """A whole number within its bounds is read."""
    assert RULES.read_application(in_file(tmp_path, f'{{"pages": {written}}}')).pages == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5.0", "wrong-type"),
        ("5e0", "wrong-type"),
        ("1E+1", "wrong-type"),
        ('"5"', "wrong-type"),
        ("true", "wrong-type"),
        ("false", "wrong-type"),
        ("[]", "wrong-type"),
        ("{}", "wrong-type"),
        ("NaN", "wrong-type"),
        ("9" * 5000, "wrong-type"),
        ("-1", "out-of-bounds"),
        ("1000000000", "out-of-bounds"),
        ("1" + "0" * 40, "out-of-bounds"),
    ],
)
def test_a_count_that_does_not_fit_is_refused(tmp_path: Path, written: str, code: str) -> None:
    """Text, yes and no, numbers with a point and numbers out of bounds are refused as a count."""
    found = problems(in_file(tmp_path, f'{{"pages": {written}}}'))
    assert [(p.where, p.code) for p in found] == [("pages", code)]


@pytest.mark.parametrize("written", ["0", "1", '"true"', '"yes"', "1.0", "[]", "{}", "NaN"])
def test_a_yes_or_no_is_a_json_boolean(tmp_path: Path, written: str) -> None:
    """Numbers and words are refused where a yes or no belongs."""
    (found,) = problems(in_file(tmp_path, f'{{"signed": {written}}}'))
    assert (found.where, found.code) == ("signed", "wrong-type")
    assert found.message.startswith("expected yes or no, got ")


@pytest.mark.parametrize("written", ["0", "1.5", "true", "[]", "{}", "NaN"])
def test_text_is_a_json_string(tmp_path: Path, written: str) -> None:
    """Numbers, yes and no, lists and objects are refused where text belongs."""
    found = problems(in_file(tmp_path, f'{{"title": {written}, "costs": [{{"id": {written}}}]}}'))
    assert [(p.where, p.code) for p in found] == [("title", "wrong-type"), ("costs[0].id", "wrong-type")]


MOMENTS = {
    "2018-10-01T12:00": datetime(2018, 10, 1, 12, tzinfo=SUMMER),
    "2018-10-01T12:00:00": datetime(2018, 10, 1, 12, tzinfo=SUMMER),
    "2018-12-01T12:00": datetime(2018, 12, 1, 12, tzinfo=WINTER),
    "2018-10-01T10:00Z": datetime(2018, 10, 1, 10, tzinfo=UTC),
    "2018-10-01T06:00:00.5-04:00": datetime(2018, 10, 1, 6, 0, 0, 500000, tzinfo=timezone(timedelta(hours=-4))),
    "2018-10-01T15:30+05:30": datetime(2018, 10, 1, 15, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    "2018-10-28T02:30": datetime(2018, 10, 28, 2, 30, tzinfo=SUMMER),
    "2018-10-28T02:30+01:00": datetime(2018, 10, 28, 2, 30, tzinfo=WINTER),
    "2018-03-25T01:59:59": datetime(2018, 3, 25, 1, 59, 59, tzinfo=WINTER),
    "2018-03-25T03:00": datetime(2018, 3, 25, 3, tzinfo=SUMMER),
    "2018-03-25T02:30Z": datetime(2018, 3, 25, 2, 30, tzinfo=UTC),
    "2016-02-29T00:00": datetime(2016, 2, 29, tzinfo=WINTER),
    "1900-01-01T00:00Z": datetime(1900, 1, 1, tzinfo=UTC),
    "2199-12-31T23:59:59Z": datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC),
}


@pytest.mark.parametrize(("written", "moment"), MOMENTS.items())
def test_a_moment_is_read_with_its_offset_or_as_local_time(written: str, moment: datetime) -> None:
    """An offset is kept; without one the time is Copenhagen's, of a repeated hour the earlier."""
    read = RULES.read_application({"submitted_at": written}).submitted_at
    assert read == moment
    assert read.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2018-03-25T02:00", "no-date"),
        ("2018-03-25T02:30:00", "no-date"),
        ("2018-03-25T02:59:59", "no-date"),
        ("2018-02-29T12:00", "no-date"),
        ("2018-04-31T12:00Z", "no-date"),
        ("2018-13-01T12:00", "no-date"),
        ("2018-10-00T12:00", "no-date"),
        ("2018-10-01T25:00", "no-date"),
        ("2018-10-01T12:60", "no-date"),
        ("2018-10-01T12:00:60", "no-date"),
        ("2018-10-01T12:00+25:00", "no-date"),
        ("0000-01-01T00:00", "no-date"),
        ("0001-01-01T00:00", "out-of-bounds"),
        ("0001-01-01T00:00+14:00", "out-of-bounds"),
        ("1899-12-31T23:59:59Z", "out-of-bounds"),
        ("2200-01-01T00:00", "out-of-bounds"),
        ("9999-12-31T23:59:59Z", "out-of-bounds"),
        ("9999-12-31T23:59:59-14:00", "out-of-bounds"),
        ("2018-10-01", "wrong-type"),
        ("2018-10-01 12:00", "wrong-type"),
        ("2018-10-01T12", "wrong-type"),
        ("20181001T120000", "wrong-type"),
        ("2018-W40-1T12:00", "wrong-type"),
        ("2018-10-01T12:00\n", "wrong-type"),
        ("２018-10-01T12:00", "wrong-type"),
        ("1 October 2018", "wrong-type"),
        ("", "wrong-type"),
        (20181001, "wrong-type"),
        (True, "wrong-type"),
        (date(2018, 10, 1), "wrong-type"),
        (datetime(1, 1, 1), "out-of-bounds"),  # noqa: DTZ001
        (datetime(2018, 3, 25, 2, 30), "no-date"),  # noqa: DTZ001
    ],
)
def test_a_moment_that_does_not_exist_or_is_none_is_refused(written: Any, code: str) -> None:
    """Skipped hours, impossible dates, absurd years, dates without a time and other forms are refused."""
    assert [(p.where, p.code) for p in problems({"submitted_at": written})] == [("submitted_at", code)]


def test_a_date_where_a_time_belongs_is_met_with_how_to_write_it() -> None:
    """The hint to a date without a time shows the same date with one."""
    (found,) = problems({"submitted_at": "2018-10-01"})
    assert str(found) == (
        'submitted_at: expected a date with a time, got `2018-10-01`\n    hint: add the time, as in "2018-10-01T12:00"'
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2018-02-30", "no-date"),
        ("2017-02-29", "no-date"),
        ("2018-00-01", "no-date"),
        ("0000-01-01", "no-date"),
        ("0001-01-01", "out-of-bounds"),
        ("1899-12-31", "out-of-bounds"),
        ("2200-01-01", "out-of-bounds"),
        ("9999-12-31", "out-of-bounds"),
        ("2018-1-1", "wrong-type"),
        ("20180101", "wrong-type"),
        ("01-10-2018", "wrong-type"),
        ("2018-10-01T12:00", "wrong-type"),
        (20180101, "wrong-type"),
        (True, "wrong-type"),
        (datetime(2018, 10, 1, tzinfo=UTC), "wrong-type"),
    ],
)
def test_a_date_that_does_not_exist_or_is_none_is_refused(written: Any, code: str) -> None:
    """Impossible dates, absurd years, times and other forms are refused where a date belongs."""
    assert [(p.where, p.code) for p in problems({"starts_on": written})] == [("starts_on", code)]


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2016, 2, 29), date(2199, 12, 31)])
def test_a_date_is_read_from_text_and_from_a_date(day: date) -> None:
    """ISO text and a Python date are the same date, to the ends of the bounds."""
    for written in (day, day.isoformat()):
        assert RULES.read_application({"starts_on": written}).starts_on == day


def test_python_values_are_read_as_they_are() -> None:
    """Decimals, whole numbers, dates, times, tuples and sets may stand in a mapping."""
    application = RULES.read_application(
        {
            "submitted_at": datetime(2018, 10, 1, 12, tzinfo=SUMMER),
            "starts_on": date(2018, 11, 1),
            "requested": Decimal("1.5E+6"),
            "pages": 5,
            "activities": {"new_course"},
            "costs": ({"amount": 5, "vat": Decimal("1.25"), "kilometres": Decimal("2.125")},),
        }
    )
    assert application.submitted_at == datetime(2018, 10, 1, 10, tzinfo=UTC)
    assert application.requested == 1500000
    assert application.activities == frozenset({"new_course"})
    assert (application.costs[0].vat, application.costs[0].kilometres) == (Decimal("1.25"), Decimal("2.125"))


def test_a_local_datetime_without_a_zone_is_local_time_of_the_pool() -> None:
    """A Python time without a zone is read like text without an offset."""
    application = RULES.read_application({"submitted_at": datetime(2018, 10, 1, 12)})  # noqa: DTZ001
    assert application.submitted_at == datetime(2018, 10, 1, 10, tzinfo=UTC)


def test_binary_floats_are_refused() -> None:
    """A mapping with binary floats is refused for every one of them, with what to write instead."""
    data = {"requested": 1.5, "pages": 5.0, "costs": [{"amount": 2.0, "kilometres": float("nan")}]}
    found = problems(data)
    assert sorted(places(found)) == ["costs[0].amount", "costs[0].kilometres", "pages", "requested"]
    for problem in found:
        if problem.where != "pages":
            assert "the binary float" in problem.message
            assert problem.hint == "write it as text or as a `Decimal`"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("NaN"), "wrong-type"),
        (Decimal("sNaN"), "wrong-type"),
        (Decimal("Infinity"), "wrong-type"),
        (Decimal(-1), "negative"),
        (Decimal("1E+999999"), "out-of-bounds"),
        (Decimal("1E-999999999"), "over-precise"),
        (Decimal("0.001"), "over-precise"),
        (10**5000, "out-of-bounds"),
        (-(10**5000), "negative"),
    ],
    ids=["nan", "snan", "infinity", "negative", "huge", "tiny", "over-precise", "huge-int", "huge-negative-int"],
)
def test_python_numbers_that_are_no_amounts_are_refused(value: Any, code: str) -> None:
    """Odd decimals and whole numbers of thousands of digits are refused for what is wrong with them."""
    assert [(p.where, p.code) for p in problems({"requested": value})] == [("requested", code)]


@pytest.mark.parametrize("key", ["pages", "title", "signed", "starts_on", "submitted_at", "activities", "costs"])
def test_a_whole_number_of_thousands_of_digits_is_shown_short(key: str) -> None:
    """A huge whole number of Python is refused wherever it stands, and only its beginning is shown."""
    (found,) = problems({key: 10**5000})
    assert (found.where, found.code) in [(key, "wrong-type"), (key, "out-of-bounds")]
    assert len(str(found)) < 250


CHOICES = {
    "kind": ("municipalty", "did you mean `municipality`?"),
    "role": ("Lead", "did you mean `lead`?"),
}


@pytest.mark.parametrize(("key", "word", "hint"), [(k, *v) for k, v in CHOICES.items()])
def test_a_word_outside_of_its_list_is_met_with_the_nearest(key: str, word: str, hint: str) -> None:
    """A misspelt word is refused with the nearest one of its list."""
    (found,) = problems({"organisations": [{key: word}]})
    assert (found.where, found.code, found.hint) == (f"organisations[0].{key}", "unknown-word", hint)


@pytest.mark.parametrize("word", ["zzz", "", 5, True, ["region"], {}, "region ", "Région"])
def test_a_word_near_to_none_is_met_with_the_whole_list(word: Any) -> None:
    """Anything that is no word of the list is refused; where none is near, the hint lists them all."""
    (found,) = problems({"organisations": [{"kind": word}]})
    assert (found.where, found.code) == ("organisations[0].kind", "unknown-word")
    assert "region" in found.hint


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("new_course", "wrong-type"),
        ({"new_course": True}, "wrong-type"),
        (["new_course", "new_cource"], "unknown-word"),
        ([["new_course"]], "unknown-word"),
        ([None], "unknown-word"),
        ([5], "unknown-word"),
        ([{}], "unknown-word"),
    ],
)
def test_a_list_of_words_holds_words_of_its_list_alone(value: Any, code: str) -> None:
    """A single word, an object and items that are no words of the list are refused."""
    (found,) = problems({"activities": value})
    assert (found.where.partition("[")[0], found.code) == ("activities", code)


@pytest.mark.parametrize("key", ["costs", "funding", "organisations"])
@pytest.mark.parametrize("value", [{}, "x", 5, True, {"0": {}}])
def test_a_list_is_a_json_list(key: str, value: Any) -> None:
    """Anything but a list is refused where a list of objects belongs."""
    assert [(p.where, p.code) for p in problems({key: value})] == [(key, "wrong-type")]


@pytest.mark.parametrize("item", [None, "x", 5, True, []])
def test_an_item_of_a_list_is_an_object(item: Any) -> None:
    """Anything but an object is refused as a cost line, with its index; the others are still read."""
    found = problems({"costs": [{}, item, {"amount": -1}]})
    assert [(p.where, p.code) for p in found] == [("costs[1]", "wrong-type"), ("costs[2].amount", "negative")]
