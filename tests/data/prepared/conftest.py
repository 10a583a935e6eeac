"""A dataset with every kind of column, and a cache of its own for each test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpikit.data.dataset import Dataset, load

ORDERS = """order_id,order_date,customer_id,amount,region
1,2026-01-05,Ω-1,10.50,Bali
2,,C2,,
3,2026-02-28,日本,-3.25,"a, b"
"""
TALKS = """conversation_id,started_at,channel
T1,2026-01-05 10:11:12.123456,phone
T2,,mail
"""


class Company:
    """A folder of files, its cache, and what is in it."""

    def __init__(self, path: Path, cache: Path) -> None:
        self.path, self.cache = path, cache
        path.mkdir()
        self.write("orders.csv", ORDERS)
        self.write("conversations.csv", TALKS)

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.write_text(text, encoding="utf-8")
        return file

    def load(self, **options: Any) -> Dataset:
        return load(self.path, **options)

    def amounts(self, **options: Any) -> list[float]:
        return self.load(**options).tables["orders"]["amount"].dropna().tolist()

    @property
    def entries(self) -> list[Path]:
        place = self.cache / "prepared"
        return sorted(place.iterdir()) if place.is_dir() else []

    @property
    def entry(self) -> Path:
        (only,) = self.entries
        return only


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("KPIKIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def company(tmp_path, cache) -> Company:
    return Company(tmp_path / "company", cache)


@pytest.fixture
def is_read(monkeypatch) -> Callable[[Callable[[], Any]], bool]:
    """Tell whether a call reads a source, or finds all that it needs prepared."""
    from kpikit.data import tables

    reads: list[str] = []
    real = tables.read_table

    def counted(place: Path, name: str, *more: Any) -> Any:
        reads.append(name)
        return real(place, name, *more)

    monkeypatch.setattr(tables, "read_table", counted)

    def told(call: Callable[[], Any]) -> bool:
        reads.clear()
        call()
        return bool(reads)

    return told


def same(one: Dataset, other: Dataset) -> None:
    """Check that two datasets hold the same tables and findings."""
    assert one.findings == other.findings
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])


def child(code: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess:
    """Run a program in a Python of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=600, check=False
    )
