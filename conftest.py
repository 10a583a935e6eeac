"""What tests, doctests and notebooks share: no run touches the tables that its user keeps prepared."""

from __future__ import annotations

import os
import tempfile

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
