"""The laws that every pool keeps, on both rounds."""

import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
from grantrules.testing import law_suite

TestLaws = law_suite(digitale_kompetencer)
