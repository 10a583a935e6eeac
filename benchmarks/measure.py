"""KPIs of 5 M orders beside the same by hand: `python -m benchmarks.measure`.

Each ratio is kpikit's time over the time by hand, in one run, on the same rows, with equal output asserted.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

import kpikit as kp
from benchmarks import by_hand
from kpikit.data.samples import make_orders

COLUMNS = ["order_id", "order_date", "customer_id", "rep_id", "amount"]
GOAL, GOAL_OF_TEN = 1.2, 1.9
TEN = [
    "revenue",
    "net_revenue",
    "order_count",
    "average_order_value",
    "active_customers",
    "new_customers",
    "acquisition_rate",
    "relationship_years",
    "customer_lifetime_value:historic",
    "new_per_order",
]


def seconds(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Time some work: the median of several runs, and its last result."""
    times, result = [], None
    for _ in range(repeat):
        result = None
        gc.collect()
        begin = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begin)
    return float(np.median(times)), result


def pairs(ours: Callable[[], Any], theirs: Callable[[], Any], repeat: int) -> tuple[float, float, Any, Any]:
    """Time two works in turn, so that a change of the machine's speed hits both."""
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    results: dict[str, Any] = {}
    for _ in range(repeat):
        for name, work in (("theirs", theirs), ("ours", ours)):
            results.pop(name, None)
            gc.collect()
            begin = time.perf_counter()
            results[name] = work()
            times[name].append(time.perf_counter() - begin)
    return (
        float(np.median(times["ours"])),
        float(np.median(times["theirs"])),
        results["ours"],
        results["theirs"],
    )


def monthly(company: kp.Dataset, kpis: list[str] | None = None) -> pd.DataFrame:
    """Ask kpikit for the table."""
    return kp.measure(
        company,
        kpis or list(by_hand.KPIS),
        period=f"{by_hand.START}/{by_hand.END}",
        by="rep",
        grain="month",
        compare="previous",
    )


def check_equal(figures: pd.DataFrame, table: pd.DataFrame) -> None:
    """Assert that both made the same table."""
    table = table.reset_index()
    table["rep"] = table["rep_id"].astype(str)
    table = table.sort_values(["rep", "month"]).reset_index(drop=True)
    for name in by_hand.KPIS:
        mine = figures[figures["kpi"] == name].reset_index(drop=True)
        assert len(mine) == len(table), (name, len(mine), len(table))
        assert (mine["rep"] == table["rep"]).all(), name
        np.testing.assert_allclose(mine["value"], table[name].astype(float), rtol=1e-9, err_msg=name)
        np.testing.assert_allclose(mine["reference"], table[f"{name}_before"].astype(float), rtol=1e-9)
        n = table["revenue_n"] if name == "revenue" else table[name]
        np.testing.assert_array_equal(mine["n"].astype(float), n.astype(float))


def figure(name: str, value: float, goal: float) -> bool:
    """Print a headline figure, and tell whether it reaches its goal."""
    print(f"figure: {name} {value:.2f} (goal at most {goal})", flush=True)
    return value <= goal


def run(rows: int, repeat: int) -> bool:
    """Measure everything; tell whether all goals are reached."""
    kp.register(
        kp.KPI(
            "new_per_order",
            "rate",
            "share",
            kp.Rows("firsts", "order_date").count()
            / kp.Rows("orders", "order_date", "is_sale").distinct("order_id"),
        )
    )
    good = []
    for ids in ("integer", "text"):
        orders = make_orders(rows, text_ids=ids == "text")[COLUMNS]
        good += in_pandas(orders, ids, repeat)
        good += in_duckdb(orders, ids, repeat)
    return all(good)


def in_pandas(orders: pd.DataFrame, ids: str, repeat: int) -> list[bool]:
    """Compare with pandas by hand."""

    def ours() -> pd.DataFrame:
        return monthly(kp.Dataset({"orders": orders}))

    def theirs() -> pd.DataFrame:
        return by_hand.pandas_table(by_hand.pandas_facts(orders))

    mine, hand, figures, table = pairs(ours, theirs, repeat)
    check_equal(figures, table)
    print(f"pandas, {ids} ids, with facts: kpikit {mine:.2f} s, by hand {hand:.2f} s")
    good = [figure(f"pandas_facts_{ids}", mine / hand, GOAL)]
    company, facts = kp.Dataset({"orders": orders}), by_hand.pandas_facts(orders)
    monthly(company)
    mine, hand, figures, table = pairs(lambda: monthly(company), lambda: by_hand.pandas_table(facts), repeat)
    check_equal(figures, table)
    loop, _ = seconds(lambda: by_hand.pandas_loop(facts), 1)
    print(
        f"pandas, {ids} ids, warm: kpikit {mine:.2f} s, by hand {hand:.2f} s; a loop over months {loop:.2f} s"
    )
    good.append(figure(f"pandas_warm_{ids}", mine / hand, GOAL))
    return good + ten(company, f"pandas_{ids}", repeat)


def in_duckdb(orders: pd.DataFrame, ids: str, repeat: int) -> list[bool]:
    """Compare with SQL by hand."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE orders AS SELECT * REPLACE (order_date::DATE AS order_date) FROM orders")
    relation = connection.table("orders")

    def ours() -> pd.DataFrame:
        return monthly(kp.Dataset({"orders": relation}))

    def theirs() -> pd.DataFrame:
        connection.execute(by_hand.SQL_FACTS)
        return by_hand.sql_table(connection)

    mine, hand, figures, table = pairs(ours, theirs, repeat)
    check_equal(figures, table)
    print(f"duckdb, {ids} ids, with facts: kpikit {mine:.2f} s, by hand {hand:.2f} s")
    good = [figure(f"duckdb_facts_{ids}", mine / hand, GOAL)]
    company = kp.Dataset({"orders": relation})
    monthly(company)
    mine, hand, figures, table = pairs(
        lambda: monthly(company), lambda: by_hand.sql_table(connection), repeat
    )
    check_equal(figures, table)
    print(f"duckdb, {ids} ids, warm: kpikit {mine:.2f} s, by hand {hand:.2f} s")
    good.append(figure(f"duckdb_warm_{ids}", mine / hand, GOAL))
    return good + ten(company, f"duckdb_{ids}", repeat)


def ten(company: kp.Dataset, name: str, repeat: int) -> list[bool]:
    """Compare ten KPIs at once with the dearest of them alone."""
    alone = {kpi: seconds(lambda kpi=kpi: monthly(company, [kpi]), repeat)[0] for kpi in TEN}
    dearest = max(alone, key=lambda kpi: alone[kpi])
    together, _ = seconds(lambda: monthly(company, TEN), repeat)
    print(f"{name}: ten KPIs {together:.2f} s; the dearest alone, {dearest}, {alone[dearest]:.2f} s")
    return [figure(f"{name}_ten", together / alone[dearest], GOAL_OF_TEN)]


def main() -> int:
    """Run from the command line; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="order lines (default: 5 million)")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each work (default: 5)")
    given = parser.parse_args()
    return 0 if run(given.rows, given.repeat) else 1


if __name__ == "__main__":
    sys.exit(main())
