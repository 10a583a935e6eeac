"""Small random mappings over random rows, beside a twin that reads them row by row in plain Python.

The twin knows nothing of columns: it takes one row after the other through what docs/data.md says.
"""

import csv
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kpikit.data import engines
from kpikit.data.dataset import load
from kpikit.data.findings import CHECKS
from kpikit.data.tables import inspect
from kpikit.errors import DataError

HEADER = ("No", "Day", "Who", "Qty", "Price", "Kind", "State")
DAYS = ["2026-01-05", "2026-02-28", "2026-03-01", "", "soon"]
NUMBERS = ["0", "1", "2.5", "-3", "7", "-", "", "many"]
KEYS = ["C1", "C1", "C2", "NULL"]
KINDS = ["web", "Web", "shop", "", "n/a"]
STATES = ["open", "done", "", "True"]
NULLS = {"", "NULL", "n/a", "-"}
FORMS = {
    "Qty * Price": lambda qty, price, rate: qty * price,
    "Qty * (Price - 1) / _rate": lambda qty, price, rate: qty * (price - 1) / rate,
    "-Qty - Price - 2 * _rate": lambda qty, price, rate: -qty - price - 2 * rate,
}
ROW = st.tuples(*map(st.sampled_from, (DAYS, KEYS, NUMBERS, NUMBERS, KINDS, STATES)))
SIDE = st.tuples(*map(st.sampled_from, (["C1", "C2", "web", ""], ["Bali", "", "Java"], NUMBERS)))
CHOSEN = st.lists(st.sampled_from(["open", "done", "true", None]), min_size=1, max_size=2)
TO = st.sampled_from(["web", "store", None])
ENTRY = st.fixed_dictionaries(
    {"key": st.sampled_from(["Who", "Kind"]), "form": st.sampled_from(list(FORMS))},
    optional={
        "keep": CHOSEN,
        "drop": CHOSEN,
        "kept": st.lists(st.sampled_from(["Bali", "Java", None]), min_size=1, max_size=2),
        "values": st.tuples(
            st.sampled_from(["Kind", "channel"]),
            st.dictionaries(st.sampled_from(["web", "Web", "*"]), TO, min_size=1),
        ),
    },
)
ACTIONS = st.sampled_from(["set_null", "drop_row"])
MET = ("unparseable_date", "unparseable_number", "join_multiplies")


def entry_of(plan, number):
    """Write a plan as an entry of dataset.yaml."""
    made = {
        "file": f"rows{number}.csv",
        "columns": {"order_id": "No", "order_date": "Day", "customer_id": "Who", "channel": "Kind"},
        "compute": {"amount": plan["form"]},
        "joins": [
            {
                "file": "side.csv",
                "on": {plan["key"]: "key"},
                "take": {"region": "area", "_rate": "rate", "_area": "area"},
            }
        ],
    }
    made |= {name: {"State": plan[name]} for name in ("keep", "drop") if name in plan}
    if "kept" in plan:
        made["keep"] = {**made.get("keep", {}), "_area": plan["kept"]}
    if "values" in plan:
        made["values"] = {plan["values"][0]: plan["values"][1]}
    return made


class Twin:
    """Reads the rows of one entry after the other, and notes what was wrong: (check, file, line)."""

    def __init__(self, accept, side):
        self.accept, self.found, self.rows = accept, set(), []
        self.side, self.twice = {}, set()
        for line, (key, area, rate) in enumerate(side, start=2):
            if key in NULLS:
                continue
            if key in self.side:
                self.twice.add(key)
                self.found.add(("join_multiplies", "side.csv", f"line {line}"))
            self.side.setdefault(key, (text(area), text(rate)))

    def wrong(self, check, place, row):
        self.found.add((check, *place))
        row["doomed"] |= self.accept.get(check) == "drop_row"

    def number(self, written, place, row):
        if written is None or written in NULLS:
            return None
        try:
            return float(written)
        except ValueError:
            self.wrong("unparseable_number", place, row)
            return None

    def read(self, plan, number, rows):
        file = f"rows{number}.csv"
        for at, (day, who, qty, price, kind, state) in enumerate(rows):
            place, row = (file, f"line {at + 2}"), {"order_id": f"{number}-{at}", "doomed": False}
            if "keep" in plan and not among(text(state), plan["keep"]):
                continue
            if "drop" in plan and among(text(state), plan["drop"]):
                continue
            kind, who = text(kind), text(who)
            if kind is not None and "values" in plan:
                values = plan["values"][1]
                kind = values.get(kind, values.get("*", kind))
            row |= {"customer_id": who, "channel": kind, "order_date": None}
            if day == "soon":
                self.wrong("unparseable_date", place, row)
            elif day:
                row["order_date"] = date.fromisoformat(day)
            key = who if plan["key"] == "Who" else kind
            if key in self.twice:
                row["doomed"] |= self.accept.get("join_multiplies") == "drop_row"
            row["region"], rate = (None, None) if key in self.twice else self.side.get(key, (None, None))
            if "kept" in plan and row["region"] not in plan["kept"]:
                continue
            parts = [self.number(one, place, row) for one in (qty, price)]
            used = "_rate" in plan["form"]
            parts.append(self.number(rate, place, row) if used else 0.0)
            try:
                row["amount"] = None if None in parts else FORMS[plan["form"]](*parts)
            except ZeroDivisionError:
                row["amount"] = None
            if not row.pop("doomed"):
                self.rows.append(row)


