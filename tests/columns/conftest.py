"""A session of PySpark for the tests that ask one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def java() -> str | None:
    """Where Java is, if it is installed."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home, "bin")) if home else None)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """
    One session on two threads, which leaves nothing behind in the working directory.

    Without Java there is none: its tests are skipped, and fail where `CI` is set.
    """
    if java() is None:
        message = "PySpark needs Java, and there is none: install a Java runtime of version 17 or later"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    session = _session(tmp_path_factory.mktemp("spark"))
    yield session
    session.stop()


def _session(folder: Path) -> "SparkSession":
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # A query of the tests is run once, over few rows: planning and compiling it well would gain nothing.
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.local.dir": str(folder / "local"),
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("grantrules")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
