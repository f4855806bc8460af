"""`grantrules new`: what it prints, what it makes, and what it refuses."""

from pathlib import Path

import pytest

from .conftest import Run


def test_new_makes_a_plugin_and_says_what_to_do_next(run: Run, tmp_path: Path) -> None:
    """The folder's name gives the id; the output names the pool, how to install it and what to edit."""
    folder = tmp_path / "dk-2027-skove"
    ran = run("new", str(folder))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("The pool dk_2027_skove\n")
    assert f"pip install --editable '{folder}[test]'" in " ".join(ran.out.split())
    assert "src/grantrules_dk_2027_skove/" in ran.out
    assert (folder / "src" / "grantrules_dk_2027_skove" / "plugin.py").exists()


def test_new_takes_id_title_country_and_currency(run: Run, tmp_path: Path) -> None:
    """Every option reaches the plugin."""
    asked = ("--id", "no_try", "--title", "Prøveordningen", "--country", "NO", "--currency", "EUR")
    assert run("new", str(tmp_path / "x"), *asked).status == 0
    written = (tmp_path / "x" / "src" / "grantrules_no_try" / "plugin.py").read_text("utf-8")
    for said in ('id="no_try"', 'nb="Prøveordningen"', 'country="NO"', 'currency="EUR"', 'ZONE = "Europe/Oslo"'):
        assert said in written


def test_new_refuses_with_everything_wrong_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    """Wrong input is status 2, one report on standard error, and an untouched folder."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    ran = run("new", str(tmp_path), "--id", "Min Pulje", "--country", "NOR")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        f"{tmp_path}: 3 problems\n"
        "  --id: `Min Pulje` is not an id of a new pool\n"
        "    hint: use small letters, digits and `_` between them, at most 40, as in `dk_2027_local_projects`\n"
        "  --country: there is no country `NOR` here\n"
        "    hint: did you mean `NO`?\n"
        "  the folder is not empty: it holds `notes.txt`\n"
        "    hint: name a new folder\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("arguments", [(), ("--country", "DK")])
def test_new_asks_for_a_folder(run: Run, arguments: tuple[str, ...]) -> None:
    """Nothing is made where nobody said."""
    ran = run("new", *arguments)
    assert ran.status == 2
    assert "FOLDER" in ran.err
