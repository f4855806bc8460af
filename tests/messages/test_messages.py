"""
Whole messages as people read them. A change of wording shows here, and is to be read before it is accepted.

Each text is what is printed, but for the folder of the test.
"""

import json
from pathlib import Path

import pytest

import grantrules as g
from tests.allocating.rounds import FIRST, RULES_2018, SECOND, again, decided, helse, kompetence
from tests.cli.running import CASES, status_of
from tests.registry.small import CITED, a, c, cost_rule, pool_of, pool_plugin, requirement, round_of, words
from tests.serial.cases import RULES, application, decision


def refusal(folder: Path, text: str, name: str = "application.json") -> str:
    """What is said about a file that holds this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    read = RULES.read_assessment if name.startswith("assessment") else RULES.read_application
    with pytest.raises(g.InputError) as caught:
        read(file)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_misspelt_key(tmp_path: Path) -> None:
    """One misspelt key: the path, what is wrong, and the word that was meant."""
    assert refusal(tmp_path, '{"costs": [{"id": "c1", "amout": "100.00"}]}') == (
        "application.json: 1 problem\n  costs[0].amout: there is no such key\n    hint: did you mean `amount`?"
    )


def test_a_file_with_many_mistakes(tmp_path: Path) -> None:
    """Every mistake of a file in one report, each with its path and what to do."""
    text = """{
      "id": "A-1", "id": "A-2",
      "pool": "dk_2022_digitale_kompetencer",
      "submitted_at": "2018-10-01",
      "signed": "yes",
      "pages": 5.0,
      "requested": 1500000.505,
      "starts_on": "2019-02-30",
      "activities": ["new_cource"],
      "people_reached": 12,
      "organisations": [{"name": "Odense Kommune", "kind": "kommune", "id": "DK-CVR-35209151"}],
      "costs": [
        {"id": "c1", "amount": "-5.00", "organisation": "Odense Komune"},
        {"id": "c1", "vat": NaN}
      ]
    }"""
    assert refusal(tmp_path, text) == (
        "application.json: 15 problems\n"
        "  id: the key stands twice\n"
        "    hint: keep one of them\n"
        "  submitted_at: expected a date with a time, got `2018-10-01`\n"
        '    hint: add the time, as in "2018-10-01T12:00"\n'
        '  signed: expected yes or no, got `"yes"`\n'
        "    hint: write `true` or `false`, without quotation marks\n"
        "  starts_on: there is no date `2019-02-30`\n"
        "  organisations[0].kind: expected a word of the list, got `kommune`\n"
        "    hint: choose from municipality, region, hospital, education, patient_association, association, state, "
        "company, other\n"
        "  requested: expected at most two decimals, got `1500000.505`\n"
        "  costs[0].amount: expected an amount of at least zero, got `-5.00`\n"
        "  costs[1].vat: expected an amount, got `NaN`\n"
        '    hint: write it as "1500000.00"\n'
        "  pages: expected a whole number, got `5.0`\n"
        "    hint: write it without point or quotation marks\n"
        "  activities: expected a word of the list, got `new_cource`\n"
        "    hint: did you mean `new_course`?\n"
        "  people_reached: there is no such key\n"
        "  pool: the application is for `dk_2022_digitale_kompetencer`, these rules are of `dk_2018_kompetenceloeft`\n"
        "    hint: read it with the rules it names\n"
        "  organisations[0].id: the check digit of `DK-CVR-35209151` does not fit: "
        "a digit is wrong or two are swapped\n"
        "    hint: look it up in the register\n"
        "  costs[1].id: two cost lines have the id `c1`, the other is costs[0]\n"
        "    hint: give each line an id of its own\n"
        "  costs[0].organisation: no organisation is named `Odense Komune`\n"
        "    hint: did you mean `Odense Kommune`?"
    )


def test_a_file_that_is_no_json(tmp_path: Path) -> None:
    """A slip of the keyboard: where it is, in lines and columns."""
    assert refusal(tmp_path, '{\n  "id": ,\n}') == (
        "application.json: 1 problem\n  line 2, column 9: the file is not JSON: expecting value"
    )


def test_a_time_that_summer_time_skips(tmp_path: Path) -> None:
    """A clock face that no clock showed: the zone and why."""
    assert refusal(tmp_path, '{"submitted_at": "2018-03-25T02:30"}') == (
        "application.json: 1 problem\n"
        "  submitted_at: `2018-03-25T02:30:00` does not exist in Europe/Copenhagen: summer time skips it"
    )


def test_organisations_that_cannot_be_told_apart(tmp_path: Path) -> None:
    """Two units of one name, a name that is not listed, and a project that ends before it starts."""
    data = {
        "starts_on": "2019-01-02",
        "ends_on": "2019-01-01",
        "organisations": [{"name": "Region Syd", "unit": "Odense"}, {"name": "Region Syd", "unit": "Kolding"}],
        "costs": [{"organisation": "Region Syd"}],
        "funding": [{"organisation": "Aarhus"}],
    }
    assert refusal(tmp_path, json.dumps(data)) == (
        "application.json: 3 problems\n"
        "  costs[0].organisation: `Region Syd` names 2 of the organisations\n"
        "    hint: give the units names of their own\n"
        "  funding[0].organisation: no organisation is named `Aarhus`\n"
        "    hint: choose from `Region Syd`\n"
        "  ends_on: the project ends on `2019-01-01`, before it starts on `2019-01-02`"
    )


def test_an_assessment_with_mistakes(tmp_path: Path) -> None:
    """Unknown ids, a rating off the scale, and one for a criterion that is computed."""
    data = {
        "ratings": {"purpos": 4, "goals": 6, "cross-sector": 5},
        "judgements": {"experts-limited": {"c1": "yes"}},
        "conflict_of_interest": "no",
    }
    assert refusal(tmp_path, json.dumps(data), "assessment.json") == (
        "assessment.json: 5 problems\n"
        "  ratings.purpos: there is no criterion `purpos`\n"
        "    hint: did you mean `purpose`?\n"
        "  ratings.goals: expected a rating from 0 to 5, got `6`\n"
        "  ratings.cross-sector: the criterion is computed from the facts and takes no rating\n"
        "    hint: remove it\n"
        '  judgements.experts-limited.c1: expected yes or no, got `"yes"`\n'
        "    hint: write `true` or `false`, without quotation marks\n"
        '  conflict_of_interest: expected yes or no, got `"no"`\n'
        "    hint: write `true` or `false`, without quotation marks"
    )


def test_an_assessment_of_another_application() -> None:
    """The wrong application and a line that it does not have, under the assessor's name."""
    made = RULES.read_application({"id": "A-1", "costs": [{"id": "c1"}]})
    data = {"assessor": "Mette", "application": "A-2", "judgements": {"experts-limited": {"c11": True}}}
    with pytest.raises(g.InputError) as caught:
        RULES.decide(made, [RULES.read_assessment(data)])
    assert str(caught.value) == (
        "assessments of A-1: 2 problems\n"
        "  assessment Mette: application: it is of application `A-2`, not of `A-1`\n"
        "    hint: did you mean `A-1`?\n"
        "  assessment Mette: judgements.experts-limited: there is no cost line `c11`\n"
        "    hint: did you mean `c1`?"
    )


