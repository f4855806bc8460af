"""What of the rules a party cannot express, and what was done about it, by the party's id."""

NO_MISSING = "Knows no missing facts, so nothing is undetermined"

LACKS = {
    "by-hand-numpy": "Relies on tables in the order of their case numbers, and on case numbers that are numbers.",
    "by-hand-python": f"{NO_MISSING}; no two assessors may differ.",
    "policyengine": f"""\
{NO_MISSING}. Whole numbers have 32 bits: sums above 21 million kroner would overflow unnoticed, and kilometres times a
rate are widened by hand. Rates are dated, but read by the year that is simulated, not by the day of a cost line: both
years are read and one is chosen. Organisations, funding and assessments are summed up outside, by Polars, for only one
kind of member was made.""",
    "openfisca": "As policyengine-core.",
    "json-logic": f"""\
{NO_MISSING}: null compares as zero, adds up as nothing, and is false. A quotient is a binary float, so amounts are
whole øre and rounding is written with `%`; days and moments are numbers. No dated table: a choice by the day. No name
for a figure that is used twice: own financing and the eligible costs stand in the rule as often as they are used. The
floor of the grant is applied outside.""",
    "cel": f"""\
{NO_MISSING}: `&&` and `||` take an error as unknown, but every comparison or sum with something missing is an error
that would have to be caught. Adds nothing up and has no least of several: the amounts of lines come back as a list, and
sums, own financing, the grant and the means of ratings are worked out outside. Decimals are binary floats, so amounts
are whole øre. No dated table: a choice by the day.""",
    "zen": f"""\
{NO_MISSING}: a comparison, a sum or `and` with null is an error. Decimals are exact inside but come back as binary
floats, so amounts are whole øre. No dated table in expressions: a choice by the day.""",
    "cedar": f"""\
{NO_MISSING}: a policy that reads something missing is left out with an error. Answers yes or no, so amounts, sums, the
mileage limit, the grant and scores are worked out outside, and so is what would have to be found in lists of records:
own financing and the kinds of leads. It decides the requirements, and for each line whether it is out as a whole.""",
    "rule-engine": f"""\
{NO_MISSING}: a comparison or sum with null is an error, and `not` takes it as false. Lines and assessments are gone
through outside, one expression for each, and added up there, in a tenth of the time that its own comprehensions take.
No dated table: a choice by the day.""",
}
