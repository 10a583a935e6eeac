"""The plain-Python twin of every KPI: naive loops over lists of dicts, in exact fractions.

It shares no code with the package. `measure` answers one question; the previous period is just another call.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor, isnan
from typing import Any, NamedTuple

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]

NOT_AVAILABLE = "not available"
CONVENTIONS = {
    "win_rate": ("closed", "created", "cohort"),
    "new_customers": ("first_order", "acquired_on"),
    "customer_lifetime_value": ("historic", "simple"),
}
KPIS = (
    *("revenue", "net_revenue", "gross_profit", "order_count", "average_order_value"),
    *("won_value", "win_rate", "sales_cycle_days", "pipeline_value"),
    *("active_customers", "new_customers", "acquisition_rate", "relationship_years"),
    *("customer_lifetime_value", "customer_acquisition_cost"),
)
DIMENSIONS = (
    *("rep", "team", "manager", "role", "region", "channel"),
    *("product_line", "product", "segment", "customer"),
)
# A plain empty list shows no columns, so it is taken to have these.
REQUIRED = {
    "orders": ("order_id", "order_date", "customer_id", "amount"),
    "deals": ("deal_id", "stage", "outcome"),
    "reps": ("rep_id",),
    "customers": ("customer_id",),
    "costs": ("month", "amount"),
    "credits": ("rep_id", "share"),
    "deal_stages": ("deal_id", "stage", "entered_on"),
}
REFUND_TAKES = ("customer_id", "rep_id", "region", "channel")
REFUND_TAKES_IF_AGREED = ("product", "product_line")
OF_MEMBERS = ("rep", "team", "manager", "role")
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


class Rows(list):
    """A list of rows that still knows its columns when the last row is gone."""

    columns: tuple[str, ...] = ()


class Part(NamedTuple):
    """The part of an entry that is a member's, between two shares of it; all of it where nobody shares."""

    entry: Any
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)

    @property
    def same(self) -> Any:
        """What parts of one entry have in common."""
        return self.entry if isinstance(self.entry, str) else id(self.entry)

    @property
    def weight(self) -> Fraction:
        """How much of one entry this is, in millionths."""
        return self.of(1, 1_000_000)

    def of(self, value: Fraction | int, scale: int = 10_000) -> Fraction:
        """Cut this part out of a value, down to whole smallest parts."""
        return Fraction(floor(value * scale * self.high) - floor(value * scale * self.low), scale)


class Result(NamedTuple):
    """A value, its denominator or count, and how many entries were gathered (0: nothing was there)."""

    value: Fraction | float | None
    n: int | None
    rows: int


def money(value: Any) -> Fraction | None:
    """Read an amount exactly; a float is taken at 4 decimals, NaN is missing."""
    if value is None or isnan(value):
        return None
    return Fraction(round(Fraction(value) * 10_000), 10_000) if isinstance(value, float) else Fraction(value)


def day_of(value: date | datetime | None) -> date | None:
    """Give the day of a date or of a moment."""
    return value.date() if isinstance(value, datetime) else value


def columns_of(tables: Tables, table: str) -> tuple[str, ...]:
    """List a table's columns, in the order in which they appear."""
    rows = tables[table]
    if rows:
        return tuple(dict.fromkeys(name for row in rows for name in row))
    return getattr(rows, "columns", REQUIRED.get(table, ()))


def has(tables: Tables, table: str, *columns: str) -> bool:
    """Tell whether a table is there with these columns."""
    return table in tables and set(columns_of(tables, table)) >= set(columns)


def ratio(numerator: Fraction | int | None, denominator: Fraction | int | None) -> Fraction | None:
    """Divide; undefined is None."""
    return None if numerator is None or not denominator else Fraction(numerator) / denominator


