"""The laws, by name."""

from collections.abc import Mapping

from grantrules.testing.laws.alike import rules_that_always_agree
from grantrules.testing.laws.allocating import money_is_shared_out_wrongly, rounds
from grantrules.testing.laws.amounts import amounts_are_lost, limits_of_the_grant_are_left
from grantrules.testing.laws.cutting import cost_rules_that_never_cut, cost_rules_that_never_cut_alone
from grantrules.testing.laws.deciding import (
    compiled_and_specified_differ,
    mostly_failing,
    open_things_name_nothing,
    order_matters,
    settled_things_turn_round,
)
from grantrules.testing.laws.law import Law, OfExamples, OfPlugins, OfRules
from grantrules.testing.laws.purity import rules_change_from_asking_to_asking, rules_read_what_is_outside
from grantrules.testing.laws.reaching import (
    requirements_that_are_never_met,
    requirements_that_are_never_open,
    requirements_that_never_fail_alone,
)
from grantrules.testing.laws.scoring import better_ratings_lower_scores, scores_leave_their_scale
from grantrules.testing.laws.storing import files_are_read_otherwise
from grantrules.testing.laws.wording import rules_without_a_basis, texts_not_in_every_language

LAWS: Mapping[str, Law] = {
    law.name: law
    for law in (
        Law(
            "engine-agreement",
            "What the compiled rules decide is what the specification says, on every application.",
            OfExamples(compiled_and_specified_differ, examples=120),
        ),
        Law(
            "missing-facts",
            "Stating a missing fact never changes a settled finding, amount, grant or score.",
            OfExamples(settled_things_turn_round, mostly_failing, examples=120),
        ),
        Law(
            "order-independence",
            "The order of organisations, lines, sources of funding and assessments decides nothing.",
            OfExamples(order_matters),
        ),
        Law(
            "amounts-conserved",
            "Claimed is eligible, disallowed and undetermined together, and the rules account for what is gone.",
            OfExamples(amounts_are_lost, examples=50),
        ),
        Law(
            "grant-within-limits",
            "The highest grant is nothing, or from its floor to the least that its formula names, and never rises "
            "when eligible costs fall.",
            OfExamples(limits_of_the_grant_are_left, examples=50),
        ),
        Law(
            "scores-on-scale",
            "A score is exact and from 0 to 100, its points are from 0 to 1, and its ratings on the scale.",
            OfExamples(scores_leave_their_scale),
        ),
        Law(
            "scores-monotone",
            "Raising one rating never lowers the score.",
            OfExamples(better_ratings_lower_scores),
        ),
        Law(
            "allocation",
            "Awards, remainder and administration are the budget; every award is nothing or between its least and its "
            "most; ranks are kept where the method promises it; level applications are treated alike.",
            OfExamples(money_is_shared_out_wrongly, rounds, examples=60),
        ),
        Law(
            "json-round-trips",
            "Applications, assessments, decisions and rule sets are read from JSON as they were written.",
            OfExamples(files_are_read_otherwise, examples=20),
        ),
        Law(
            "needs",
            "What is open names what it waits for, and from whom, once; what is settled waits for nothing.",
            OfExamples(open_things_name_nothing),
        ),
        Law(
            "every-rule-has-a-basis", "Every rule and figure says where it comes from.", OfRules(rules_without_a_basis)
        ),
        Law(
            "every-text-in-the-languages",
            "Every text is there in Danish, Norwegian and English, and none is a copy of another language's.",
            OfRules(texts_not_in_every_language),
        ),
        Law("can-be-met", "Every requirement can be met.", OfRules(requirements_that_are_never_met)),
        Law(
            "can-fail-alone",
            "Every requirement can fail while all others pass, and every cost rule can cut a line that no other cuts.",
            OfRules(
                lambda rulebook: (
                    *requirements_that_never_fail_alone(rulebook),
                    *cost_rules_that_never_cut_alone(rulebook),
                )
            ),
        ),
        Law(
            "can-be-undetermined",
            "Every requirement can be undetermined while no other is not met.",
            OfRules(requirements_that_are_never_open),
        ),
        Law("cost-rules-cut", "Every cost rule takes something of some line.", OfRules(cost_rules_that_never_cut)),
        Law(
            "no-two-rules-alike",
            "Of any two rules of a stage, some application tells them apart.",
            OfRules(rules_that_always_agree),
        ),
        Law(
            "same-rules-twice",
            "A plugin gives the same rules whenever it is asked, and in whatever order.",
            OfPlugins(rules_change_from_asking_to_asking),
        ),
        Law(
            "no-clock-no-chance",
            "No module of a plugin reads the clock, chance, its surroundings, files or the network.",
            OfPlugins(rules_read_what_is_outside),
        ),
    )
}
"""Law by name. The names are stable for ever: waivers use them."""