def test_an_unknown_pool_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two files for pools or rounds that do not exist: one report, with the nearest names."""
    files = []
    for index, facts in enumerate(({"pool": "dk_2018_kompetenceloft"}, {"round": "2019"})):
        files.append(tmp_path / f"{index}.json")
        files[-1].write_text(json.dumps({**application("draft"), **facts}, default=str), encoding="utf-8")
    assert status_of("decide", *map(str, files)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.replace(f"{tmp_path}/", "") == (
        "input: 2 problems\n"
        "  0.json: pool: there is no pool `dk_2018_kompetenceloft`\n"
        "    hint: did you mean `dk_2018_kompetenceloeft`?\n"
        "  1.json: round: `dk_2018_kompetenceloeft` has no round `2019`\n"
        "    hint: did you mean `2018`?\n"
    )


def test_a_decision_that_no_longer_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What differs between a stored decision and one made now, place by place."""
    stored = {**decision("late").to_dict(), "outcome": "eligible", "highest_grant": "1200000.00"}
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    arguments = [str(CASES / "late" / name) for name in ("application.json", "assessment-1.json")]
    assert status_of("verify", str(file), arguments[0], "--assessment", arguments[1]) == 1
    assert capsys.readouterr() == (
        (
            "The decision on application SUM-2018-0446 no longer stands.\n"
            "\n"
            "- outcome\n"
            '    stored: "eligible"\n'
            '    now: "dismissed"\n'
            "- highest_grant\n"
            '    stored: "1200000.00"\n'
            '    now: "0.00"\n'
        ),
        "",
    )