def fill_refunds(tables: Tables) -> dict[str, Rows]:
    """Let refunds take the blank order fields from the order they refund; filling twice changes nothing."""
    filled: dict[str, Rows] = {}
    for name, rows in tables.items():
        filled[name] = Rows(map(dict, rows))
        filled[name].columns = columns_of(tables, name)
    for row in filled.get("orders", []):
        amount = money(row["amount"])
        if amount is None or amount >= 0 or row.get("refund_of") is None:
            continue
        for field in REFUND_TAKES:
            for other in tables["orders"]:
                if field in row and row[field] is None and other["order_id"] == row["refund_of"]:
                    row[field] = other[field]
        for field in REFUND_TAKES_IF_AGREED:
            lines = [line for line in tables["orders"] if line["order_id"] == row["refund_of"]]
            sold = {line.get(field) for line in lines if (money(line["amount"]) or 0) >= 0}
            if field in row and row[field] is None and len(sold) == 1:
                row[field] = sold.pop()
    return filled


def hide(tables: Tables, as_of: date) -> dict[str, Rows]:
    """Cut the tables down to what was known at the end of the as-of date."""

    def later(value: date | datetime | None) -> bool:
        day = day_of(value)
        return day is not None and day > as_of

    drops = {
        "orders": "order_date",
        "deals": "created_on",
        "conversations": "started_at",
        "deal_stages": "entered_on",
    }
    blanks = {
        "conversations": ("first_reply_at", "closed_at"),
        "reps": ("left_on",),
        "customers": ("left_on",),
    }
    hidden: dict[str, Rows] = {}
    for name, rows in tables.items():
        hidden[name] = Rows(dict(row) for row in rows if not later(row.get(drops.get(name, ""))))
        hidden[name].columns = columns_of(tables, name)
        for row in hidden[name]:
            for column in blanks.get(name, ()):
                if later(row.get(column)):
                    row[column] = None
    history = [
        s for s in tables.get("deal_stages", []) if s["entered_on"] is not None and s["stage"] is not None
    ]
    for deal in hidden.get("deals", []):
        own = [s for s in history if s["deal_id"] == deal["deal_id"]]
        past = [s for s in own if not later(s["entered_on"])]
        if later(deal.get("closed_on")) or len(past) < len(own):
            # Sorting is stable: of one moment, the entry that stands last.
            deal["stage"] = sorted(past, key=lambda s: s["entered_on"])[-1]["stage"] if past else None
        if later(deal.get("closed_on")):
            deal["outcome"] = deal["closed_on"] = None
    return hidden


def employed(reps: list[Row], rep: str, start: date | None, end: date) -> bool:
    """Tell whether the rep of this label was employed on a day of the period; left_on is the last day."""
    for row in reps:
        if rep == (row["rep_id"] if row.get("name") is None else row["name"]):
            hired, left = row.get("hired_on"), row.get("left_on")
            starts = max((d for d in (hired, start) if d is not None), default=None)
            ends = min(d for d in (left, end) if d is not None)
            if starts is None or starts <= ends:
                return True
    return False


def staffed(
    tables: Tables, where: Mapping[str, Sequence[str]], start: date | None, end: date, as_of: date
) -> bool:
    """Tell whether a scope of known reps had one employed on a day of the period; others always have."""
    reps, wanted = hide(tables, as_of).get("reps", []), where.get("rep")
    known = {row["rep_id"] if row.get("name") is None else row["name"] for row in reps}
    if wanted is None or not set(wanted) <= known:
        return True
    return any(employed(reps, rep, start, end) for rep in wanted)


