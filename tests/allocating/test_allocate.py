"""Who gets what, and why: every outcome and every reason, on applications as they come in to the real pools."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve, frozen

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
import grantrules_no_helseteknologi.plugin as helseteknologi

from .rounds import (
    ASSUMED,
    FIRST,
    LANGUAGES,
    POOL_NO,
    RULES_2018,
    RULES_2022,
    SECOND,
    WORDS,
    again,
    allocating,
    amounts,
    answering,
    assessed,
    decided,
    digitale,
    helse,
    in_order,
    kompetence,
    outcomes,
    refusal,
    said,
)

a = g.facts(FIRST.application)
o = g.facts(FIRST.application, "organisations")

BY_TIME = g.ByTerm(g.facts(kompetenceloeft.POOL.application).submitted_at)

STOP = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1")
SKIP = allocating(helseteknologi, g.Method.RANK_SKIP, "2024-1")
PROPORTIONAL = allocating(helseteknologi, g.Method.PROPORTIONAL, "2024-1")
SHORT_LIST = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1", reserve=1)
HOMES = g.Strand(
    "allocation.homes", a.areas.includes_any("welfare_technology"), WORDS, ASSUMED, ceiling=g.kr("5000000")
)
CAPPED = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1", strands=(HOMES,))
FIRST_COME = allocating(kompetenceloeft, g.Method.RANK_STOP, order=(BY_TIME,))
DRAWN = allocating(digitale_kompetencer, g.Method.RANK_STOP, "2022", order=(g.ByDraw(),))
RUN_BY = g.Administration(Fraction(3, 100), g.Rounding.DOWN, WORDS, ASSUMED)
WITH_ADMINISTRATION = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1", administration=RUN_BY)

SCORING = helseteknologi.scoring()
DEMANDING = g.Registry.of(
    answering(helseteknologi, scoring=evolve(SCORING, threshold=g.Threshold(Fraction(60), ASSUMED)))
).rulebook(POOL_NO, "2024-1")

MISSING_TIME = allocating(
    helseteknologi,
    g.Method.RANK_STOP,
    "2024-2",
    order=(g.ByTerm(a.submitted_at),),
    prior=helseteknologi.ALLOCATIONS["2024-2"].prior,
)
"""The second allocation has no deadline, so that a time of receipt may be missing from an eligible application."""


# Every reason


def _twenty_three() -> g.AllocationResult:
    """Twenty-one projects share all of 56.7 million, and two smaller ones come after them."""
    sizes = ["2700000.00"] * 21 + ["700000.00"] * 2
    return FIRST.allocate(in_order(FIRST, [helse(f"HDIR-24-{i:04}", size) for i, size in enumerate(sizes, start=1)]))


def _competences() -> g.AllocationResult:
    """8.8 million of 10 is gone when the last one's turn comes."""
    sizes = ["2500000.00"] * 3 + ["1300000.00", "1500000.00"]
    return RULES_2018.allocate(
        in_order(RULES_2018, [kompetence(f"SUM-2018-{i:04}", size) for i, size in enumerate(sizes, start=1)])
    )


def _intervals() -> g.AllocationResult:
    """1.4 million is what three projects cannot do without; 0.6 million is two thirds of what they ask beside it."""
    made = [
        digitale("SUM-2022-0001", "800000.00", "500000.00"),
        digitale("SUM-2022-0002", "800000.00", "500000.00"),
        digitale("SUM-2022-0003", "700000.00", "400000.00"),
    ]
    return RULES_2022.allocate(in_order(RULES_2022, made))


def _least() -> g.AllocationResult:
    """Two million is just what the three of them cannot do without."""
    sizes = {"SUM-2022-0001": "600000.00", "SUM-2022-0002": "700000.00", "SUM-2022-0003": "700000.00"}
    return RULES_2022.allocate(
        in_order(RULES_2022, [digitale(id, "900000.00", minimum) for id, minimum in sizes.items()])
    )


def _cut() -> g.AllocationResult:
    """70 million is asked of 56.7: everybody gets 81 per cent, which is too little for the last."""
    made = [
        helse("HDIR-24-0001", "40000000.00"),
        helse("HDIR-24-0002", "30000000.00"),
        helse("HDIR-24-0003", "10000000.00", "9000000.00"),
    ]
    return PROPORTIONAL.allocate(in_order(PROPORTIONAL, made))


def _skipped() -> g.AllocationResult:
    made = [
        helse("HDIR-24-0001", "50000000.00"),
        helse("HDIR-24-0002", "9000000.00"),
        helse("HDIR-24-0003", "6000000.00"),
    ]
    return SKIP.allocate(in_order(SKIP, made))


def _in_a_strand() -> g.AllocationResult:
    made = [helse(f"HDIR-24-000{i}", "3000000.00", areas=["welfare_technology"]) for i in (1, 2)]
    return CAPPED.allocate(in_order(CAPPED, [*made, helse("HDIR-24-0003", "4000000.00", areas=["medical_record"])]))


def _level() -> g.AllocationResult:
    """6.7 million is left for two level projects that want 6 million each."""
    return FIRST.allocate(
        [
            decided(FIRST, helse("HDIR-24-0001", "50000000.00"), "5"),
            decided(FIRST, helse("HDIR-24-0002", "6000000.00"), "4"),
            decided(FIRST, helse("HDIR-24-0003", "6000000.00"), "4"),
            decided(FIRST, helse("HDIR-24-0004", "500000.00"), "3"),
        ]
    )


def _short_list() -> g.AllocationResult:
    made = [helse(f"HDIR-24-000{i}", "56700000.00") for i in (1, 2, 3)]
    return SHORT_LIST.allocate(in_order(SHORT_LIST, made))


def _turned_down() -> g.AllocationResult:
    return FIRST.replace(_twenty_three(), ["HDIR-24-0004"])


def _demanding() -> g.AllocationResult:
    alone = [{"name": "Træna kommune", "kind": "municipality", "role": "lead"}]
    return DEMANDING.allocate([decided(DEMANDING, helse("HDIR-24-0001", "900000.00", organisations=alone), "2.5")])


def _nothing_left() -> g.AllocationResult:
    """Everything is the ordinary operations of one; the other can only have less than it can use."""
    operations = kompetence("SUM-2018-0001")
    operations["costs"] = [{**operations["costs"][0], "ordinary_operations": True}]
    small = kompetence("SUM-2018-0002", "2500000.00", requested_minimum="2000000.00")
    small["costs"] = [{**small["costs"][0], "amount": "4000000.00"}]
    return RULES_2018.allocate(in_order(RULES_2018, [operations, small]))