def test_a_plugin_with_mistakes() -> None:
    """Everything wrong with a plugin in one report, each with plugin, rule and place."""
    rules = (
        requirement(a.requested <= a.starts_on, id="eligibility.dates"),
        requirement(a.requested <= 5, id="eligibility.bare"),
        requirement(a.pages <= g.value("page_limt"), id="eligibility.value"),
        requirement(a.pages <= g.value("page_limit"), id="eligibility.fine"),
        g.Requirement("eligibility.no-basis", a.safe, words("it is safe")),
    )
    pool = pool_of("spoilt", round_of(g.Value("page_limit", 101, words("limit"), CITED)))
    plugin = pool_plugin(pool=pool, eligibility=rules, cost_eligibility=(cost_rule(g.Part(c.kilometres)),))
    (failure,) = g.Registry.of(plugin, strict=False).failures
    assert str(failure.error()) == (
        "plugin spoilt: 6 problems\n"
        "  plugin spoilt: rule eligibility.dates: demand: compares `requested` (money) with `starts_on` (day)\n"
        "  plugin spoilt: rule eligibility.bare: demand: compares `requested` (money) with `5` (count)\n"
        '    hint: write an amount as `kr("…")`\n'
        "  plugin spoilt: rule eligibility.value: demand.right: the round binds no value `page_limt`\n"
        "    hint: did you mean `page_limit`?\n"
        "  plugin spoilt: rule eligibility.fine: demand: "
        "the limit `page_limit` (101) is outside of what `pages` can be\n"
        "    hint: keep it within 0 to 100\n"
        "  plugin spoilt: rule eligibility.no-basis: basis: the rule has no basis\n"
        "    hint: give it `Cited(…)`, `Notice(…)` or `Assumed(…)`\n"
        "  plugin spoilt: rule cost.spoilt: disallow.amount: expected money, got quantity (km): `costs.kilometres`"
    )


def test_the_beginning_of_a_refusal_in_danish() -> None:
    """What a case officer reads first about an application that fails: the outcome, then what fails and by how much."""
    made = RULES.decide(RULES.read_application({"id": "A-1", "title": "Kursus", "signed": False, "pages": 7}))
    text, _, _ = made.explain("da").partition("Udgifter")
    assert text == (
        "Ansøgning A-1: Kursus\n"
        "=====================\n"
        "\n"
        "Løft af digitale kompetencer hos sundhedspersoner, 2018. Sundheds- og Ældreministeriet.\n"
        "\n"
        "Resultat: Afvises: ansøgningen opfylder ikke formkravene og vurderes ikke.\n"
        "\n"
        "Højest mulige tilskud: 0,00 kr.\n"
        "\n"
        "Krav, der ikke er opfyldt\n"
        "-------------------------\n"
        "\n"
        "- Ansøgningen er underskrevet. [formal.signature]\n"
        "    oplyst: nej\n"
        "    Kilde: Løft af digitale kompetencer hos sundhedspersoner, »Frist og spørgsmål«.\n"
        "- Ansøgningen fylder højst fem sider, når budgetskemaer og bilag ikke tælles med. [formal.length]\n"
        "    fundet 7, tilladt højst 5: 2 for mange\n"
        "    Kilde: Løft af digitale kompetencer hos sundhedspersoner, »Ansøgningsskema«.\n"
        "\n"
    )


def test_a_whole_allocation_in_norwegian() -> None:
    """A round as it is published: the money and where it came from, every application with its reason, the list."""
    rated = [
        (again("HDIR-24-0114", "2400000.00", "1500000.00", title="Hjemme med kols i nord"), "5"),
        (again("HDIR-24-0061", "1150000.00", None, "800000.00", title="Medisindispenser i tre øykommuner"), "4"),
        (again("HDIR-24-0008", "13000000.00", None, title="Trygghetsalarmer over mobilnettet"), "3"),
        (again("HDIR-24-0187", "400000.00", None, title="Én journal for hele hjemmetjenesten"), "2"),
        (again("HDIR-24-0201", "780000.00", None, title="Skjermbasert tilsyn"), None),
    ]
    made = SECOND.allocate([decided(SECOND, data, rating) for data, rating in rated])
    text, _, _ = made.explain("nb").replace("\u00a0", " ").partition("Antakelser")
    assert text == (
        "Fordeling: Helseteknologiordningen (no_helseteknologi@2024-2)\n"
        "=============================================================\n"
        "\n"
        "Helsedirektoratet.\n"
        "\n"
        "Beløp\n"
        "-----\n"
        "\n"
        "- Ramme: 14 500 000,00 kr\n"
        "    herav 14 500 000,00 kr: mindreforbruk i Nasjonalt velferdsteknologiprogram (overført fra en\n"
        "      annen bevilgning)\n"
        "- Fordelt: 14 500 000,00 kr\n"
        "- Ikke fordelt: 0,00 kr\n"
        "\n"
        "Søknadene (NOK)\n"
        "---------------\n"
        "\n"
        "Nr.  Søknad         Poeng  Resultat             Tilskudd\n"
        "---  ------------  ------  --------------  -------------\n"
        "  1  HDIR-24-0114  100,00  tilsagn            900 000,00\n"
        "     Hjemme med kols i nord\n"
        "     Rangert som nr. 1: fullt tilskudd, 900 000,00 kr.\n"
        "     Fikk tidligere 1 500 000,00 kr.\n"
        "  2  HDIR-24-0061   85,00  tilsagn          1 150 000,00\n"
        "     Medisindispenser i tre øykommuner\n"
        "     Rangert som nr. 2: fullt tilskudd, 1 150 000,00 kr.\n"
        "  3  HDIR-24-0008   70,00  delvis tilsagn  12 450 000,00\n"
        "     Trygghetsalarmer over mobilnettet\n"
        "     Rangert som nr. 3: 12 450 000,00 kr av høyst 13 000 000,00 kr; det var det som var igjen.\n"
        "  4  HDIR-24-0187   55,00  reserveliste             0,00\n"
        "     Én journal for hele hjemmetjenesten\n"
        "     Rangert som nr. 4; pengene tok slutt ved nr. 3; 950 000,00 kr mer å fordele ville ha gitt den\n"
        "       400 000,00 kr.\n"
        "     HDIR-24-0201          ikke avgjort             0,00\n"
        "     Skjermbasert tilsyn\n"
        "     Søknaden er ikke vurdert på alle kriterier.\n"
        "\n"
        "Nye og økte tilskudd\n"
        "--------------------\n"
        "\n"
        "- Nye prosjekter: 2, i alt 13 600 000,00 kr\n"
        "    HDIR-24-0061, HDIR-24-0008\n"
        "- Prosjekter som får mer enn før: 1, i alt 900 000,00 kr\n"
        "    HDIR-24-0114\n"
        "\n"
        "Reserveliste\n"
        "------------\n"
        "\n"
        "- HDIR-24-0187\n"
        "\n"
    )