def text(written):
    return None if written in NULLS else written


def among(value, chosen):
    return value in chosen or ("true" in chosen and value == "True")


def table_of(dataset):
    rows = engines.to_pandas(dataset.tables["orders"])
    columns = ["order_id", "order_date", "customer_id", "channel", "region", "amount"]
    made = [dict(zip(columns, one, strict=True)) for one in rows[columns].astype(object).to_numpy()]
    plain = lambda one: None if pd.isna(one) else one.date() if isinstance(one, pd.Timestamp) else one  # noqa: E731
    return [{name: plain(value) for name, value in row.items()} for row in made]


def write(place, plans, files, side, accept):
    for number, rows in enumerate(files):
        named = [(f"{number}-{at}", *row) for at, row in enumerate(rows)]
        put(place / f"rows{number}.csv", HEADER, named)
    put(place / "side.csv", ("key", "area", "rate"), side)
    orders = [entry_of(plan, number) for number, plan in enumerate(plans)]
    (place / "dataset.yaml").write_text(yaml.safe_dump({"accept": accept, "tables": {"orders": orders}}))


def put(path, header, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def places_of(findings):
    told = [one for one in findings if one.check in MET]
    assert all(len(one.examples) == one.rows for one in told)
    return sorted((one.check, place.file, place.line) for one in told for place in one.examples)


@pytest.mark.slow
@given(
    st.lists(st.tuples(ENTRY, st.lists(ROW, min_size=4, max_size=8)), min_size=1, max_size=2),
    st.lists(SIDE, min_size=3, max_size=5),
    st.fixed_dictionaries(dict.fromkeys(MET, ACTIONS)) | st.dictionaries(st.sampled_from(MET), ACTIONS),
)
def test_entries_are_read_as_a_twin_reads_them_row_by_row(parts, side, accept):
    plans, files = [plan for plan, _ in parts], [rows for _, rows in parts]
    twin = Twin(accept, side)
    for number, (plan, rows) in enumerate(zip(plans, files, strict=True)):
        twin.read(plan, number, rows)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), plans, files, side, accept)
        found = inspect(folder)
        assert set(places_of(found)) == twin.found
        told = {one.check for one in found if one.severity == "error"}
        assert told == {check for check, *_ in twin.found} - set(accept)
        if told:
            try:
                load(folder, cache=False)
            except DataError as fault:
                assert fault.check in told
            else:
                raise AssertionError(told)
            return
        assert table_of(load(folder, cache=False)) == twin.rows


def dirty(good, *bad):
    return st.sampled_from([good] * 4 + list(bad))


DIRT = {
    "orders": {
        "order_id": st.sampled_from(["1", "2", "3", "4", ""]),
        "order_date": dirty("2026-01-05", "x", "", "1800-01-01"),
        "customer_id": dirty("C", ""),
        "amount": dirty("1", "x", "€5"),
        "line_id": st.sampled_from(["1", "2", "3", ""]),
    },
    "credits": {
        "order_id": st.sampled_from(["1", "2", ""]),
        "rep_id": dirty("A", ""),
        "share": dirty("1", "2"),
    },
    "quotas": {
        "kpi": dirty("revenue", ""),
        "start": dirty("2026-01-01", "", "1800-01-01", "x"),
        "end": dirty("", "2025-01-01"),
        "value": dirty("5", "500", ""),
    },
}
TABLES = st.fixed_dictionaries(
    {name: st.lists(st.tuples(*columns.values()), max_size=8) for name, columns in DIRT.items()}
)
EVERY = [(name, action) for name, one in CHECKS.items() for action in one.actions]


@pytest.mark.slow
@given(TABLES, st.sets(st.sampled_from(EVERY), max_size=8))
def test_dirty_tables_cannot_be_loaded_exactly_where_an_error_is_listed(tables, accept):
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            put(Path(folder) / f"{name}.csv", DIRT[name], rows)
        files = {name: {"file": f"{name}.csv"} for name in tables}
        text = yaml.safe_dump({"accept": dict(accept), "tables": files})
        (Path(folder) / "dataset.yaml").write_text(text)
        found = inspect(folder)
        told = {one.check for one in found if one.severity == "error"}
        assert not told & set(dict(accept))
        try:
            dataset = load(folder, cache=False)
        except DataError as fault:
            assert fault.check in told
        else:
            assert not told
            assert sorted(map(str, dataset.findings)) == sorted(map(str, found))
