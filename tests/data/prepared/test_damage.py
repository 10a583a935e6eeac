"""A damaged entry is noticed and made again, and nothing that stands in it ends the process."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pandas as pd
import pytest

from tests.data.prepared.conftest import child, same

TIMES = 60

# Damages one place at a time and loads again; with "blind", the check of the pages lets everything through.
PROGRAM = """
import shutil, sys
from pathlib import Path
import numpy as np
import pandas as pd
import kpikit as kp
from kpikit.data.prepared import store

source, blind, times = sys.argv[1], sys.argv[2] == "blind", int(sys.argv[3])
fresh = kp.load(source, cache=False)
kp.load(source)
(entry,) = Path(sys.argv[4], "prepared").iterdir()
whole = {path.name: path.read_bytes() for path in entry.iterdir()}
random = np.random.default_rng(7)
if blind:
    store.page_digest = lambda content: type("Any", (str,), {"__eq__": lambda *_: True, "__hash__": None})()

def use(dataset):
    for frame in dataset.tables.values():
        for name in frame:
            frame[name].nunique(), frame[name].isna().sum(), frame[name].astype(object).tolist()
    return kp.measure(dataset, ["revenue", "order_count", "new_customers"], period="2026", by="region")

wanted = use(fresh)
for name, content in whole.items():
    if blind and name == "manifest.json":
        continue
    places = random.integers(0, len(content), times)
    if blind:  # near both ends, where Arrow says what the columns are, and anywhere
        size = len(content)
        places = [*places, *range(0, min(size, 1500), 7), *range(max(size - 900, 0), size, 7)]
    for place in map(int, places):
        shutil.rmtree(entry, ignore_errors=True)
        entry.mkdir(mode=0o700)
        for one, text in whole.items():
            (entry / one).write_bytes(text)
        bent = bytearray(content)
        bent[place] ^= 1 << int(random.integers(8))
        (entry / name).write_bytes(bent)
        if blind:
            try:
                use(kp.load(source))
            except Exception as fault:
                print(type(fault).__name__)
        else:
            dataset = kp.load(source)
            for table, frame in fresh.tables.items():
                pd.testing.assert_frame_equal(dataset.tables[table], frame)
            pd.testing.assert_frame_equal(use(dataset), wanted)
            assert (entry / name).read_bytes() == content or name == "manifest.json"
print("ended well")
"""


@pytest.fixture
def large(company):
    """A company whose columns take several pages, so that damage falls into every kind of memory."""
    random, rows = np.random.default_rng(3), 3000
    orders = pd.DataFrame(
        {
            "order_id": np.arange(rows),
            "order_date": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 365, rows), "D"),
            "customer_id": random.integers(0, 500, rows),
            "amount": random.normal(100, 20, rows).round(2),
            "region": random.choice(["Bali", "日本", None], rows),
        }
    )
    orders.to_csv(company.path / "orders.csv", index=False)
    return company


@pytest.mark.slow
@pytest.mark.parametrize("sight", ["seeing", "blind"])
def test_a_flipped_bit_anywhere_never_ends_the_process(large, sight):
    done = child(PROGRAM, large.path, sight, TIMES, large.cache)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.endswith("ended well\n")


def damages():
    def shorter(path):
        os.truncate(path, path.stat().st_size // 2)

    def empty(path):
        os.truncate(path, 0)

    def longer(path):
        with path.open("ab") as file:
            file.write(b"more")

    def other(path):
        path.write_bytes(os.urandom(path.stat().st_size))

    def zeroed(path):
        path.write_bytes(bytes(path.stat().st_size))

    def gone(path):
        path.unlink()

    def folder(path):
        path.unlink()
        path.mkdir()

    def link(path):
        path.rename(path.parents[2] / "elsewhere")
        path.symlink_to(path.parents[2] / "elsewhere")

    def pipe(path):
        path.unlink()
        os.mkfifo(path)

    return [shorter, empty, longer, other, zeroed, gone, folder, link, pipe]


@pytest.mark.parametrize("damage", damages(), ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", ["orders.arrow", "manifest.json"])
def test_a_file_that_is_something_else_is_made_again(company, is_read, name, damage):
    fresh = company.load(cache=False)
    company.load()
    damage(company.entry / name)
    assert is_read(lambda: same(company.load(), fresh))
    assert not is_read(lambda: same(company.load(), fresh))
    assert not (company.entry / name).is_symlink()


@pytest.mark.parametrize("kind", ["file", "folder", "link", "lost link"])
def test_an_entry_that_is_something_else_is_made_again(company, is_read, kind, tmp_path):
    fresh = company.load()
    entry = company.entry
    moved = entry.rename(tmp_path / "elsewhere")
    if kind == "file":
        entry.write_text("no folder")
    elif kind == "folder":
        entry.mkdir()
    else:
        entry.symlink_to(moved if kind == "link" else tmp_path / "none")
    assert is_read(lambda: same(company.load(), fresh))
    assert not is_read(lambda: same(company.load(), fresh))
    assert (moved / "manifest.json").is_file()  # what a link leads to is left alone


def test_the_entry_of_another_dataset_under_this_name_is_not_taken(company, is_read):
    company.load()
    first = company.entry
    company.write("orders.csv", "order_id,order_date,customer_id,amount\n9,2026-01-01,C9,1\n")
    company.load()
    (second,) = (entry for entry in company.entries if entry != first)
    shutil.rmtree(second)
    shutil.copytree(first, second)
    assert company.amounts() == [1.0]


def test_words_that_change_places_within_a_page_are_noticed_by_verify_alone(company):
    # The limit of an ordinary opening: the sum of the page stays as it was.
    amounts = np.arange(30_000) + 0.5
    lines = [f"{number},2026-01-05,C1,{amount}" for number, amount in enumerate(amounts)]
    company.write("orders.csv", "order_id,order_date,customer_id,amount\n" + "\n".join(lines))
    company.load()
    file = company.entry / "orders.arrow"
    content = file.read_bytes()
    two, swapped = amounts[15_000:15_002].tobytes(), amounts[[15_001, 15_000]].tobytes()
    assert content.count(two) == 1 and content.index(two) % 4096 < 4080
    file.write_bytes(content.replace(two, swapped))
    assert company.amounts()[15_000:15_002] == [15_001.5, 15_000.5]
    assert company.amounts(verify=True)[15_000:15_002] == [15_000.5, 15_001.5]
    assert company.amounts() == amounts.tolist()
