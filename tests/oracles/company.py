"""The company as it was known on a day: its rows, its customers, and the labels of both."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Any

from tests.oracles.tables import DAY, Row, Tables, day_of, days_of_month, fill_refunds, has, hide, money


class Company:
    """The tables as known on the as-of date, read for one period."""

    def __init__(
        self,
        tables: Tables,
        start: date | None,
        end: date,
        as_of: date,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.settings, self.as_of, self.whole = settings or {}, as_of, tables
        ids = [row["order_id"] for row in tables.get("orders", [])]
        self.has_number_ids = all(re.fullmatch("[0-9]+", i) for i in ids)
        known = hide(fill_refunds(tables), as_of)
        self.start, self.t = start, min(end, as_of)
        self.lines, self.deals = known.get("orders", []), known.get("deals", [])
        self.costs, self.customer_rows = known.get("costs", []), known.get("customers", [])
        self.sales = [line for line in self.lines if (money(line["amount"]) or 0) >= 0]
        self.conversations, self.entries = known.get("conversations", []), known.get("deal_stages", [])
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
        if row is None or "month" in row or "conversation_id" in row:
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

    def age_of(self, line: Row) -> str | None:
        """Tell whether a line is of a customer whose first order ever was less than a year before."""
        first = None if line["customer_id"] is None else self.first(line["customer_id"], date.max)
        if first is None or line["order_date"] is None:
            return None
        days = (day_of(line["order_date"]) - day_of(first["order_date"])).days
        return None if days < 0 else "new" if days < 365 else "existing"

    def row_label(self, row: Row, dimension: str) -> str:
        """Name the group of an order line, a deal or a conversation."""
        rep = self.reps.get(row.get("rep_id"), {})
        customer = self.customers.get(row.get("customer_id"), {})
        places = {
            "rep": (rep.get("name"), row.get("rep_id")),
            "region": (row.get("region"), customer.get("region"), rep.get("region")),
            "channel": (row.get("channel"), customer.get("channel")),
            "segment": (customer.get("segment"),),
            "customer": (row.get("customer_id"),),
        }
        if dimension == "customer_age":
            places[dimension] = (self.age_of(row),)
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

    def rep_label(self, rep: Row, dimension: str) -> str:
        """Name the group of a member of the team, by nothing but the table of reps."""
        names = (rep.get("name"), rep["rep_id"]) if dimension == "rep" else (rep.get(dimension),)
        return next((name for name in names if name is not None), f"no {dimension}")