def _unfit() -> g.AllocationResult:
    return FIRST.allocate(
        [
            decided(FIRST, helse("HDIR-24-0001", "900000.00", areas=[])),
            decided(FIRST, helse("HDIR-24-0002", "900000.00", submitted_at="2024-01-16T00:00"), None),
            decided(FIRST, helse("HDIR-24-0003", "900000.00", areas=None)),
            decided(FIRST, helse("HDIR-24-0004", None)),
            decided(FIRST, helse("HDIR-24-0005", "900000.00"), None),
        ]
    )


def _without_time() -> g.AllocationResult:
    late = again("HDIR-24-0001", "900000.00", None, submitted_at=None)
    return MISSING_TIME.allocate([decided(MISSING_TIME, late)])


@frozen
class Told:
    """An application whose reason is told, its outcome, and the reason in Danish, Norwegian and English."""

    round: Callable[[], g.AllocationResult]
    application: str
    outcome: str
    da: str
    nb: str
    en: str


W = g.Why
TOLD: Mapping[g.Why, Told] = {
    W.FUNDED: Told(
        _twenty_three,
        "HDIR-24-0021",
        "awarded",
        "Placeret som nr. 21: fuldt tilskud, 2.700.000,00 kr.",
        "Rangert som nr. 21: fullt tilskudd, 2 700 000,00 kr.",
        "Ranked 21st: funded in full, 2,700,000.00 kr.",
    ),
    W.REST_OF_MONEY: Told(
        _competences,
        "SUM-2018-0005",
        "awarded_in_part",
        "Placeret som nr. 5: 1.200.000,00 kr. af højst 1.500.000,00 kr.; det var, hvad der var tilbage.",
        "Rangert som nr. 5: 1 200 000,00 kr av høyst 1 500 000,00 kr; det var det som var igjen.",
        "Ranked 5th: 1,200,000.00 kr of at most 1,500,000.00 kr, which was what was left.",
    ),
    W.WITHIN_INTERVAL: Told(
        _intervals,
        "SUM-2022-0003",
        "awarded_in_part",
        "Placeret som nr. 3: 600.000,00 kr., mellem det mindste, 400.000,00 kr., og det højeste, 700.000,00 kr.; "
        "alle er hævet lige langt.",
        "Rangert som nr. 3: 600 000,00 kr, mellom det minste, 400 000,00 kr, og det høyeste, 700 000,00 kr; "
        "alle er hevet like langt.",
        "Ranked 3rd: 600,000.00 kr, between the least, 400,000.00 kr, and the highest, 700,000.00 kr; "
        "all were raised alike.",
    ),
    W.LEAST_AWARD: Told(
        _least,
        "SUM-2022-0003",
        "awarded_in_part",
        "Placeret som nr. 3: 700.000,00 kr., det mindste, den kan få, af højst 900.000,00 kr.",
        "Rangert som nr. 3: 700 000,00 kr, det minste den kan få, av høyst 900 000,00 kr.",
        "Ranked 3rd: 700,000.00 kr, the least it can be awarded, of at most 900,000.00 kr.",
    ),
    W.PROPORTIONAL_CUT: Told(
        _cut,
        "HDIR-24-0002",
        "awarded_in_part",
        "Placeret som nr. 2: 24.300.000,00 kr. af højst 30.000.000,00 kr.; alle er nedsat med samme andel.",
        "Rangert som nr. 2: 24 300 000,00 kr av høyst 30 000 000,00 kr; alle er avkortet med samme andel.",
        "Ranked 2nd: 24,300,000.00 kr of at most 30,000,000.00 kr; all were cut by the same share.",
    ),
    W.FROM_RESERVE: Told(
        _turned_down,
        "HDIR-24-0022",
        "awarded",
        "Placeret som nr. 22: 700.000,00 kr., af midler, der er blevet frigjort.",
        "Rangert som nr. 22: 700 000,00 kr, av midler som er blitt ledige.",
        "Ranked 22nd: 700,000.00 kr, from money that has become free.",
    ),
    W.MONEY_ENDED: Told(
        _twenty_three,
        "HDIR-24-0023",
        "reserve",
        "Placeret som nr. 23; pengene slap op ved nr. 21; "
        "1.400.000,00 kr. mere at fordele ville have givet den 700.000,00 kr.",
        "Rangert som nr. 23; pengene tok slutt ved nr. 21; "
        "1 400 000,00 kr mer å fordele ville ha gitt den 700 000,00 kr.",
        "Ranked 23rd; the money ended at the 21st; "
        "1,400,000.00 kr more to share out would have funded it with 700,000.00 kr.",
    ),
    W.DOES_NOT_FIT: Told(
        _skipped,
        "HDIR-24-0002",
        "reserve",
        "Placeret som nr. 2; 6.700.000,00 kr. var tilbage, da turen kom til den, og den skulle bruge 9.000.000,00 kr.",
        "Rangert som nr. 2; 6 700 000,00 kr var igjen da turen kom til den, og den trengte 9 000 000,00 kr.",
        "Ranked 2nd; 6,700,000.00 kr was left when its turn came, and it needed 9,000,000.00 kr.",
    ),
    W.STRAND_FULL: Told(
        _in_a_strand,
        "HDIR-24-0002",
        "reserve",
        "Placeret som nr. 2; delpuljens loft levnede 2.000.000,00 kr., og den skulle bruge 3.000.000,00 kr. "
        "[allocation.homes].",
        "Rangert som nr. 2; delordningens tak levnet 2 000 000,00 kr, og den trengte 3 000 000,00 kr "
        "[allocation.homes].",
        "Ranked 2nd; the ceiling of its strand left 2,000,000.00 kr, and it needed 3,000,000.00 kr [allocation.homes].",
    ),
    W.SHARE_TOO_SMALL: Told(
        _cut,
        "HDIR-24-0003",
        "reserve",
        "Placeret som nr. 3; den forholdsmæssige andel ville være mindre end det mindste, den kan få, 9.000.000,00 kr.",
        "Rangert som nr. 3; den forholdsmessige andelen ville være mindre enn det minste den kan få, 9 000 000,00 kr.",
        "Ranked 3rd; its proportional share would be less than the least it can be awarded, 9,000,000.00 kr.",
    ),
    W.AFTER_TIE: Told(
        _level,
        "HDIR-24-0004",
        "reserve",
        "Placeret som nr. 4; pengene slap op mellem ansøgninger, der står lige, "
        "og som en sagsbehandler skal vælge mellem.",
        "Rangert som nr. 4; pengene tok slutt mellom søknader som står likt, og som en saksbehandler må velge mellom.",
        "Ranked 4th; the money ended among level applications, between which a person decides.",
    ),
    W.TIED: Told(
        _level,
        "HDIR-24-0003",
        "undetermined",
        "Placeret som nr. 2, lige med andre netop dér, hvor pengene slipper op; en sagsbehandler afgør det.",
        "Rangert som nr. 2, likt med andre akkurat der pengene tar slutt; en saksbehandler avgjør det.",
        "Ranked 2nd, level with others just where the money ends; a person decides.",
    ),
    W.NO_RESERVE_PLACE: Told(
        _short_list,
        "HDIR-24-0003",
        "declined",
        "Placeret som nr. 3; der var ikke penge nok til den, og reservelisten er fuld.",
        "Rangert som nr. 3; det var ikke nok penger til den, og reservelisten er full.",
        "Ranked 3rd; there was not enough money for it, and the reserve list is full.",
    ),
    W.NO_GRANT: Told(
        _nothing_left,
        "SUM-2018-0001",
        "declined",
        "Det højest mulige tilskud er 0 kr.",
        "Det høyest mulige tilskuddet er 0 kr.",
        "The highest grant possible is zero.",
    ),
    W.BELOW_LEAST: Told(
        _nothing_left,
        "SUM-2018-0002",
        "declined",
        "Det højest mulige tilskud, 1.500.000,00 kr., er mindre end det mindste, den kan få, 2.000.000,00 kr.",
        "Det høyest mulige tilskuddet, 1 500 000,00 kr, er mindre enn det minste den kan få, 2 000 000,00 kr.",
        "The highest grant possible, 1,500,000.00 kr, is less than the least it can be awarded, 2,000,000.00 kr.",
    ),
    W.BELOW_THRESHOLD: Told(
        _demanding,
        "HDIR-24-0001",
        "declined",
        "Vurderingen 37,5 er under tærsklen på 60 [score.threshold].",
        "Vurderingen 37,5 er under terskelen på 60 [score.threshold].",
        "The score 37.5 is below the threshold of 60 [score.threshold].",
    ),
    W.WITHDRAWN: Told(
        _turned_down,
        "HDIR-24-0004",
        "declined",
        "Ansøgeren har takket nej til tilsagnet.",
        "Søkeren har takket nei til tilsagnet.",
        "The applicant turned the award down.",
    ),
    W.INELIGIBLE: Told(
        _unfit,
        "HDIR-24-0001",
        "ineligible",
        "Ansøgningen opfylder ikke kravene for at opnå tilskud (eligibility.area).",
        "Søknaden oppfyller ikke kravene for å få tilskudd (eligibility.area).",
        "The application does not meet the requirements for a grant (eligibility.area).",
    ),
    W.DISMISSED: Told(
        _unfit,
        "HDIR-24-0002",
        "dismissed",
        "Ansøgningen opfylder ikke formkravene (formal.deadline).",
        "Søknaden oppfyller ikke formkravene (formal.deadline).",
        "The application does not meet the formal requirements (formal.deadline).",
    ),
    W.UNDETERMINED: Told(
        _unfit,
        "HDIR-24-0003",
        "undetermined",
        "Der mangler oplysninger eller et skøn, før det kan afgøres, om kravene er opfyldt (eligibility.area).",
        "Det mangler opplysninger eller et skjønn før det kan avgjøres om kravene er oppfylt (eligibility.area).",
        "Facts or judgements are missing before it can be said whether the requirements are met (eligibility.area).",
    ),
    W.GRANT_UNDETERMINED: Told(
        _unfit,
        "HDIR-24-0004",
        "undetermined",
        "Det højest mulige tilskud kan ikke fastsættes endnu.",
        "Det høyest mulige tilskuddet kan ikke fastsettes ennå.",
        "The highest grant possible is not determined yet.",
    ),
    W.NOT_ASSESSED: Told(
        _unfit,
        "HDIR-24-0005",
        "undetermined",
        "Ansøgningen er ikke vurderet på alle kriterier.",
        "Søknaden er ikke vurdert på alle kriterier.",
        "The application is not assessed on every criterion.",
    ),
    W.FACTS_MISSING: Told(
        _without_time,
        "HDIR-24-0001",
        "undetermined",
        "Der mangler oplysninger, før den kan placeres: …",
        "Det mangler opplysninger før den kan rangeres: …",
        "Facts are missing before it can be placed: …",
    ),
}
"""Sentences that end in `…` go on with what is missing."""


