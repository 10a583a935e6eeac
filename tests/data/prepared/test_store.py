"""Entries are whole or not there, private, and bounded; where none can be kept, loading goes on."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from kpikit.data.prepared import Prepared, keeping
from kpikit.data.prepared.entries import discard
from kpikit.errors import DataError, ParameterError
from tests.data.prepared.conftest import ORDERS, child, same

LOAD = "import sys, kpikit as kp; print(kp.load(sys.argv[1]).tables['orders']['amount'].sum())"


@pytest.fixture(autouse=True, params=["in the end", "at once"])
def written(request, monkeypatch):
    """Tables are written when all are checked, or, as only large ones are else, when each is read."""
    if request.param == "at once":
        monkeypatch.setattr(keeping, "_LARGE", 0)


def test_only_the_user_can_read_an_entry(company):
    company.load()
    assert stat.S_IMODE(company.cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(company.entry.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in company.entry.iterdir()} == {0o600}


def test_a_cache_that_others_could_read_is_closed(company):
    company.load()
    company.entry.parent.chmod(0o755)
    company.load()
    assert stat.S_IMODE(company.entry.parent.stat().st_mode) == 0o700


def not_kept(company, words):
    """Load where nothing can be kept: the figures are right, one finding tells why, nothing is left."""
    fresh = company.load(cache=False)
    dataset = company.load()
    *others, last = dataset.findings
    assert tuple(others) == fresh.findings
    assert last.check == "not_kept" and words in last.message, last
    for name, table in fresh.tables.items():
        assert table.equals(dataset.tables[name])


@pytest.mark.parametrize("inner", [False, True])
def test_a_folder_that_others_can_write_is_neither_read_nor_written(company, is_read, inner):
    company.load()
    (company.entry.parent if inner else company.cache).chmod(0o777)
    entries = company.entries
    assert is_read(company.load)
    not_kept(company, "others can write")
    assert company.entries == entries


def test_a_folder_of_somebody_else_is_not_used(company, monkeypatch):
    company.load()
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    not_kept(company, "belongs to somebody else")


def test_a_link_to_a_cache_folder_is_followed_and_none_inside_of_it(company, tmp_path, is_read):
    (tmp_path / "disk").mkdir(mode=0o700)
    company.cache.symlink_to(tmp_path / "disk")
    company.load()
    assert (tmp_path / "disk" / "prepared").is_dir()
    assert not is_read(company.load)
    (tmp_path / "disk" / "prepared").rename(tmp_path / "away")
    (tmp_path / "disk" / "prepared").symlink_to(tmp_path / "away")
    not_kept(company, "is no folder")


def test_a_file_in_place_of_the_cache_folder(company):
    company.cache.write_text("a file")
    not_kept(company, "File exists")
    assert company.cache.read_text() == "a file"


def test_a_folder_that_cannot_be_made(company, monkeypatch):
    monkeypatch.setenv("KPIKIT_CACHE", "/dev/null/cache")
    not_kept(company, "Not a directory")


def test_a_user_without_a_home(company, monkeypatch):
    # `pwd` knows no such user, so that nothing tells a home.
    code = "import os, pwd; pwd.getpwuid = pwd.getpwnam = lambda _: {}['nobody']\n" + LOAD
    code += "\nprint(kp.load(sys.argv[1]).findings[-1])"
    for name in ("HOME", "XDG_CACHE_HOME", "KPIKIT_CACHE"):
        monkeypatch.delenv(name, raising=False)
    done = child(code, company.path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("7.25\n") and "has no home (set KPIKIT_CACHE" in done.stdout


def test_the_users_own_cache_folder(company, tmp_path):
    environment = {
        "KPIKIT_CACHE": "",
        "XDG_CACHE_HOME": str(tmp_path / "xdg"),
        "HOME": str(tmp_path / "home"),
    }
    assert child(LOAD, company.path, **environment).stdout == "7.25\n"
    assert list((tmp_path / "xdg" / "kpikit" / "prepared").iterdir())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("step", ["mkdir", "write_table", "new_file", "_sync", "rename"])
def test_whatever_the_disk_refuses_nothing_half_written_is_left(company, monkeypatch, step, code):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    place = {"mkdir": os, "rename": os}.get(step, keeping)
    monkeypatch.setattr(place, step, refuse)
    not_kept(company, os.strerror(code))
    assert company.entries == []


def test_a_full_disk(company):
    # A file cannot grow beyond this limit: writing fails as on a full disk, in the middle.
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
    done = child(limit + LOAD + "\nprint(kp.load(sys.argv[1]).findings[-1])", company.path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("7.25\n")
    assert "cannot be kept for the next time: File too large" in done.stdout
    assert company.entries == []


@pytest.mark.parametrize("moment", ["map_file", "page_digest", "_sync", "os.rename", "trim"])
def test_who_is_killed_while_writing_leaves_nothing_that_is_found(company, is_read, moment):
    code = f"""
