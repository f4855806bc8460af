"""What can be paid for: the cost rules, in the order in which they apply to what is left of a line."""

from grantrules import Above, CostRule, Part, Text, Whole, facts, value

from .application import EQUIPMENT, OPERATIONS, Project
from .sources import ECONOMY, INVENTED

c = facts(Project, "costs")

ORDINARY_OPERATIONS = CostRule(
    "cost.ordinary-operations",
    Whole(),
    Text(
        da="Almindelig drift er ikke tilskudsberettiget.",
        nb="Ordinær drift er ikke støtteberettiget.",
        en="Ordinary operations are not eligible.",
    ),
    basis=INVENTED,
    when=c.category.is_(OPERATIONS),
)

RECOVERABLE_VAT = CostRule(
    "cost.recoverable-vat",
    Part(c.vat),
    Text(
        da="Moms, der kan afløftes, er ikke tilskudsberettiget.",
        nb="Mva. som kan trekkes fra eller kompenseres, er ikke støtteberettiget.",
        en="VAT that can be recovered is not eligible.",
    ),
    basis=INVENTED,
    when=c.vat_recoverable,
)

EQUIPMENT_LIMIT = CostRule(
    "cost.equipment-limit",
    Above(value("equipment_limit")),
    Text(
        da="Udstyr er tilskudsberettiget op til et beløb for hver post; resten er det ikke.",
        nb="Utstyr er støtteberettiget opp til et beløp for hver post; resten er det ikke.",
        en="Equipment is eligible up to an amount for each line; the rest is not.",
    ),
    basis=ECONOMY,
    concerns=c.category.is_(EQUIPMENT),
)

COST_RULES = (ORDINARY_OPERATIONS, RECOVERABLE_VAT, EQUIPMENT_LIMIT)