EVERY_ROUND = pytest.mark.parametrize("round", dict.fromkeys(told.round for told in TOLD.values()))


@pytest.mark.parametrize("why", TOLD, ids=lambda why: why.value)
def test_every_reason_is_told_in_three_languages(why: g.Why) -> None:
    """An outcome carries its code and its sentence, as a case officer would send it, in every language."""
    told = TOLD[why]
    made = told.round()
    award = made.award(told.application)
    assert (award.reason, award.outcome.value) == (why, told.outcome)
    for sentence, expected in zip(said(made, told.application), (told.da, told.nb, told.en), strict=True):
        if expected.endswith("…"):
            assert sentence.startswith(expected[:-1])
            assert sentence.endswith(".")
        else:
            assert sentence == expected


def test_no_reason_and_no_outcome_is_left_out() -> None:
    """Every reason that there is, and every outcome, is told above by an example."""
    assert set(TOLD) == set(g.Why)
    assert {told.outcome for told in TOLD.values()} == {outcome.value for outcome in g.AwardOutcome}


@EVERY_ROUND
def test_every_application_is_listed_and_the_sums_add_up(round: Callable[[], g.AllocationResult]) -> None:
    """Awards, remainder and administration are the budget, and each award is between its least and its highest."""
    made = round()
    assert sum((award.amount for award in made.awards), Decimal(0)) == made.awarded
    assert made.awarded + made.remainder + made.administration == made.budget
    for award in made.awards:
        assert award.funded == bool(award.amount)
        if award.funded:
            assert award.least is not None
            assert award.highest is not None
            assert award.least <= award.amount <= award.highest


@EVERY_ROUND
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_text_is_clean(round: Callable[[], g.AllocationResult], language: g.values.Language) -> None:
    """No full stop is set twice, nothing is left unfilled, and every row has its reason."""
    made = round()
    for markdown in (False, True):
        text = made.explain(language, markdown=markdown)
        for spoilt in ("kr..", "{", "}", "None", "Decimal", "Fraction", "?"):
            assert spoilt not in text
        running = " ".join(text.replace("\\", "").split())
        for award in made.awards:
            reason = made.reason(award.application, language)
            assert " ".join(reason.split()) in running
            assert reason[0].isupper() or reason[0].isdigit()
            assert reason.endswith(".")


# English ordinals


@cache
def _many() -> g.AllocationResult:
    """121 projects of 700,000 kr; there is money for 81 of them."""
    return FIRST.allocate(in_order(FIRST, [helse(f"HDIR-24-{i:04}", "700000.00") for i in range(1, 122)]))


