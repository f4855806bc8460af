"""The columns of what the rules say: one row for each application, and one for each cost line."""

from collections.abc import Iterable, Iterator

from grantrules.findings import Outcome
from grantrules.pools import Requirement
from grantrules.ruleset import RuleSet
from grantrules.tables.layout import KEY_COLUMN, POSITION, Column, Type, joined, snake
from grantrules.values import Text

OUTCOME, HIGHEST_GRANT, RANK = "outcome", "highest_grant_ore", "rank"
CLAIMED, ELIGIBLE, DISALLOWED, UNDETERMINED = "claimed_ore", "eligible_ore", "disallowed_ore", "undetermined_ore"
SCORE, LOWEST_SCORE, HIGHEST_SCORE = "score_numerator", "score_low_numerator", "score_high_numerator"
DENOMINATOR = "score_denominator"

_AMOUNTS = {
    CLAIMED: Text("budgetteret med moms", "budsjettert med mva.", "claimed, VAT included"),
    ELIGIBLE: Text("tilskudsberettiget", "støtteberettiget", "eligible"),
    DISALLOWED: Text("ikke tilskudsberettiget", "ikke støtteberettiget", "disallowed"),
    UNDETERMINED: Text("uafklaret", "uavklart", "undetermined"),
}
_SCORES = {
    SCORE: Text("point, tæller", "poeng, teller", "score, numerator; null while a rating or fact is missing"),
    LOWEST_SCORE: Text(
        "laveste mulige point, tæller", "lavest mulige poeng, teller", "lowest score possible, numerator"
    ),
    HIGHEST_SCORE: Text(
        "højeste mulige point, tæller", "høyest mulige poeng, teller", "highest score possible, numerator"
    ),
    DENOMINATOR: Text("point, nævner", "poeng, nevner", "score, denominator, the same in every row"),
}


def applies(requirement: str) -> str:
    """The column that says whether a requirement applies, where that depends on the application."""
    return f"{snake(requirement)}_applies"


def taken(cost_rule: str) -> str:
    """The column of what a cost rule surely takes, in øre."""
    return f"{snake(cost_rule)}_taken_ore"


def held(cost_rule: str) -> str:
    """The column of what a cost rule holds back while something is missing, in øre."""
    return f"{snake(cost_rule)}_held_ore"


def points(criterion: str) -> str:
    """The column of the points of a criterion, as whole numbers."""
    return f"points_{snake(criterion)}"


def reaches(threshold: str) -> str:
    """The column that says whether a threshold is reached: of a criterion, or of the total."""
    return f"reaches_{snake(threshold)}"


def thresholds(names: Iterable[str]) -> list[str]:
    """Of the columns of results, those that say whether a threshold is reached."""
    return [name for name in names if name.startswith(reaches(""))]


def result_columns(rules: RuleSet, rank: bool = True) -> tuple[Column, ...]:
    """
    The columns of the results, one row for each application.

    Args:
        rank: whether they have the rank of each.
    """
    return (KEY_COLUMN, *_results(rules), *([_RANK] if rank else []))


def line_columns(rules: RuleSet) -> tuple[Column, ...]:
    """The columns of the cost lines, one row for each; the place and the id are there if the table has them."""
    place = Text("plads i listen, fra 0", "plass i listen, fra 0", "place in the list, from 0")
    id = Text("linjens id", "linjens id", "id of the line")
    rules_of = [
        column
        for rule in rules.cost_rules
        for column in (_taken(rule.id, rule.statement), _held(rule.id, rule.statement))
    ]
    return (KEY_COLUMN, Column(POSITION, Type.WHOLE, place), Column("id", Type.TEXT, id), *_amounts(), *rules_of)


_RANK = Column(RANK, Type.WHOLE, Text("plads efter point", "plass etter poeng", "rank by score, 1 for the highest"))


def _results(rules: RuleSet) -> Iterator[Column]:
    outcome = Text("afgørelse", "utfall", "outcome")
    yield Column(OUTCOME, Type.TEXT, outcome, options=tuple(outcome.value for outcome in Outcome))
    for requirement in rules.requirements:
        yield from _verdict(requirement)
    yield from _amounts()
    yield from (_taken(rule.id, rule.statement) for rule in rules.cost_rules)
    yield _ore(HIGHEST_GRANT, Text("højeste mulige tilskud", "høyest mulige tilskudd", "highest grant possible"))
    if rules.scoring.criteria:
        yield from _scores(rules)
    for condition in rules.conditions:
        if condition.when is not None:
            follows = Text("vilkåret gælder", "vilkåret gjelder", "the duty follows")
            yield Column(snake(condition.id), Type.TRUTH, joined(follows, condition.statement))


def _verdict(rule: Requirement) -> Iterator[Column]:
    yield Column(snake(rule.id), Type.TRUTH, rule.statement)
    if rule.when is not None:
        relevant = Text("kravet gælder", "kravet gjelder", "the requirement applies")
        yield Column(applies(rule.id), Type.TRUTH, joined(relevant, rule.statement))


def _amounts() -> Iterator[Column]:
    yield from (_ore(name, label) for name, label in _AMOUNTS.items())


def _taken(id: str, statement: Text) -> Column:
    return _ore(taken(id), joined(Text("fratrukket", "trukket fra", "taken"), statement))


def _held(id: str, statement: Text) -> Column:
    return _ore(held(id), joined(Text("holdt tilbage", "holdt tilbake", "held back"), statement))


def _ore(name: str, label: Text) -> Column:
    return Column(name, Type.WHOLE, label, 2, "øre")


def _scores(rules: RuleSet) -> Iterator[Column]:
    scoring = rules.scoring
    for criterion in scoring.criteria:
        yield Column(points(criterion.id), Type.WHOLE, criterion.statement)
    yield from (Column(name, Type.WHOLE, label) for name, label in _SCORES.items())
    reached = Text("når grænsen", "når grensen", "reaches the threshold")
    for criterion in scoring.criteria:
        if criterion.threshold is not None:
            yield Column(reaches(criterion.id), Type.TRUTH, joined(reached, criterion.statement))
    if scoring.threshold is not None:
        yield Column(reaches(scoring.threshold.id), Type.TRUTH, joined(reached, Text("i alt", "i alt", "in total")))