class Company:
    """The tables as known on the as-of date, read for one period."""

    def __init__(self, tables: Tables, start: date | None, end: date, as_of: date) -> None:
        ids = [row["order_id"] for row in tables.get("orders", [])]
        self.has_number_ids = all(re.fullmatch("[0-9]+", i) for i in ids)
        known = hide(fill_refunds(tables), as_of)
        self.start, self.t = start, min(end, as_of)
        self.lines, self.deals = known.get("orders", []), known.get("deals", [])
        self.costs, self.customer_rows = known.get("costs", []), known.get("customers", [])
        self.sales = [line for line in self.lines if (money(line["amount"]) or 0) >= 0]
        self.reps = {row["rep_id"]: row for row in known.get("reps", [])}
        self.customers = {row["customer_id"]: row for row in self.customer_rows}
        if len(self.reps) < len(known.get("reps", [])):
            raise ValueError("oracle: reps with several rows are not modelled")
        self.has_left_on = has(tables, "customers", "left_on")
        self.has_cost = has(tables, "orders", "cost")
        self.credits = tables.get("credits", [])
        buyers = {line["customer_id"] for line in self.sales if line["customer_id"] is not None}
        self.ids = sorted(buyers | set(self.customers))

    def is_in(self, value: date | datetime | None) -> bool:
        """Tell whether a date is in the period; rows without a date are in all time alone."""
        day = day_of(value)
        if day is None:
            return self.start is None
        return (self.start is None or self.start <= day) and day <= self.t

    def rank(self, line: Row) -> tuple[Any, ...]:
        """Order the orders of one day."""
        text = line["order_id"].encode()
        return (int(text), text) if self.has_number_ids else (text,)

    def orders_of(self, customer: str, day: date) -> list[Row]:
        """List a customer's dated sale lines up to a day, oldest order first."""
        own = [
            line for line in self.sales if line["customer_id"] == customer and line["order_date"] is not None
        ]
        own = [line for line in own if day_of(line["order_date"]) <= day]
        return sorted(own, key=lambda line: (day_of(line["order_date"]), self.rank(line)))

    def latest(self, customer: str, day: date) -> Row | None:
        """Find the customer's latest sale order by a day."""
        return (self.orders_of(customer, day) or [None])[-1]

    def first(self, customer: str, day: date) -> Row | None:
        """Find the customer's first sale order by a day; an order without a date is never the first."""
        return (self.orders_of(customer, day) or [None])[0]

    def since(self, customer: str) -> date | None:
        """Give the day on which somebody became a customer."""
        dates = [day_of(line["order_date"]) for line in self.orders_of(customer, date.max)]
        dates.append(day_of(self.customers.get(customer, {}).get("acquired_on")))
        return min((d for d in dates if d is not None), default=None)

    def acquired_by(self, day: date) -> list[str]:
        """List the customers acquired by a day."""
        return [c for c in self.ids if (since := self.since(c)) is not None and since <= day]

    def active(self, day: date) -> list[str]:
        """List the customers who are active on a day."""
        if not self.has_left_on:
            window = {day - i * DAY for i in range(365)}
            return [
                c for c in self.ids if any(day_of(o["order_date"]) in window for o in self.orders_of(c, day))
            ]
        left = {c: day_of(self.customers.get(c, {}).get("left_on")) for c in self.ids}
        return [c for c in self.acquired_by(day) if left[c] is None or left[c] > day]

    def spend(self, cost: Row) -> Fraction | None:
        """Give the part of a month's cost that falls on the days of the period."""
        amount = money(cost["amount"])
        if amount is None or cost["month"] is None:
            return amount
        units, total = round(amount * 10_000), 0
        days = days_of_month(cost["month"])
        for k, day in enumerate(days, start=1):
            if self.is_in(day):
                total += floor(Fraction(units * k, len(days))) - floor(Fraction(units * (k - 1), len(days)))
        return Fraction(total, 10_000)

    def credits_of(self, row: Row | None) -> list[tuple[str, Fraction, Fraction]]:
        """List the members who share an order line or a deal, with where their parts begin and end."""
        if row is None or "month" in row:
            return []
        key = "deal_id" if "deal_id" in row else "order_id"
        found = [c for c in self.credits if c.get(key) is not None and c.get(key) == row[key]]
        if key == "order_id" and not found and row.get("refund_of") and (money(row["amount"]) or 0) < 0:
            found = [c for c in self.credits if c.get(key) == row["refund_of"]]
        shares: dict[str, Fraction] = {}
        for credit in found:
            if credit["share"] is not None and credit["share"] > 0:
                shares[credit["rep_id"]] = shares.get(credit["rep_id"], 0) + Fraction(credit["share"])
        total, so_far, parts = sum(shares.values()), Fraction(0), []
        for rep in sorted(shares):
            parts.append((rep, so_far / total, (so_far + shares[rep]) / total))
            so_far += shares[rep]
        return parts

    def row_label(self, row: Row, dimension: str) -> str:
        """Name the group of an order line or a deal."""
        rep = self.reps.get(row.get("rep_id"), {})
        customer = self.customers.get(row.get("customer_id"), {})
        places = {
            "rep": (rep.get("name"), row.get("rep_id")),
            "region": (row.get("region"), customer.get("region"), rep.get("region")),
            "channel": (row.get("channel"), customer.get("channel")),
            "segment": (customer.get("segment"),),
            "customer": (row.get("customer_id"),),
        }
        if dimension in ("team", "manager", "role"):
            places[dimension] = (rep.get(dimension),)
        values = places.get(dimension, (row.get(dimension),))
        return next((value for value in values if value is not None), f"no {dimension}")

    def customer_label(self, customer: str, dimension: str, order: Row | None) -> str:
        """Name the group of a customer who is judged by this order."""
        own = self.customers.get(customer, {})
        if dimension == "customer":
            return customer
        if dimension == "region" and own.get("region") is not None:
            return own["region"]
        if order is not None:
            return self.row_label(order, dimension)
        # The customer's own fields are all that is known before the first order.
        return self.row_label({"customer_id": customer}, dimension)