@pytest.mark.parametrize(
    ("rank", "ordinal"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th")),
        *((14, "14th"), (20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (24, "24th"), (81, "81st")),
        *((100, "100th"), (101, "101st"), (102, "102nd"), (103, "103rd"), (104, "104th"), (110, "110th")),
        *((111, "111th"), (112, "112th"), (113, "113th"), (114, "114th"), (120, "120th"), (121, "121st")),
    ],
)
def test_english_ordinals(rank: int, ordinal: str) -> None:
    """Ranks are written as English writes them, the teens of every hundred among them."""
    da, nb, en = said(_many(), f"HDIR-24-{rank:04}")
    assert en.startswith(f"Ranked {ordinal}{':' if rank <= 81 else '; the money ended at the 81st;'} ")
    assert da.startswith(f"Placeret som nr. {rank}{':' if rank <= 81 else '; pengene slap op ved nr. 81;'} ")
    assert nb.startswith(f"Rangert som nr. {rank}{':' if rank <= 81 else '; pengene tok slutt ved nr. 81;'} ")


@pytest.mark.parametrize("rank", [82, 101, 121])
def test_with_that_much_more_it_would_have_been_funded(rank: int) -> None:
    """The sum that a reason names would have funded that application in full; an øre less would not."""
    made = _many()
    decisions = in_order(FIRST, [helse(f"HDIR-24-{i:04}", "700000.00") for i in range(1, 122)])
    id = f"HDIR-24-{rank:04}"
    more = made.award(id).figures["more"]
    assert more == (rank - 81) * g.kr("700000")
    assert FIRST.allocate(decisions, budget=made.budget + more).award(id).reason is W.FUNDED
    assert FIRST.allocate(decisions, budget=made.budget + more - g.kr("0.01")).award(id).reason is not W.FUNDED


# Who comes first


def test_first_come_first_served() -> None:
    """By the time of receipt the earliest goes first, whatever it is rated and in whatever zone the time is written."""
    times = {
        "SUM-2018-0001": ("2018-09-28T09:00", "5"),
        "SUM-2018-0002": ("2018-09-27T09:00", "1"),
        "SUM-2018-0003": ("2018-09-27T06:59:59Z", "2"),
        "SUM-2018-0004": ("2018-09-30T23:59:59.999999", "5"),
        "SUM-2018-0005": ("2018-10-01T12:00", "5"),
    }
    made = FIRST_COME.allocate(
        [decided(FIRST_COME, kompetence(id, submitted_at=time), rating) for id, (time, rating) in times.items()]
    )
    order = ["SUM-2018-0003", "SUM-2018-0002", "SUM-2018-0001", "SUM-2018-0004", "SUM-2018-0005"]
    assert [award.application for award in made.awards] == order
    assert [award.rank for award in made.awards] == [1, 2, 3, 4, 5]
    assert list(amounts(made)) == order[:4]
    assert made.reserve == ("SUM-2018-0005",)


def test_two_received_at_one_moment_are_level() -> None:
    """The same moment, written in two zones, parts nobody; a second step of the order does."""
    moments = {"SUM-2018-0001": "2018-09-27T10:15", "SUM-2018-0002": "2018-09-27T08:15:00Z"}
    earlier = [kompetence(f"SUM-2018-001{i}", submitted_at="2018-09-01T12:00", requested="2500000.00") for i in (1, 2)]
    third = kompetence("SUM-2018-0013", "2000000.00", submitted_at="2018-09-01T12:00")
    level = [kompetence(id, submitted_at=moment) for id, moment in moments.items()]
    ratings = ("3", "3", "3", "2", "4")

    def made(rules: g.Rulebook) -> g.AllocationResult:
        pairs = zip([*earlier, third, *level], ratings, strict=True)
        return rules.allocate([decided(rules, data, rating) for data, rating in pairs])

    by_time = made(FIRST_COME)
    (tie,) = by_time.ties
    assert (tie.rank, tie.applications) == (4, ("SUM-2018-0001", "SUM-2018-0002"))
    assert (tie.left, tie.needed) == (g.kr("3000000"), g.kr("5000000"))
    then_by_score = allocating(kompetenceloeft, g.Method.RANK_STOP, order=(BY_TIME, g.ByScore()))
    parted = made(then_by_score)
    assert parted.ties == ()
    assert parted.award("SUM-2018-0002").rank == 4
    assert parted.award("SUM-2018-0001").rank == 5


def test_the_latest_or_the_largest_can_come_first() -> None:
    """`highest_first` turns the order of a value round."""
    largest = g.ByTerm(a.requested, highest_first=True)
    made = [helse("HDIR-24-0001", "40000000.00"), helse("HDIR-24-0002", "50000000.00")]
    down = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1", order=(largest,))
    up = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1", order=(evolve(largest, highest_first=False),))
    assert list(amounts(down.allocate([decided(down, data) for data in made]))) == ["HDIR-24-0002"]
    assert list(amounts(up.allocate([decided(up, data) for data in made]))) == ["HDIR-24-0001"]


def test_a_time_that_is_missing_keeps_an_application_unplaced() -> None:
    """Where the order goes by a fact that is missing, the application is put neither first nor last: it waits."""
    made = MISSING_TIME.allocate(
        [
            decided(MISSING_TIME, again("HDIR-24-0001", "900000.00", None, submitted_at=None)),
            decided(MISSING_TIME, again("HDIR-24-0002", "900000.00", None)),
        ]
    )
    award = made.award("HDIR-24-0001")
    assert (award.reason, award.rank, award.missing) == (W.FACTS_MISSING, None, ("submitted_at",))
    assert amounts(made) == {"HDIR-24-0002": "900000.00"}


LOTS = {"da": "Lodtrækning", "nb": "Loddtrekning", "en": "Lots drawn"}


def test_lots_can_be_drawn_again() -> None:
    """The seed is published with the result; the same seed draws the same order, whatever the scores and the input."""
    made = [decided(DRAWN, digitale(f"SUM-2022-{i:04}", "600000.00"), str(i % 6)) for i in range(12)]
    one = DRAWN.allocate(made, seed="2022-09-16 12:00 Sundhedsministeriet")
    two = DRAWN.allocate(reversed(made), seed="2022-09-16 12:00 Sundhedsministeriet")
    assert one == two
    assert one.seed == "2022-09-16 12:00 Sundhedsministeriet"
    assert one.to_dict()["seed"] == one.seed
    assert len(amounts(one)) == 3
    orders = {tuple(award.application for award in DRAWN.allocate(made, seed=str(i)).awards) for i in range(5)}
    assert len(orders) == 5
    for language in LANGUAGES:
        text = " ".join(one.explain(language).split())
        assert LOTS[language] in text
        assert "2022-09-16 12:00 Sundhedsministeriet" in text


# Level applications


def test_level_applications_are_no_tie_where_all_of_them_fit() -> None:
    """A tie matters only where the money ends inside it; level applications share a rank, and the next one skips."""
    ratings = ("5", "4", "4", "4", "3")
    made = FIRST.allocate(
        [decided(FIRST, helse(f"HDIR-24-000{i}", "1000000.00"), rating) for i, rating in enumerate(ratings)]
    )
    assert made.ties == ()
    assert [award.rank for award in made.awards] == [1, 2, 2, 2, 5]
    assert [award.application for award in made.awards[1:4]] == ["HDIR-24-0001", "HDIR-24-0002", "HDIR-24-0003"]
    assert len(amounts(made)) == 5


def test_the_money_waits_for_a_tie() -> None:
    """Of two level projects one would fit: neither is funded, nor anybody after them, until a person decides."""
    made = _level()
    (tie,) = made.ties
    assert tie.applications == ("HDIR-24-0002", "HDIR-24-0003")
    assert (tie.rank, tie.left, tie.needed) == (2, g.kr("6700000"), g.kr("12000000"))
    assert amounts(made) == {"HDIR-24-0001": "50000000.00"}
    assert made.remainder == g.kr("6700000")
    assert made.reserve == ("HDIR-24-0004",)
    text = " ".join(made.explain("en").split())
    assert (
        "Rank 2: HDIR-24-0002, HDIR-24-0003. There is 6,700,000.00 kr; together they need 12,000,000.00 kr. "
        "A person decides their order." in text
    )


def _level_decisions() -> list[g.Decision]:
    sizes = {"HDIR-24-0001": ("50000000.00", "5"), "HDIR-24-0002": ("6000000.00", "4")}
    sizes |= {"HDIR-24-0003": ("6000000.00", "4"), "HDIR-24-0004": ("500000.00", "3")}
    return [decided(FIRST, helse(id, size), rating) for id, (size, rating) in sizes.items()]


SETTLED = g.Settled(
    ["HDIR-24-0003", "HDIR-24-0002"], "Avdelingsdirektør Aasen", "Loddtrekning 9. februar i vitners nærvær."
)


def test_a_person_settles_a_tie() -> None:
    """The order a person gives holds for level applications, and who gave it and why is kept and told."""
    made = FIRST.allocate(_level_decisions(), settled=SETTLED)
    assert made.ties == ()
    assert amounts(made) == {
        "HDIR-24-0001": "50000000.00",
        "HDIR-24-0003": "6000000.00",
        "HDIR-24-0002": "700000.00",
    }
    assert made.award("HDIR-24-0003").rank == 2
    assert made.award("HDIR-24-0002").rank == 3
    assert made.allotment.settled == SETTLED
    assert made.to_dict()["settled"] == {
        "order": ["HDIR-24-0003", "HDIR-24-0002"],
        "by": "Avdelingsdirektør Aasen",
        "reason": "Loddtrekning 9. februar i vitners nærvær.",
    }
    text = " ".join(made.explain("nb").split())
    assert (
        "Avdelingsdirektør Aasen har avgjort rekkefølgen der søknader står likt (HDIR-24-0003, HDIR-24-0002): "
        "Loddtrekning 9. februar i vitners nærvær." in text
    )


def test_a_settled_order_moves_nobody_past_a_better_one() -> None:
    """An order that names applications that are level with nobody is refused: there is nothing to settle."""
    order = ["HDIR-24-0004", "HDIR-24-0003", "HDIR-24-0001", "HDIR-24-0002"]
    with pytest.raises(g.InputError) as caught:
        FIRST.allocate(_level_decisions(), settled=g.Settled(order, "Aasen", "Etter vurdering."))
    assert [problem.message for problem in caught.value.problems] == [
        "`HDIR-24-0004` is level with nobody",
        "`HDIR-24-0001` is level with nobody",
    ]


def test_an_order_of_some_puts_them_before_the_others() -> None:
    """Whom a person names first goes before those left unnamed, who stay level with each other."""
    decisions = [decided(STOP, helse(f"HDIR-24-000{i}", "25000000.00")) for i in range(1, 5)]
    made = STOP.allocate(decisions, settled=g.Settled(["HDIR-24-0003"], "Aasen", "Størst nytte."))
    assert amounts(made) == {"HDIR-24-0003": "25000000.00"}
    (tie,) = made.ties
    assert (tie.rank, tie.applications) == (2, ("HDIR-24-0001", "HDIR-24-0002", "HDIR-24-0004"))


def test_all_of_them_level() -> None:
    """A round in which everybody is rated the same is one tie over all the money, or none if it suffices."""
    decisions = [decided(RULES_2018, kompetence(f"SUM-2018-{i:04}")) for i in range(6)]
    made = RULES_2018.allocate(decisions)
    (tie,) = made.ties
    assert (tie.rank, len(tie.applications), tie.left) == (1, 6, g.kr("10000000"))
    assert set(outcomes(made).values()) == {"undetermined"}
    assert made.awarded == 0
    assert RULES_2018.allocate(decisions[:4]).ties == ()


@pytest.mark.parametrize(
    "rules", [FIRST, STOP, SKIP, PROPORTIONAL], ids=lambda rules: rules.rules.allocation.method.name
)
def test_the_order_of_the_decisions_does_not_matter(rules: g.Rulebook) -> None:
    """However the decisions are handed over, the result is the same to the last word."""
    decisions = [decided(rules, helse(f"HDIR-24-{i:04}", f"{6 + i}000000.00"), str(5 - i // 3)) for i in range(9)]
    made = rules.allocate(decisions)
    for other in (decisions[::-1], decisions[4:] + decisions[:4], decisions[::2] + decisions[1::2]):
        assert rules.allocate(other).to_dict() == made.to_dict()


# The last one in part


@pytest.mark.parametrize(
    ("before", "amount"),
    [("1500000.00", "1000000.00"), ("1500000.01", None), ("1400000.00", "1100000.00"), ("1000000.00", "1500000.00")],
)
def test_a_part_is_never_below_the_floor_of_the_pool(before: str, amount: str | None) -> None:
    """The pool of 2018 grants no less than a million: what is left goes to the last as a part, or stays."""
    sizes = ["2500000.00"] * 3 + [before, "1500000.00"]
    made = RULES_2018.allocate(
        in_order(RULES_2018, [kompetence(f"SUM-2018-{i:04}", size) for i, size in enumerate(sizes, start=1)])
    )
    last = made.award("SUM-2018-0005")
    assert str(last.amount) == (amount or "0.00")
    assert last.least == g.kr("1000000")
    assert last.reason is (W.MONEY_ENDED if amount is None else W.FUNDED if amount == "1500000.00" else W.REST_OF_MONEY)


@pytest.mark.parametrize(("minimum", "amount"), [("700000.00", "700000.00"), ("700000.01", None), (None, "700000.00")])
def test_a_part_is_never_below_what_the_applicant_can_use(minimum: str | None, amount: str | None) -> None:
    """700,000 kr is left: enough for whoever can do with it, and no money at all for whoever needs an øre more."""
    made = FIRST.allocate(
        in_order(FIRST, [helse("HDIR-24-0001", "56000000.00"), helse("HDIR-24-0002", "2000000.00", minimum)])
    )
    assert amounts(made).get("HDIR-24-0002") == amount


@pytest.mark.parametrize(
    ("minimum", "least", "amount"),
    [("1000000.00", "600000.00", "600000.00"), ("1000000.01", "600000.01", None), ("300000.00", "0.01", "600000.00")],
)
def test_what_was_awarded_before_counts_towards_the_minimum(minimum: str, least: str, amount: str | None) -> None:
    """A project that has 400,000 kr and can use a million in all is helped by 600,000 kr, and not by an øre less."""
    made = SECOND.allocate(
        in_order(
            SECOND,
            [
                again("HDIR-24-0001", "13900000.00", None),
                again("HDIR-24-0002", "1900000.00", "400000.00", minimum),
            ],
        )
    )
    award = made.award("HDIR-24-0002")
    assert (str(award.least), award.highest) == (least, g.kr("1500000"))
    assert amounts(made).get("HDIR-24-0002") == amount


def test_nobody_after_the_last_part_is_funded() -> None:
    """What stops one application stops all after it, however little they ask for."""
    made = RULES_2018.allocate(
        in_order(
            RULES_2018,
            [kompetence(f"SUM-2018-{i:04}") for i in range(3)]
            + [
                kompetence("SUM-2018-0003", "1800000.00"),
                kompetence("SUM-2018-0004", "1500000.00", requested_minimum="900000.00"),
            ]
            + [kompetence("SUM-2018-0005", "1000000.00")],
        )
    )
    assert made.remainder == g.kr("700000")
    assert made.reserve == ("SUM-2018-0004", "SUM-2018-0005")


# Co-financing


def demand(base: g.Base, rate: Fraction, rounding: g.Rounding = g.Rounding.UP) -> g.CoFinancing:
    """A demand for co-financing on one of the bases."""
    id = f"allocation.{base.name.lower().replace('_', '-')}"
    return g.CoFinancing(id, rate, base, g.own_financing(a), rounding, WORDS, ASSUMED)


DEMANDS = (
    demand(g.Base.REQUEST, Fraction(1, 2)),
    demand(g.Base.AWARD, Fraction(1, 3)),
    demand(g.Base.ELIGIBLE_COSTS, Fraction(1, 4)),
)
SHARED = allocating(helseteknologi, g.Method.RANK_PARTIAL_LAST, "2024-1", co_financing=DEMANDS)
LINE = {"id": "k1", "category": "opplæring", "amount": "1600000.00", "vat": "400000.00"}
OWN = [{"source": "own", "form": "cash", "amount": "500000.00"}]


def _co_financed(before: str, **facts: Any) -> g.Award:
    """A project that applies for 1.5 million after one of another size."""
    last = helse("HDIR-24-0002", "1500000.00", **{"costs": [LINE], "funding": OWN, **facts})
    return SHARED.allocate(in_order(SHARED, [helse("HDIR-24-0001", before), last])).award("HDIR-24-0002")


@pytest.mark.parametrize(
    ("before", "award", "required"),
    [
        ("1000000.00", "1500000.00", ("750000.00", "500000.00", "500000.00")),
        ("55700000.00", "1000000.00", ("750000.00", "333333.34", "500000.00")),
        ("56699999.00", "1.00", ("750000.00", "0.34", "500000.00")),
        ("56700000.00", "0.00", ()),
    ],
)
def test_co_financing_is_worked_out_on_the_base_that_the_rule_names(
    before: str, award: str, required: tuple[str, ...]
) -> None:
    """When an award is cut, a demand on the award falls with it; one on the request or on the costs does not."""
    made = _co_financed(before)
    assert str(made.amount) == award
    assert tuple(str(found.required) for found in made.co_financing) == required
    assert [found.base for found in made.co_financing] == [demand.base for demand in DEMANDS][: len(required)]
    for found in made.co_financing:
        assert found.required is not None
        assert found.stated == g.kr("500000")
        assert found.margin == g.kr("500000") - found.required


def test_co_financing_on_a_base_that_is_missing_is_not_guessed() -> None:
    """Where costs or funding are not stated, a demand on them has no amount and no margin; the award stands."""
    made = _co_financed("1000000.00", costs=None, funding=None)
    assert made.reason is W.FUNDED
    by_base = {found.base: found for found in made.co_financing}
    assert by_base[g.Base.ELIGIBLE_COSTS].required is None
    assert by_base[g.Base.REQUEST].required == g.kr("750000")
    assert {found.stated for found in made.co_financing} == {None}
    assert {found.margin for found in made.co_financing} == {None}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", "Kræver medfinansiering på 333.333,34 kr.; oplyst 500.000,00 kr. [allocation.award]"),
        ("nb", "Krever medfinansiering på 333 333,34 kr; oppgitt 500 000,00 kr. [allocation.award]"),
        ("en", "Demands co-financing of 333,333.34 kr; stated 500,000.00 kr. [allocation.award]"),
    ],
)
def test_the_text_tells_what_an_award_demands(language: g.values.Language, words: str) -> None:
    """Below the reason stands what the award demands in co-financing, and what the application states."""
    last = helse("HDIR-24-0002", "1500000.00", costs=[LINE], funding=OWN)
    made = SHARED.allocate(in_order(SHARED, [helse("HDIR-24-0001", "55700000.00"), last]))
    assert words in " ".join(made.explain(language).split())


def test_matching_in_2018_does_not_fall_with_the_award() -> None:
    """The call measures own financing by the amount applied for, so a part of an award demands all of it."""
    award = _competences().award("SUM-2018-0005")
    (found,) = award.co_financing
    assert (found.id, found.required, found.margin) == ("allocation.matching", g.kr("1500000"), g.kr("0"))
    assert award.amount == g.kr("1200000")


# The second allocation of 2024

APPLIED = {"HDIR-24-0001": "2400000.00", "HDIR-24-0002": "1500000.00", "HDIR-24-0003": "54000000.00"}
APPLIED |= {"HDIR-24-0004": "900000.00", "HDIR-24-0005": "700000.00"}


def _first() -> g.AllocationResult:
    """Three of five are funded in the first allocation, the third of them in part."""
    return FIRST.allocate(in_order(FIRST, [helse(id, size) for id, size in APPLIED.items()]))


def _second() -> list[g.Decision]:
    """The same applications half a year later; each states what it was awarded."""
    before = amounts(_first())
    return in_order(SECOND, [again(id, size, before.get(id)) for id, size in APPLIED.items()])


def test_new_and_topped_up_projects_are_reported_apart() -> None:
    """Who had an award before gets at most the rest of what it applied for; others get all of it."""
    assert amounts(_first()) == {
        "HDIR-24-0001": "2400000.00",
        "HDIR-24-0002": "1500000.00",
        "HDIR-24-0003": "52800000.00",
    }
    made = SECOND.allocate(_second(), prior=_first())
    assert amounts(made) == {"HDIR-24-0003": "1200000.00", "HDIR-24-0004": "900000.00", "HDIR-24-0005": "700000.00"}
    new, topped_up = made.groups
    assert (new.id, new.applications, new.awarded) == ("new", ("HDIR-24-0004", "HDIR-24-0005"), g.kr("1600000"))
    assert (topped_up.id, topped_up.applications, topped_up.awarded) == (
        "topped-up",
        ("HDIR-24-0003",),
        g.kr("1200000"),
    )
    assert made.award("HDIR-24-0003").prior == g.kr("52800000")
    assert made.award("HDIR-24-0004").prior == 0
    assert made.award("HDIR-24-0001").reason is W.INELIGIBLE


def test_the_money_that_was_moved_is_named() -> None:
    """The second allocation names the appropriation its money was moved from, and says that it was moved."""
    made = SECOND.allocate(_second())
    (funds,) = made.allotment.funds
    assert (funds.amount, funds.transferred) == (g.kr("14500000"), True)
    text = " ".join(made.explain("en").split())
    assert "under-spend of the national welfare technology programme (moved from another appropriation)" in text
    assert SECOND.allocate(_second(), budget=g.kr("9000000")).allotment.funds == ()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "da",
            ("Nye projekter: 2, i alt 1.600.000,00 kr.", "Projekter, der får mere end før: 1, i alt 1.200.000,00 kr."),
        ),
        (
            "nb",
            ("Nye prosjekter: 2, i alt 1 600 000,00 kr", "Prosjekter som får mer enn før: 1, i alt 1 200 000,00 kr"),
        ),
        ("en", ("New projects: 2, 1,600,000.00 kr in all", "Projects topped up: 1, 1,200,000.00 kr in all")),
    ],
)
def test_the_groups_are_told(language: g.values.Language, words: tuple[str, str]) -> None:
    """The text counts new and topped-up projects and adds up what each group gets."""
    text = " ".join(SECOND.allocate(_second()).explain(language).split())
    assert all(said in text for said in words)


