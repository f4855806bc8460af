"""PySpark says what the specification says, of fewer applications."""

from typing import Any

import pytest

from tests.columns.batches import sampled
from tests.columns.engines import on_spark
from tests.pools import RULEBOOKS

COUNT = 60
"""So many applications of each pool."""

POOLS = ("toy", "no_helseteknologi@2024-2")
"""One that uses every node, and a real one; PySpark takes its time to plan a query."""


@pytest.mark.parametrize("pool", POOLS)
def test_pyspark_agrees(pool: str, spark: Any) -> None:
    """Every finding on every application and cost line, the ranks too, and to the øre."""
    batch = sampled(RULEBOOKS[pool], COUNT)
    batch.check(batch.rulebook.columns(on_spark(spark, batch.tables), rank=True), ranked=True)