def days_of_month(month: date | str) -> list[date]:
    """List the days of a month given as one of its days or as text like 2026-03."""
    year, number = map(int, month.split("-")[:2]) if isinstance(month, str) else (month.year, month.month)
    return [date(year, number, k) for k in range(1, monthrange(year, number)[1] + 1)]


def is_known(tables: Tables, source: str, dimension: str) -> bool:
    """Tell whether rows of orders, deals or costs, or customers, can be split by a dimension."""
    if source == "costs":
        return dimension in ("channel", "region") and has(tables, "costs", dimension)
    if source == "acquisitions":
        return dimension == "customer" or (
            dimension in ("region", "channel", "segment") and has(tables, "customers", dimension)
        )
    if source == "customers":
        if dimension in ("product", "product_line"):
            return False
        if dimension == "customer":
            return True
        own = dimension in ("region", "channel", "segment") and has(tables, "customers", dimension)
        return own or is_known(tables, "orders", dimension)
    by_customer = has(tables, source, "customer_id") and has(tables, "customers", dimension)
    by_rep = has(tables, source, "rep_id") and has(tables, "reps", dimension)
    is_shared = has(tables, "credits", "deal_id" if source == "deals" else "order_id")
    by_member = (is_shared or has(tables, source, "rep_id")) and has(tables, "reps", dimension)
    return {
        "rep": is_shared or has(tables, source, "rep_id"),
        "team": by_member,
        "manager": by_member,
        "role": by_member,
        "region": has(tables, source, "region") or by_customer or by_rep,
        "channel": has(tables, source, "channel") or by_customer,
        "product_line": has(tables, source, "product_line"),
        "product": source == "orders" and has(tables, source, "product"),
        "segment": by_customer,
        "customer": has(tables, source, "customer_id"),
    }[dimension]


def is_available(tables: Tables, kpi: str, convention: str | None, dimensions: Sequence[str]) -> bool:
    """Tell whether the tables, columns and dimensions that a KPI needs are there."""
    orders = has(tables, "orders", *REQUIRED["orders"])
    living = has(tables, "customers", "left_on", "acquired_on") or orders
    acquired = has(tables, "customers", "acquired_on")
    deals = {
        "won_value": ("closed_on", "amount"),
        "win_rate": {"closed": ("closed_on",), "created": ("created_on", "closed_on")}.get(
            convention, ("created_on",)
        ),
        "sales_cycle_days": ("created_on", "closed_on"),
        "pipeline_value": ("created_on", "closed_on", "amount"),
    }
    if kpi in deals:
        is_there, sources = has(tables, "deals", "outcome", *deals[kpi]), ["deals"]
    elif kpi in ("active_customers", "relationship_years"):
        is_there, sources = living, ["customers"]
    elif kpi in ("new_customers", "acquisition_rate"):
        by_date = convention == "acquired_on"
        is_there, sources = (acquired, ["acquisitions"]) if by_date else (orders, ["customers"])
    elif kpi == "customer_lifetime_value":
        is_there, sources = orders and convention is not None, ["orders", "customers"]
    elif kpi == "customer_acquisition_cost":
        is_there, sources = orders and has(tables, "costs", "month", "amount"), ["costs", "customers"]
    else:
        is_there, sources = orders and (kpi != "gross_profit" or has(tables, "orders", "cost")), ["orders"]
    return is_there and all(is_known(tables, source, d) for source in sources for d in dimensions)