def test_earlier_awards_are_held_against_what_applications_state() -> None:
    """Earlier awards may be left out, given by case number, or given as the earlier allocation; nothing changes."""
    alone = SECOND.allocate(_second())
    by_number = {id: Decimal(amount) for id, amount in amounts(_first()).items()}
    assert SECOND.allocate(_second(), prior=by_number) == alone
    assert SECOND.allocate(_second(), prior=_first()) == alone
    assert SECOND.allocate(_second(), prior=FIRST.read_allocation(_first().to_dict())) == alone
    with_zero = {**by_number, "HDIR-24-0004": g.kr("0")}
    assert SECOND.allocate(_second(), prior=with_zero) == alone


# Odd rounds


@pytest.mark.parametrize("rules", [RULES_2018, RULES_2022, FIRST, SECOND, DRAWN], ids=lambda rules: rules.rules.name)
def test_a_round_without_applications(rules: g.Rulebook) -> None:
    """Nothing is awarded, everything remains, and the text says that there are no applications."""
    made = rules.allocate([], seed="lod" if rules is DRAWN else None)
    assert (made.awards, made.reserve, made.ties, made.awarded) == ((), (), (), g.kr(0))
    assert made.remainder == made.budget == rules.round.budget
    assert "There are no applications." in made.explain("en")
    assert "Der er ingen ansøgninger." in made.explain("da")
    assert "Det er ingen søknader." in made.explain("nb")