def test_an_allocation_that_is_refused() -> None:
    """Decisions twice, of another round, of other rules and without a number; a seed nobody asked for: one report."""
    made = decided(FIRST, helse("HDIR-24-0114", "900000.00"))
    other_rules = decided(FIRST.with_values(budget=g.kr("9000000")), helse("HDIR-24-0187", "900000.00"))
    digests = [decision.digests.rules[:19] for decision in (other_rules, made)]
    wrong = [
        made,
        made,
        decided(SECOND, again("HDIR-24-0061", "900000.00", None)),
        decided(RULES_2018, kompetence("SUM-2018-0417")),
        other_rules,
        decided(FIRST, helse(None, "900000.00")),
    ]
    settled = g.Settled(["HDIR-24-0141"], by="Avdelingsdirektør Aasen", reason="")
    with pytest.raises(g.InputError) as caught:
        FIRST.allocate(wrong, seed="7", prior={"HDIR-24-0114": g.kr(1)}, settled=settled)
    assert str(caught.value) == (
        "allocation of no_helseteknologi@2024-1: 9 problems\n"
        "  decision on HDIR-24-0114: the application is decided twice\n"
        "    hint: give one decision for each\n"
        "  decision on HDIR-24-0061: it is of `no_helseteknologi@2024-2`, not of `no_helseteknologi@2024-1`\n"
        "  decision on SUM-2018-0417: it is of `dk_2018_kompetenceloeft@2018`, not of `no_helseteknologi@2024-1`\n"
        f"  decision on HDIR-24-0187: it was made by other rules ({digests[0]}…, not {digests[1]}…)\n"
        "    hint: decide the application again by these rules\n"
        "  decision 6: the application has no case number\n"
        "    hint: give it its `id`\n"
        "  prior: the round does not top up earlier awards\n"
        "    hint: leave them out\n"
        "  seed: the round draws no lots\n"
        "    hint: leave the seed out\n"
        "  settled.reason: it is not stated\n"
        "    hint: say who settled the tie, and why\n"
        "  settled.order: no application is `HDIR-24-0141`\n"
        "    hint: did you mean `HDIR-24-0114` or `HDIR-24-0187` or `HDIR-24-0061`?"
    )


def test_an_override_that_is_refused() -> None:
    """Nobody, a rule that is misspelt, and one that is met: what to do about each."""
    late = decided(RULES_2018, kompetence("SUM-2018-0446", submitted_at="2018-10-01T12:07"))
    with pytest.raises(g.InputError) as caught:
        RULES_2018.override(
            late, by=" ", reason="Systemet var nede.", sets_aside=["formal.dedline", "formal.signature"]
        )
    assert str(caught.value) == (
        "override of SUM-2018-0446: 3 problems\n"
        "  by: it is not stated\n"
        "    hint: say who decides, and why\n"
        "  sets_aside: there is no rule `formal.dedline`\n"
        "    hint: did you mean `formal.deadline`?\n"
        "  sets_aside: `formal.signature` stands in nobody's way here\n"
        "    hint: choose from `formal.deadline`"
    )
