"""The files of the repository."""

import re

from tests.repo.files import files, named

HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("anaconda", "org"),
    ("conda", "io"),
    ("npmjs", "com"),
    ("ghcr", "io"),
)
HOST = re.compile("|".join(rf"\b{name}\.{domain}\b" for name, domain in HOSTS), re.IGNORECASE)


def test_no_file_names_a_package_host() -> None:
    """Where packages come from is for whoever installs them to say."""
    found = [named(path) for path in files(".py", ".md", ".toml", ".json") if HOST.search(path.read_text("utf-8"))]
    assert found == []
