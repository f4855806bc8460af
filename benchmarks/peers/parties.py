"""Who takes part: on which data, on how many applications at most, and with which packages."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from attrs import frozen
from peers.data import Variant


class Engine(Protocol):
    """How every party is run; what is prepared before it, such as parsing the rules, is not measured."""

    def opened(self, folder: Path) -> Any:
        """The facts of stored tables as far as they are read before anything is decided."""

    def held(self, folder: Path) -> Any:
        """The facts in memory, in the form that suits the party best."""

    def decided(self, facts: Any) -> Any:
        """The results in memory, in the party's own form."""

    def compared(self, made: Any) -> pl.DataFrame:
        """The results as everybody's are compared; not measured."""


BOTH, COMPLETE = tuple(Variant), (Variant.COMPLETE,)


@frozen(kw_only=True)
class Party:
    """
    One party.

    Args:
        id: what files of it are called.
        name: what the tables call it.
        engine_of: module and function that prepare it.
        variants: the data that it can decide.
        at_most: how many applications it decides, where deciding all would take too long.
        packages: the distributions that it needs beside the library's own, and what they are imported as.
        peer: another engine, neither this library nor a program for these rules alone.
    """

    id: str
    name: str
    engine_of: str
    variants: tuple[Variant, ...] = BOTH
    at_most: int | None = None
    packages: Mapping[str, str] = {}
    peer: bool = False

    @property
    def installed(self) -> bool:
        """Everything that it needs is there."""
        return all(find_spec(module) for module in self.packages.values())

    def engine(self) -> Engine:
        """Prepare it."""
        module, _, name = self.engine_of.partition(":")
        made: Engine = getattr(import_module(f"peers.{module}"), name)()
        return made


COLUMNS, BY_HAND, ONE_AT_A_TIME = "columns-polars", "by-hand-polars", "library"
"""Those that the others are measured by."""

POLARS, DUCKDB = {"polars": "polars"}, {"duckdb": "duckdb", "pyarrow": "pyarrow"}
NARWHALS, NUMPY = {"narwhals": "narwhals"}, {"numpy": "numpy"}

LIBRARY = (
    Party(
        id=COLUMNS,
        name="grantrules, in columns on Polars",
        engine_of="in_columns:on_polars",
        packages=POLARS | NARWHALS,
    ),
    Party(
        id="columns-duckdb",
        name="grantrules, in columns on DuckDB",
        engine_of="in_columns:on_duckdb",
        packages=DUCKDB | NARWHALS,
    ),
    Party(id=ONE_AT_A_TIME, name="grantrules, one at a time", engine_of="library:one_at_a_time", at_most=4_000),
    Party(
        id="library-verdicts",
        name="grantrules, one at a time, without scores",
        engine_of="library:verdicts_alone",
        at_most=4_000,
    ),
)

HAND_WRITTEN = (
    Party(id=BY_HAND, name="hand-written Polars", engine_of="by_hand_polars:set_up", packages=POLARS),
    Party(id="by-hand-duckdb", name="hand-written SQL on DuckDB", engine_of="by_hand_duckdb:set_up", packages=DUCKDB),
    Party(
        id="by-hand-numpy",
        name="hand-written NumPy over sorted offsets",
        engine_of="by_hand_numpy:set_up",
        packages=NUMPY,
    ),
    Party(
        id="by-hand-python",
        name="hand-written Python",
        engine_of="by_hand_python:set_up",
        variants=COMPLETE,
        at_most=10_000,
    ),
)

PEERS = (
    Party(
        id="policyengine",
        name="policyengine-core",
        engine_of="fisca:policyengine",
        variants=COMPLETE,
        packages={"policyengine-core": "policyengine_core"} | NUMPY,
        peer=True,
    ),
    Party(
        id="openfisca",
        name="openfisca-core",
        engine_of="fisca:openfisca",
        variants=COMPLETE,
        packages={"openfisca-core": "openfisca_core"} | NUMPY,
        peer=True,
    ),
    Party(
        id="json-logic",
        name="JSONLogic (datalogic-py)",
        engine_of="json_logic:set_up",
        variants=COMPLETE,
        at_most=10_000,
        packages={"datalogic-py": "datalogic_py"},
        peer=True,
    ),
    Party(
        id="cel",
        name="CEL (common-expression-language)",
        engine_of="cel_expressions:set_up",
        variants=COMPLETE,
        at_most=3_000,
        packages={"common-expression-language": "cel"},
        peer=True,
    ),
    Party(
        id="zen",
        name="zen-engine",
        engine_of="zen_engine:set_up",
        variants=COMPLETE,
        at_most=2_000,
        packages={"zen-engine": "zen"},
        peer=True,
    ),
    Party(
        id="cedar",
        name="cedarpy",
        engine_of="cedar:set_up",
        variants=COMPLETE,
        at_most=1_000,
        packages={"cedarpy": "cedarpy"},
        peer=True,
    ),
    Party(
        id="rule-engine",
        name="rule-engine",
        engine_of="rule_engine_expressions:set_up",
        variants=COMPLETE,
        at_most=1_000,
        packages={"rule-engine": "rule_engine"},
        peer=True,
    ),
)

PARTIES = (*LIBRARY, *HAND_WRITTEN, *PEERS)
