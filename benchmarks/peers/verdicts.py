"""
What everybody has to work out, as one frame: one row for each application, in the order of the case numbers.

Requirements that do not apply count as met, and null is undetermined. Amounts are whole øre, null where they are not
known. A score is the numerator over `DENOMINATOR` of its exact points out of 100, null unless everything is rated.
"""

from hashlib import sha256

import polars as pl

REQUIREMENTS = (
    *("formal_deadline", "formal_signature", "formal_length"),
    *("eligibility_applicants", "eligibility_activity", "eligibility_competence_elements"),
    *("eligibility_grant_limits", "eligibility_matching", "eligibility_sharing", "eligibility_approval"),
)
FORMAL, ELIGIBILITY = REQUIREMENTS[:3], REQUIREMENTS[3:]

AMOUNTS = ("claimed_ore", "eligible_ore", "disallowed_ore", "undetermined_ore", "highest_grant_ore")

SCORE = "score_numerator"
DENOMINATOR = 600
"""Of five ratings out of 5000 thousandths, means of at most two, and one yes or no, all of one weight."""

SCHEMA: dict[str, pl.DataType] = {
    "application": pl.String(),
    "outcome": pl.String(),
    **{name: pl.Boolean() for name in REQUIREMENTS},
    **{name: pl.Int64() for name in (*AMOUNTS, SCORE)},
}
"""The columns that are compared."""


def settled(made: pl.DataFrame) -> pl.DataFrame:
    """Results as they are compared: the columns that count, of one type, in order."""
    return made.select(pl.col(name).cast(of) for name, of in SCHEMA.items()).sort("application")


def checksum(made: pl.DataFrame) -> str:
    """The digest of every field of every application; the order in which they came does not matter."""
    fields = [pl.col(name).cast(pl.String).fill_null("?") for name in SCHEMA]
    digest = sha256()
    for row in settled(made).select(pl.concat_str(fields, separator="|").alias("row"))["row"]:
        digest.update(row.encode())
        digest.update(b"\n")
    return digest.hexdigest()[:16]


def differences(one: pl.DataFrame, other: pl.DataFrame) -> list[str]:
    """The columns in which two results differ, on the applications that both decided; each with the first case."""
    left, right = settled(one), settled(other)
    if left.equals(right):
        return []
    both = left.join(right, on="application", suffix="_other", maintain_order="left")
    found = [] if both.height == min(one.height, other.height) else ["application: they decide different ones"]
    for name in list(SCHEMA)[1:]:
        unlike = both.filter(pl.col(name).ne_missing(pl.col(f"{name}_other")))
        if unlike.height:
            first = unlike.row(0, named=True)
            shown = f"{first['application']} has {first[name]} and {first[f'{name}_other']}"
            found.append(f"{name}: {unlike.height} of {both.height}, {shown}")
    return found
