"""The laws that every pool keeps, on both allocations."""

import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.testing import law_suite

TestLaws = law_suite(helseteknologi)