def add_up(parts: list[Part], value: Callable[[Row], Fraction | None]) -> tuple[Fraction | None, int]:
    """Sum what is known: no rows are 0, rows that all lack the value are None."""
    known = [(part, v) for part in parts if (v := value(part.entry)) is not None]
    total = sum((part.of(v) for part, v in known), Fraction(0))
    return (None if parts and not known else total), len({part.same for part, _ in known})


def count(parts: list[Part]) -> Fraction:
    """Count entries, each by the parts of it that are there."""
    return sum((part.weight for part in parts), Fraction(0))


def entries_of(parts: list[Part]) -> int:
    """Count the different entries of which there is a part."""
    return len({part.same for part in parts})


def amount_of(row: Row) -> Fraction | None:
    """Read the amount of a line or a deal."""
    return money(row["amount"])


def margin_of(line: Row) -> Fraction | None:
    """Give amount less cost where both are known."""
    amount, cost = money(line["amount"]), money(line["cost"])
    return None if amount is None or cost is None else amount - cost


def count_orders(lines: list[Part]) -> tuple[Fraction, int]:
    """Count distinct orders among sale lines, by their parts and whole."""
    parts = {(line.entry["order_id"], line.low): line.weight for line in lines}
    return sum(parts.values(), Fraction(0)), len({order for order, _ in parts})


def median(days: list[int]) -> Fraction | None:
    """Give the middle, or the mean of the two in the middle."""
    days, half = sorted(days), len(days) // 2
    if not days:
        return None
    return Fraction(days[half]) if len(days) % 2 else Fraction(days[half - 1] + days[half], 2)


Entry = tuple[Any, Callable[..., str], Row | None]
Gathered = dict[str, list[Part]]
Formula = Callable[[Gathered], tuple[Fraction | None, int | None]]


