"""A changed source, mapping or reader is noticed; what is the same is not read again."""

from __future__ import annotations

import os

import pytest

from kpikit.data.prepared import key
from tests.data.prepared.conftest import ORDERS, same

OTHER = ORDERS.replace("10.50", "99.50")
assert len(OTHER) == len(ORDERS)


def keep_times(file, text):
    """Write a file anew, with the size and the time that it had."""
    before = file.stat()
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_a_second_loading_reads_no_source_and_gives_the_same(company, is_read):
    fresh = company.load(cache=False)
    assert company.entries == []
    assert is_read(lambda: same(company.load(), fresh))
    assert not is_read(lambda: same(company.load(), fresh))


def test_another_size_is_noticed(company):
    assert company.amounts() == [10.5, -3.25]
    company.write("orders.csv", ORDERS + "4,2026-03-01,C4,7,Bali\n")
    assert company.amounts() == [10.5, -3.25, 7]


def test_another_content_of_the_same_size_is_noticed_by_its_time(company):
    company.load()
    os.utime(company.write("orders.csv", OTHER), (1, 1))
    assert company.amounts() == [99.5, -3.25]


def test_another_content_with_size_and_time_kept_is_noticed_by_verify_alone(company):
    company.load()
    keep_times(company.path / "orders.csv", OTHER)
    assert company.amounts() == [10.5, -3.25]
    assert company.amounts(verify=True) == [99.5, -3.25]
    assert company.amounts() == [99.5, -3.25]


def test_verify_by_the_environment(company, monkeypatch):
    company.load()
    keep_times(company.path / "orders.csv", OTHER)
    monkeypatch.setenv("KPIKIT_VERIFY", "1")
    assert company.amounts() == [99.5, -3.25]


def test_verify_of_what_is_the_same_reads_no_source_again_once_contents_are_known(company, is_read):
    company.load()
    assert is_read(lambda: company.load(verify=True))  # the contents were not digested until now
    assert not is_read(lambda: company.load(verify=True))
    assert not is_read(company.load)


def test_a_touched_source_is_read_again(company, is_read):
    company.load()
    os.utime(company.path / "orders.csv", (1, 1))
    assert is_read(company.load)


def test_a_source_replaced_by_a_renamed_file_is_noticed(company):
    company.load()
    new = company.write("new.csv", OTHER)
    os.utime(new, (2, 2))
    new.replace(company.path / "orders.csv")
    assert company.amounts() == [99.5, -3.25]


def test_a_link_to_another_file_is_noticed(company):
    one, two = company.write("one", ORDERS), company.write("two", OTHER)
    link = company.path / "orders.csv"
    for file, amount in ((one, 10.5), (two, 99.5)):
        os.utime(file, (1, 1))
        link.unlink()
        link.symlink_to(file.name)
        assert company.amounts()[0] == amount


def test_another_mapping_is_noticed(company, is_read):
    company.write("dataset.yaml", "tables: {orders: {file: orders.csv}}")
    assert list(company.load().tables["orders"]["region"].dropna()) == ["Bali", "a, b"]
    company.write("dataset.yaml", "tables: {orders: {file: orders.csv, columns: {region: customer_id}}}")
    assert list(company.load().tables["orders"]["region"]) == ["Ω-1", "C2", "日本"]


def test_another_engine_opens_the_same_entry(company, is_read):
    company.write("dataset.yaml", "engine: pandas\ntables: {orders: {file: orders.csv}}")
    company.load()
    company.write("dataset.yaml", "engine: duckdb\ntables: {orders: {file: orders.csv}}")
    assert not is_read(company.load)


def test_another_kpikit_reads_again(company, is_read, monkeypatch):
    company.load()
    monkeypatch.setattr(key, "reader", lambda: "another")
    assert is_read(company.load)
    assert not is_read(company.load)


def test_a_file_of_a_join_is_a_source_too(company):
    company.write("names.csv", "id,name\n1,North\n3,South\n")
    join = "{file: names.csv, on: {order_id: id}, take: {region: name}}"
    company.write("dataset.yaml", f"tables: {{orders: {{file: orders.csv, joins: [{join}]}}}}")
    assert company.load().tables["orders"]["region"].tolist()[0] == "North"
    company.write("names.csv", "id,name\n1,Northern\n3,South\n")
    assert company.load().tables["orders"]["region"].tolist()[0] == "Northern"


@pytest.mark.parametrize("end", ["-wal", ".wal"])
def test_the_log_of_a_database_is_a_source_too(company, end):
    from kpikit.data.settings import Settings

    base = company.write("orders.db", "a database")
    before = key.key_of(Settings(), company.path, [base])
    company.write(f"orders.db{end}", "a row")
    after = key.key_of(Settings(), company.path, [base])
    assert before.digest != after.digest and before.dataset == after.dataset


def test_a_source_that_changes_while_it_is_read_is_not_kept(company, monkeypatch):
    from kpikit.data import tables

    real = tables.check_tables

    def late(*given):
        company.write("orders.csv", OTHER + "\n")
        return real(*given)

    monkeypatch.setattr(tables, "check_tables", late)
    found = company.load().findings[-1]
    assert found.check == "not_kept" and "orders.csv changed while it was read" in found.message
    assert company.entries == []


def test_what_is_no_file_has_no_key(company, tmp_path):
    from kpikit.data.settings import Settings

    os.mkfifo(tmp_path / "pipe")
    for path in (company.path, company.path / "none", tmp_path / "pipe"):
        assert key.key_of(Settings(), company.path, [path]) is None


@pytest.mark.parametrize("is_set", ["1", "yes"])
def test_no_cache_keeps_and_finds_nothing(company, is_read, monkeypatch, is_set):
    company.load(cache=False)
    assert company.entries == []
    company.load()
    assert is_read(lambda: company.load(cache=False))
    monkeypatch.setenv("KPIKIT_NO_CACHE", is_set)
    assert is_read(company.load)