import os, signal
from kpikit.data.prepared import keeping
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
{"os.rename" if moment == "os.rename" else "keeping." + moment} = die
"""
    done = child(code + LOAD, company.path)
    assert done.returncode == -signal.SIGKILL
    fresh = company.load(cache=False)
    assert is_read(lambda: same(company.load(), fresh)) == (moment != "trim")
    assert not is_read(lambda: same(company.load(), fresh))


@pytest.mark.parametrize("line", ["", "4,2026-03-01,C4,7,Bali\n"])
def test_what_nobody_finishes_is_removed_after_an_hour(company, line):
    """By who keeps another state, and by who only opens what is there."""
    company.load()
    place = company.entry.parent
    for name, age in (("part-old", 2 * 3600), ("gone-old", 2 * 3600), ("part-new", 60)):
        (place / name).mkdir()
        (place / name / "orders.arrow").write_text("half")
        os.utime(place / name, (time.time() - age,) * 2)
    if line:
        company.write("orders.csv", ORDERS + line)
    company.load()
    assert [entry.name for entry in company.entries if "old" in entry.name or "new" in entry.name] == [
        "part-new"
    ]


def test_two_that_write_the_same_entry_at_once_both_succeed(company):
    command = [sys.executable, "-c", LOAD, company.path]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [one.communicate(timeout=120)[0] for one in running] == ["7.25\n"] * 4
    assert company.entry.is_dir()


def test_who_comes_second_leaves_the_first_entry_in_place(company, monkeypatch):
    real = keeping._sync

    def late(*given):
        real(*given)
        monkeypatch.setattr(keeping, "_sync", real)
        company.load()  # another process, which is quicker

    monkeypatch.setattr(keeping, "_sync", late)
    assert [one.check for one in company.load().findings if one.check == "not_kept"] == []
    assert company.entry.is_dir()


def test_tables_in_use_stay_readable_when_their_entry_is_removed(company):
    dataset = company.load()
    for entry in company.entries:
        discard(entry)
    assert company.entries == []
    assert dataset.tables["orders"]["amount"].sum() == 7.25
    assert dataset.tables["orders"]["customer_id"].tolist() == ["Ω-1", "C2", "日本"]


def grow(company, number):
    """Load another state of the company; give its entry."""
    before = set(company.entries)
    company.write("orders.csv", ORDERS + f"5,2026-03-01,C4,{10**number},Bali\n")
    company.load()
    (new,) = set(company.entries) - before
    os.utime(new / "manifest.json", (number, number))
    return new


def test_the_last_three_states_of_a_dataset_are_kept(company):
    entries = [grow(company, number) for number in range(1, 6)]
    assert set(company.entries) == set(entries[2:])


def test_the_least_recently_used_go_beyond_the_size(company, tmp_path, monkeypatch):
    first = grow(company, 1)
    size = sum(file.stat().st_size for file in first.iterdir())
    second = grow(company, 2)
    os.utime(first / "manifest.json", (9, 9))  # as finding it does
    monkeypatch.setenv("KPIKIT_CACHE_SIZE", str(2.5 * size / 1e9))
    third = grow(company, 3)
    assert set(company.entries) == {first, third} and not second.exists()


def test_finding_an_entry_makes_it_the_most_recently_used(company):
    company.load()
    os.utime(company.entry / "manifest.json", (1, 1))
    company.load()
    assert (company.entry / "manifest.json").stat().st_mtime > 1


def test_tables_beyond_the_size_are_not_kept(company, monkeypatch):
    monkeypatch.setenv("KPIKIT_CACHE_SIZE", "0")
    not_kept(company, "they take 0.0 GB of at most 0 GB (KPIKIT_CACHE_SIZE)")
    assert company.entries == []


@pytest.mark.parametrize("written", ["much", "-1", "nan", "inf"])
def test_a_size_that_is_none_is_refused(written, monkeypatch):
    monkeypatch.setenv("KPIKIT_CACHE_SIZE", written)
    with pytest.raises(ParameterError, match=f"KPIKIT_CACHE_SIZE: '{written}' is no size"):
        Prepared()


def test_what_the_checks_change_is_kept_as_it_is_in_the_end(company):
    company.write("dataset.yaml", "tables: {orders: {file: orders.csv}}\naccept: {duplicate_key: drop_row}\n")
    header = ORDERS.splitlines()[0]
    company.write(
        "orders.csv", f"{header},line_id\n1,2026-01-05,C1,10.5,Bali,L1\n1,2026-01-05,C1,99,Bali,L1\n"
    )
    assert company.load().tables["orders"]["amount"].tolist() == [10.5]
    assert company.entry.is_dir()
    assert company.load().tables["orders"]["amount"].tolist() == [10.5]


def test_an_error_leaves_nothing(company):
    company.write("orders.csv", ORDERS + "1,2026-01-09,C1,1,Bali\n")
    with pytest.raises(DataError, match="has order_date '2026-01-09' here"):
        company.load()
    assert company.entries == []