def recipe(co: Company, kpi: str, convention: str | None) -> tuple[dict[str, list[Entry]], Formula]:
    """Gather what a KPI reads, each entry with its labels and its row, and give the formula of a group."""

    def rows(entries: list[Row]) -> list[Entry]:
        return [(row, co.row_label, row) for row in entries]

    def customers(ids: list[str], day: date, which: Callable[[str, date], Row | None]) -> list[Entry]:
        def labels(c: str) -> Callable[..., str]:
            return lambda row, d: co.customer_label(c, d, row)

        return [(c, labels(c), which(c, day)) for c in ids]

    t, profit = co.t, margin_of if co.has_cost else amount_of
    sales = [line for line in co.sales if co.is_in(line["order_date"])]
    lines = [line for line in co.lines if co.is_in(line["order_date"])]
    won = [d for d in co.deals if d["outcome"] == "won" and co.is_in(d.get("closed_on"))]
    firsts = [c for c in co.ids if (o := co.first(c, t)) is not None and co.is_in(o["order_date"])]
    if convention == "acquired_on":
        firsts = [row["customer_id"] for row in co.customer_rows if co.is_in(row["acquired_on"])]

    match kpi, convention:
        case "revenue", _:
            return {"sales": rows(sales)}, lambda g: add_up(g["sales"], amount_of)
        case "net_revenue", _:
            return {"lines": rows(lines)}, lambda g: add_up(g["lines"], amount_of)
        case "gross_profit", _:
            return {"lines": rows(lines)}, lambda g: add_up(g["lines"], margin_of)
        case "order_count", _:
            return {"sales": rows(sales)}, lambda g: count_orders(g["sales"])
        case "average_order_value", _:

            def average(g: Gathered) -> tuple[Fraction | None, int]:
                orders, n = count_orders(g["sales"])
                return ratio(add_up(g["sales"], amount_of)[0], orders), n

            return {"sales": rows(sales)}, average
        case "won_value", _:
            return {"won": rows(won)}, lambda g: add_up(g["won"], amount_of)
        case "win_rate", "closed":
            lost = [d for d in co.deals if d["outcome"] == "lost" and co.is_in(d["closed_on"])]
            parts = {"won": rows(won), "all": rows(won + lost)}
            return parts, lambda g: (ratio(count(g["won"]), count(g["all"])), entries_of(g["all"]))
        case "win_rate", "created":
            # A closing date without an outcome says nothing, so it dates nothing.
            closed = {d["deal_id"]: None if d["outcome"] is None else d["closed_on"] for d in co.deals}
            dated = [d for d in co.deals if co.is_in(d["created_on"] or closed[d["deal_id"]])]
            parts = {"won": rows(won), "all": rows(dated)}
            return parts, lambda g: (ratio(count(g["won"]), count(g["all"])), entries_of(g["all"]))
        case "win_rate", "cohort":
            cohort = [d for d in co.deals if co.is_in(d["created_on"])]
            parts = {"won": rows([d for d in cohort if d["outcome"] == "won"]), "all": rows(cohort)}
            return parts, lambda g: (ratio(count(g["won"]), count(g["all"])), entries_of(g["all"]))
        case "sales_cycle_days", _:
            both = [d for d in won if d["created_on"] is not None and d["closed_on"] is not None]
            both = [d for d in both if day_of(d["created_on"]) <= day_of(d["closed_on"])]

            def cycle(g: Gathered) -> tuple[Fraction | None, int]:
                deals = {part.same: part.entry for part in g["won"]}.values()
                days = [(day_of(d["closed_on"]) - day_of(d["created_on"])).days for d in deals]
                return median(days), len(days)

            return {"won": rows(both)}, cycle
        case "pipeline_value", _:
            created = [d for d in co.deals if d["created_on"] is not None and day_of(d["created_on"]) <= t]
            still = [d for d in created if d["outcome"] is None or day_of(d["closed_on"] or date.min) > t]
            return {"open": rows(still)}, lambda g: add_up(g["open"], amount_of)
        case "active_customers", _:
            parts = {"active": customers(co.active(t), t, co.latest)}
            return parts, lambda g: (count(g["active"]), entries_of(g["active"]))
        case "new_customers", _:
            # A date of acquisition says nothing of orders: only the customer's own fields split it.
            which = co.first if convention != "acquired_on" else lambda customer, day: None
            parts = {"new": customers(firsts, t, which)}
            return parts, lambda g: (count(g["new"]), entries_of(g["new"]))
        case "acquisition_rate", _:
            if co.start is None:
                return {"new": customers(firsts, t, co.first)}, lambda g: (None, None)
            eve = co.start - DAY
            parts = {
                "new": customers(firsts, t, co.first),
                "active": customers(co.active(eve), eve, co.latest),
            }
            return parts, lambda g: (ratio(count(g["new"]), count(g["active"])), entries_of(g["active"]))
        case "relationship_years", _:

            def tenure(g: Gathered) -> tuple[Fraction | None, int]:
                days = sum((t - co.since(part.entry)).days * part.weight for part in g["active"])
                return ratio(days / Fraction("365.25"), count(g["active"])), entries_of(g["active"])

            return {"active": customers(co.active(t), t, co.latest)}, tenure
        case "customer_lifetime_value", "historic":
            past = [line for line in lines if line["order_date"] is None]
            past += [line for line in co.lines if line["order_date"] and day_of(line["order_date"]) <= t]
            parts = {"lines": rows(past), "ever": customers(co.acquired_by(t), t, co.latest)}
            return parts, lambda g: (
                ratio(add_up(g["lines"], profit)[0], count(g["ever"])),
                entries_of(g["ever"]),
            )
        case "customer_lifetime_value", "simple":
            then, window = t - YEAR, {t - i * DAY for i in range(365)}
            before, now = co.active(then), co.active(t)
            parts = {
                "lines": rows([line for line in co.lines if day_of(line["order_date"]) in window]),
                "sales": rows([line for line in co.sales if day_of(line["order_date"]) in window]),
                "before": customers(before, then, co.latest),
                "kept": customers([c for c in before if c in now], then, co.latest),
                "active": customers(now, t, co.latest),
            }

            def simple(g: Gathered) -> tuple[Fraction | None, int]:
                orders, active = count_orders(g["sales"])[0], count(g["active"])
                margin = ratio(add_up(g["lines"], profit)[0], orders)
                often = ratio(orders, active)
                kept = ratio(count(g["kept"]), count(g["before"]))
                life = None if kept is None else ratio(1, 1 - kept)
                return (None if None in (margin, often, life) else margin * often * life), entries_of(
                    g["active"]
                )

            return parts, simple
        case "customer_acquisition_cost", _:
            spent = [
                c for c in co.costs if any(map(co.is_in, days_of_month(c["month"]) if c["month"] else [None]))
            ]
            labelled = [(c, lambda c, d: c[d] if c[d] is not None else f"no {d}", c) for c in spent]
            parts = {"costs": labelled, "new": customers(firsts, t, co.first)}
            return parts, lambda g: (
                ratio(add_up(g["costs"], co.spend)[0], count(g["new"])),
                entries_of(g["new"]),
            )
    raise ValueError(f"oracle: no KPI {kpi!r} with convention {convention!r}")