def test_a_budget_smaller_than_every_minimum() -> None:
    """Nobody can use what there is, nothing is awarded, and the sentence does not name a last one that was funded."""
    decisions = [decided(RULES_2018, kompetence(f"SUM-2018-{i:04}", "1200000.00"), str(5 - i)) for i in range(3)]
    made = RULES_2018.allocate(decisions, budget=g.kr("999999.99"))
    assert made.awarded == 0
    assert made.reserve == ("SUM-2018-0000", "SUM-2018-0001", "SUM-2018-0002")
    sentences = said(made, "SUM-2018-0000")
    assert sentences[0].endswith("; 200.000,01 kr. mere at fordele ville have givet den 1.200.000,00 kr.")
    assert sentences[1].endswith("; 200 000,01 kr mer å fordele ville ha gitt den 1 200 000,00 kr.")
    assert sentences[2].endswith("; 200,000.01 kr more to share out would have funded it with 1,200,000.00 kr.")
    assert not any(words in sentence for sentence in sentences for words in ("ved nr.", "at the"))


def test_a_budget_of_nothing() -> None:
    """With nothing to share out nobody is funded, and level applications are no tie that a person could settle."""
    made = FIRST.allocate(_level_decisions(), budget=g.kr("0"))
    assert (made.awarded, made.remainder, made.ties) == (g.kr(0), g.kr(0), ())
    assert set(outcomes(made).values()) == {"reserve"}


