"""What tests, doctests and notebooks share: neither prepared tables of the user nor KPIs of another test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest

_CACHE = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep prepared tables in a folder of this run; workers and the kernels of notebooks take it over."""
    if hasattr(config, "workerinput"):
        return
    for name in ("KPIKIT_NO_CACHE", "KPIKIT_VERIFY", "KPIKIT_CACHE_SIZE"):
        os.environ.pop(name, None)
    config.stash[_CACHE] = tempfile.TemporaryDirectory(prefix="kpikit-tests-", ignore_cleanup_errors=True)
    os.environ["KPIKIT_CACHE"] = config.stash[_CACHE].name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder."""
    if (folder := config.stash.get(_CACHE, None)) is not None:
        folder.cleanup()


@pytest.fixture(autouse=True)
def _own_kpis() -> Iterator[None]:
    """Forget the KPIs that a test or doctest has registered: none depends on which ran before it."""
    from kpikit.kpis import catalog

    before = dict(catalog._OWN)
    yield
    catalog._OWN.clear()
    catalog._OWN.update(before)
