"""The same monthly table of each rep, written by hand in pandas and in SQL, with skill.

Revenue, orders, active and new customers by rep and month, with `n`, gaps filled with zeros, and the month
before: customers as spans from one order to the next, counted by what begins and ends (no loop over months).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

START, END = "2023-01-01", "2026-09-30"
KPIS = ("revenue", "order_count", "active_customers", "new_customers")


def months() -> pd.PeriodIndex:
    """List the months, with the one before the first for comparison."""
    return pd.period_range("2022-12", END[:7], freq="M")


def pandas_facts(orders: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Derive what a whole history is needed for: each order once, spans of customers, first orders."""
    once = orders.drop_duplicates("order_id")
    visits = once.sort_values(["customer_id", "order_date", "order_id"])
    following = visits.groupby("customer_id", sort=False)["order_date"].shift(-1)
    spans = pd.DataFrame({"rep_id": visits["rep_id"], "start": visits["order_date"]})
    limit = spans["start"] + pd.Timedelta(days=365)
    spans["end"] = limit.where(following.isna() | (following > limit), following)
    firsts = visits.drop_duplicates("customer_id")[["rep_id", "order_date"]]
    return {"lines": orders, "once": once[["rep_id", "order_date"]], "spans": spans, "firsts": firsts}


def pandas_table(facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Make the table from the facts."""
    every = months()
    lines = facts["lines"]
    reps = np.sort(lines["rep_id"].unique())

    def month(days: pd.Series) -> pd.Series:
        return days.to_numpy().astype("datetime64[M]").astype("int64") - every[0].ordinal

    def grid(frame: pd.DataFrame, days: str) -> pd.core.groupby.DataFrameGroupBy:
        number = month(frame[days])
        inside = (number >= 0) & (number < len(every))
        return frame[inside].assign(month=number[inside]).groupby(["rep_id", "month"])

    index = pd.MultiIndex.from_product([reps, range(len(every))], names=["rep_id", "month"])
    sums = grid(lines, "order_date")["amount"].agg(["sum", "count"]).reindex(index, fill_value=0)
    table = pd.DataFrame({"revenue": sums["sum"], "revenue_n": sums["count"]})
    table["order_count"] = grid(facts["once"], "order_date").size().reindex(index, fill_value=0)
    ends = every.to_timestamp(how="end").normalize()
    begin = np.searchsorted(ends, facts["spans"]["start"].to_numpy(), side="left")
    stop = np.searchsorted(ends, facts["spans"]["end"].to_numpy(), side="left")
    change = pd.Series(0, index=index)
    for places, sign in ((begin, 1), (stop, -1)):
        events = pd.DataFrame({"rep_id": facts["spans"]["rep_id"], "month": places})
        change = change.add(sign * events.groupby(["rep_id", "month"]).size(), fill_value=0)
    running = change.reindex(index, fill_value=0).groupby("rep_id").cumsum()
    table["active_customers"] = running
    table["new_customers"] = grid(facts["firsts"], "order_date").size().reindex(index, fill_value=0)
    for name in KPIS:
        table[f"{name}_before"] = table.groupby("rep_id")[name].shift(1)
    return table[table.index.get_level_values("month") > 0]


def pandas_loop(facts: dict[str, pd.DataFrame]) -> pd.Series:
    """Count active customers as many do: a pass over all orders for each month."""
    spans, counts = facts["spans"], {}
    for end in months().to_timestamp(how="end").normalize():
        alive = spans[(spans["start"] <= end) & (spans["end"] > end)]
        counts[end] = alive.groupby("rep_id").size()
    return pd.DataFrame(counts).fillna(0).stack()


SQL_FACTS = """
CREATE OR REPLACE TEMP TABLE spans AS
WITH once AS (SELECT order_id, any_value(customer_id) AS customer_id, any_value(order_date) AS order_date,
                     any_value(rep_id) AS rep_id FROM orders GROUP BY order_id)
SELECT rep_id, order_date AS start,
       least(order_date + 365, coalesce(lead(order_date) OVER later, DATE '9999-01-01')) AS stop,
       lag(order_date) OVER later IS NULL AS is_first
FROM once WINDOW later AS (PARTITION BY customer_id ORDER BY order_date, order_id)
"""

SQL_TABLE = """
WITH months AS (
  SELECT unnest(generate_series(DATE '2022-12-01', DATE '2026-09-01', INTERVAL 1 MONTH))::DATE AS month),
reps AS (SELECT DISTINCT rep_id FROM orders),
sums AS (
  SELECT rep_id, date_trunc('month', order_date)::DATE AS month, sum(amount) AS revenue, count(amount) AS n,
         count(DISTINCT order_id) AS orders FROM orders
  WHERE order_date BETWEEN DATE '2022-12-01' AND DATE '2026-09-30' GROUP BY ALL),
events AS (
  SELECT rep_id, date_trunc('month', start)::DATE AS month, count(*) AS change FROM spans GROUP BY ALL
  UNION ALL
  SELECT rep_id, date_trunc('month', stop)::DATE, -count(*)
  FROM spans GROUP BY ALL),
changes AS (SELECT rep_id, greatest(month, DATE '2022-12-01') AS month, sum(change) AS change
            FROM events GROUP BY ALL),
news AS (SELECT rep_id, date_trunc('month', start)::DATE AS month, count(*) AS new FROM spans
         WHERE is_first GROUP BY ALL),
filled AS (
  SELECT rep_id, month, coalesce(revenue, 0) AS revenue, coalesce(n, 0) AS revenue_n,
         coalesce(orders, 0) AS order_count,
         sum(coalesce(change, 0)) OVER (PARTITION BY rep_id ORDER BY month) AS active_customers,
         coalesce(new, 0) AS new_customers
  FROM reps CROSS JOIN months LEFT JOIN sums USING (rep_id, month) LEFT JOIN changes USING (rep_id, month)
  LEFT JOIN news USING (rep_id, month))
SELECT *, lag(revenue) OVER w AS revenue_before, lag(order_count) OVER w AS order_count_before,
       lag(active_customers) OVER w AS active_customers_before,
       lag(new_customers) OVER w AS new_customers_before
FROM filled WINDOW w AS (PARTITION BY rep_id ORDER BY month)
QUALIFY month >= DATE '2023-01-01' ORDER BY rep_id, month
"""


def sql_table(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Make the table in SQL, from facts that `SQL_FACTS` made."""
    return connection.execute(SQL_TABLE).df()