def test_administration_is_taken_off_first() -> None:
    """A share of the budget is not shared out; awards, remainder and administration are the budget."""
    made = WITH_ADMINISTRATION.allocate(
        in_order(WITH_ADMINISTRATION, [helse("HDIR-24-0001", "54999000.00"), helse("HDIR-24-0002", "500000.00")])
    )
    assert made.administration == g.kr("1701000")
    assert (made.awarded, made.remainder) == (g.kr("54999000"), g.kr("0"))
    assert made.award("HDIR-24-0002").figures["more"] == g.kr("500000")
    assert "Administrasjon: 1 701 000,00 kr" in made.explain("nb").replace("\u00a0", " ")


def test_half_an_assessment_is_none() -> None:
    """An application that lacks a rating is not assessed: it is neither ranked as if the rating were zero nor lost."""
    data = helse("HDIR-24-0001", "900000.00")
    given = assessed(FIRST, data, "5")
    half = {**given, "ratings": {"benefit": "5", "leadership": "5"}}
    other = decided(FIRST, helse("HDIR-24-0002", "900000.00"), "0")
    made = FIRST.allocate([FIRST.decide(FIRST.read_application(data), [FIRST.read_assessment(half)]), other])
    assert (made.award("HDIR-24-0001").reason, made.award("HDIR-24-0001").rank) == (W.NOT_ASSESSED, None)
    assert (made.award("HDIR-24-0002").reason, made.award("HDIR-24-0002").rank) == (W.FUNDED, 1)


