"""Sources are digested once for each of their states."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

import kpikit as kp
from kpikit.data.prepared import digests, digests_of, key_of
from kpikit.data.tables import files_of, open_mapping

ORDERS = "order_id,order_date,customer_id,amount\n1,2026-01-05,C1,10\n"


@pytest.fixture
def company(tmp_path, monkeypatch):
    monkeypatch.setenv("KPIKIT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS)
    return folder


@pytest.fixture
def reads(monkeypatch):
    """Count how often sources are digested."""
    seen = []
    real = digests.contents_of
    monkeypatch.setattr(digests, "contents_of", lambda sources: seen.append(1) or real(sources))
    return seen


def key(folder):
    mapping, place = open_mapping(folder)
    return key_of(mapping, place, files_of(mapping, place))


def of_orders(folder):
    return digests_of(key(folder))[str(folder / "orders.csv")]


def sha256(folder):
    return hashlib.sha256((folder / "orders.csv").read_bytes()).hexdigest()


def test_sources_of_a_kept_dataset_are_read_once(company, reads):
    kp.load(company)
    assert [of_orders(company) for _ in range(3)] == [sha256(company)] * 3
    assert len(reads) == 1


def test_a_changed_source_is_read_again(company, reads):
    kp.load(company)
    before = of_orders(company)
    (company / "orders.csv").write_text(ORDERS + "2,2026-01-06,C1,10\n")
    kp.load(company)
    assert of_orders(company) == sha256(company) != before
    assert len(reads) == 2


def test_what_loading_has_verified_is_not_read_again(company, reads):
    kp.load(company, verify=True)
    assert of_orders(company) == sha256(company)
    assert reads == []


def test_verifying_does_not_believe_what_size_and_time_alone_have_told(company, reads, monkeypatch):
    kp.load(company)
    of_orders(company)
    found = (company / "orders.csv").stat()
    (company / "orders.csv").write_text(ORDERS.replace("10", "20"))
    os.utime(company / "orders.csv", ns=(found.st_atime_ns, found.st_mtime_ns))
    monkeypatch.setenv("KPIKIT_VERIFY", "1")
    assert of_orders(company) == sha256(company)
    assert len(reads) == 2


def test_without_a_cache_sources_are_read_each_time(company, reads, monkeypatch):
    monkeypatch.setenv("KPIKIT_NO_CACHE", "1")
    assert [of_orders(company) for _ in range(2)] == [sha256(company)] * 2
    assert len(reads) == 2


@pytest.mark.parametrize("content", [b"", b"x\n{}", b"{", b"\xff\n\xff"])
def test_a_damaged_or_forged_digest_is_not_believed(company, reads, content):
    kp.load(company)
    of_orders(company)
    (kept,) = (company.parent / "cache").rglob("sources.json")
    body = json.loads(kept.read_text().partition("\n")[2])
    assert body["contents"] == [sha256(company)]
    kept.write_bytes(content)
    assert of_orders(company) == sha256(company)
    assert len(reads) == 2


def test_a_kept_digest_harms_no_loading(company):
    kp.load(company)
    of_orders(company)
    assert len(kp.load(company).tables["orders"]) == 1