def measure(
    tables: Tables,
    kpi: str,
    start: date | None,
    end: date,
    as_of: date,
    *,
    convention: str | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
) -> dict[tuple[str, ...], Result] | str:
    """Measure one KPI over one period, in total (key `()`) and for each group that has anything in it.

    Parameters
    ----------
    tables
        Table name to rows.
    kpi, convention
        A name of `KPIS`, and of its `CONVENTIONS` (default: the first; lifetime value has no default).
    start, end
        The period, both days included; without a start it is all time.
    as_of
        The day after which nothing is known.
    by
        Dimensions whose labels are the keys.
    where
        Dimension to the labels that count.

    Returns
    -------
    dict or str
        Labels to `Result`; or "not available", where a table, column or dimension is missing.

    Examples
    --------
    >>> line = {"order_id": "1", "order_date": date(2026, 1, 5), "customer_id": "c1", "amount": 12}
    >>> measure({"orders": [line]}, "revenue", date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    {(): Result(value=Fraction(12, 1), n=1, rows=1)}
    """
    where = where or {}
    allowed = CONVENTIONS.get(kpi, (None,))
    if kpi not in KPIS or convention not in (None, *allowed):
        raise ValueError(f"oracle: no KPI {kpi!r} with convention {convention!r}")
    if convention is None and kpi != "customer_lifetime_value":
        convention = allowed[0]
    if not is_available(tables, kpi, convention, (*by, *where)):
        return NOT_AVAILABLE
    if start is not None and start > as_of:
        return {(): Result(None, None, 0)}
    company = Company(tables, start, end, as_of)
    parts, formula = recipe(company, kpi, convention)
    keyed: dict[str, list[tuple[Part, tuple[str, ...]]]] = {}
    for name, entries in parts.items():
        keyed[name] = []
        for entry, label, row in entries:
            own = [(None, Fraction(0), Fraction(1))]
            if {*by, *where} & set(OF_MEMBERS):
                own = company.credits_of(row) or own
            for rep, low, high in own:
                # Credits say who the members are; the rest, region included, is the row's own.
                theirs = row if rep is None else row | {"rep_id": rep}
                labels = {d: label(theirs if d in OF_MEMBERS else row, d) for d in (*by, *where)}
                if all(labels[d] in wanted for d, wanted in where.items()):
                    keyed[name].append((Part(entry, low, high), tuple(labels[d] for d in by)))
    results = {}
    for group in [(), *sorted({key for entries in keyed.values() for _, key in entries})]:
        members = {
            name: [entry for entry, key in entries if group in ((), key)] for name, entries in keyed.items()
        }
        results[group] = Result(*formula(members), sum(map(len, members.values())))
        if not results[group].rows and not staffed(tables, where, start, end, as_of):
            results[group] = Result(None, None, 0)
    return results
