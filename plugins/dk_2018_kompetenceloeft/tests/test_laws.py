"""The laws that every pool keeps."""

import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
from grantrules.testing import law_suite

TestLaws = law_suite(kompetenceloeft)