# Wrong input


def _wrong() -> list[tuple[str, Callable[[], Any], list[tuple[str, str]]]]:
    one, two = (decided(FIRST, helse(f"HDIR-24-000{i}", "900000.00")) for i in (1, 2))
    nameless = decided(FIRST, helse(None, "900000.00"))
    other_round = decided(SECOND, again("HDIR-24-0003", "900000.00", None))
    other_pool = decided(RULES_2018, kompetence("SUM-2018-0001"))
    other_rules = decided(FIRST.with_values(budget=g.kr("9000000")), helse("HDIR-24-0004", "900000.00"))
    drawn = [decided(DRAWN, digitale("SUM-2022-0001", "600000.00"))]
    funded = decided(SECOND, again("HDIR-24-0001", "900000.00", "400000.00"))
    new = decided(SECOND, again("HDIR-24-0002", "900000.00", None))
    S = g.Settled
    return [
        ("two decisions", lambda: FIRST.allocate([one, two, one]), [("decision on HDIR-24-0001", "two-decisions")]),
        ("no id", lambda: FIRST.allocate([one, nameless, two]), [("decision 2", "no-id")]),
        ("other round", lambda: FIRST.allocate([other_round]), [("decision on HDIR-24-0003", "other-round")]),
        ("other pool", lambda: FIRST.allocate([other_pool]), [("decision on SUM-2018-0001", "other-round")]),
        ("other rules", lambda: FIRST.allocate([other_rules]), [("decision on HDIR-24-0004", "other-rules")]),
        ("no seed", lambda: DRAWN.allocate(drawn), [("seed", "no-seed")]),
        ("empty seed", lambda: DRAWN.allocate(drawn, seed=""), [("seed", "no-seed")]),
        ("seed not wanted", lambda: FIRST.allocate([one], seed="7"), [("seed", "no-draw")]),
        (
            "settled",
            lambda: FIRST.allocate([one, two], settled=S(["HDIR-24-0002", "HDIR-24-0009", "HDIR-24-0002"], " ", "")),
            [
                ("settled.by", "not-stated"),
                ("settled.reason", "not-stated"),
                ("settled.order", "twice"),
                ("settled.order", "unknown-application"),
            ],
        ),
        ("prior not wanted", lambda: FIRST.allocate([one], prior={"HDIR-24-0001": g.kr(1)}), [("prior", "no-prior")]),
        (
            "prior",
            lambda: SECOND.allocate([funded, new], prior={"HDIR-24-0001": g.kr(500000), "HDIR-24-0007": g.kr(1)}),
            [("prior.HDIR-24-0007", "unknown-application"), ("prior.HDIR-24-0001", "other-prior")],
        ),
        (
            "prior left out",
            lambda: SECOND.allocate([funded, new], prior={}),
            [("prior.HDIR-24-0001", "other-prior")],
        ),
        (
            "prior of a new one",
            lambda: SECOND.allocate([new], prior={"HDIR-24-0002": g.kr(5)}),
            [("prior.HDIR-24-0002", "other-prior")],
        ),
        (
            "prior below zero",
            lambda: SECOND.allocate([funded, new], prior={"HDIR-24-0001": g.kr(400000), "HDIR-24-0002": g.kr(-1)}),
            [("prior.HDIR-24-0002", "amount")],
        ),
        ("budget below zero", lambda: FIRST.allocate([one], budget=g.kr(-1)), [("budget", "amount")]),
        ("budget of half an øre", lambda: FIRST.allocate([one], budget=Decimal("0.005")), [("budget", "amount")]),
        ("budget without a number", lambda: FIRST.allocate([one], budget=Decimal("NaN")), [("budget", "amount")]),
        (
            "everything at once",
            lambda: FIRST.allocate(
                [one, one, other_round, other_pool, nameless, nameless, other_rules],
                prior={"HDIR-24-0001": g.kr(1)},
                seed="7",
                settled=S(["HDIR-24-0001"], "Aasen", ""),
                budget=g.kr(-1),
            ),
            [
                ("decision on HDIR-24-0001", "two-decisions"),
                ("decision on HDIR-24-0003", "other-round"),
                ("decision on SUM-2018-0001", "other-round"),
                ("decision 5", "no-id"),
                ("decision 6", "no-id"),
                ("decision on HDIR-24-0004", "other-rules"),
                ("prior", "no-prior"),
                ("seed", "no-draw"),
                ("settled.reason", "not-stated"),
                ("budget", "amount"),
            ],
        ),
    ]


WRONG = {name: (act, found) for name, act, found in _wrong()}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_refused_with_everything_that_is_wrong(name: str) -> None:
    """Nothing is allocated, and the refusal names every problem with its place and its code."""
    act, found = WRONG[name]
    assert sorted(refusal(act)) == sorted(found)


def test_a_round_that_says_nothing_of_allocation() -> None:
    """Rules without an allocation refuse to allocate, and say which hook is missing."""
    silent = g.Registry.of(answering(digitale_kompetencer, allocation=None)).rulebook(RULES_2022.pool.id, "2022")
    with pytest.raises(g.InputError) as caught:
        silent.allocate([])
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("no-allocation", "implement the hook `allocation`")


def test_a_refusal_says_which_application_is_meant() -> None:
    """A misspelt case number is named with the nearest ones that there are."""
    new = decided(SECOND, again("HDIR-24-0114", "900000.00", None))
    with pytest.raises(g.InputError) as caught:
        SECOND.allocate([new], prior={"HDIR-24-0141": g.kr("5")})
    assert "prior.HDIR-24-0141: no application is `HDIR-24-0141`\n    hint: did you mean `HDIR-24-0114`?" in str(
        caught.value
    )


def test_asking_for_an_application_that_is_not_there() -> None:
    """An unknown case number is a `KeyError` with the nearest ones; an unknown language is wrong input."""
    made = _level()
    with pytest.raises(KeyError, match="did you mean `HDIR-24-0001`"):
        made.award("HDIR-24-001")
    with pytest.raises(KeyError, match="there is no application `x`"):
        made.reason("x")
    with pytest.raises(g.InputError):
        made.reason("HDIR-24-0001", "sv")  # type: ignore[arg-type]
    with pytest.raises(g.InputError):
        made.explain("sv")  # type: ignore[arg-type]
