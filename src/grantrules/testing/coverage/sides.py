"""What a run of decisions can show of a part of the rules."""

from enum import StrEnum


class Side(StrEnum):
    """
    One of the ways in which a part of the rules can be seen.

    Each is worded to follow "never": what was not seen is reported so.
    """

    MET = "met"
    NOT_MET = "not met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not applicable"
    BELOW = "below the limit"
    AT = "at the limit"
    ABOVE = "above the limit"
    CUTTING = "cutting"
    NOT_CUTTING = "not cutting"
    HELD_BACK = "held back"
    DECIDING = "deciding"
    SETTLED = "settled"
    BITING = "biting"
    NOT_BITING = "not biting"
    LOWEST = "rated at the bottom of the scale"
    HIGHEST = "rated at the top of the scale"
    NO_POINTS = "without points"
    SOME_POINTS = "between none and all points"
    ALL_POINTS = "with all points"
    REACHED = "reached"
    NOT_REACHED = "not reached"
    FOLLOWING = "following"
    NOT_FOLLOWING = "not following"
