"""The laws that every pool keeps."""

import grantrules_dk_2021_digital_sundhed.plugin as digital_sundhed
from grantrules.testing import law_suite

TestLaws = law_suite(digital_sundhed)
