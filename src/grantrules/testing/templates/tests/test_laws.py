"""What holds for every pool: the laws of grantrules, tried on applications that it makes up for these rules."""

from grantrules.testing import law_suite

import grantrules_pool_id.plugin

TestLaws = law_suite(grantrules_pool_id.plugin)
