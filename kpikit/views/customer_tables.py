"""Tables of customers to act on: the largest, those whose revenue fell, and those who have gone quiet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpikit.kpis.silences import LEAST_GAPS, LEAST_SILENCE
from kpikit.language import MISSING, count_word, day, number, quantity
from kpikit.views.cards import change_text
from kpikit.views.display import Html, notice
from kpikit.views.lists import below, frame
from kpikit.views.targets_table import grid
from kpikit.views.words import every, people, share_text, upper

__all__ = ["customers_grid", "largest_finding", "quiet_finding", "quiet_grid"]

MOST = 12
MUCH = 0.3
GROUPS = {"largest": "The largest", "fell most": "Not among the largest, and fell the most"}


def largest_finding(
    rows: pd.DataFrame, *, customers: int, before: int = 0, reference: str = "", is_fair: bool = True,
    language: str = "en",
) -> str:  # fmt: skip
    """Say how many of the largest customers buy more than before, and how many less.

    `rows` holds what `standing_out` gives, of so many `customers` who bought in the period, and `before` in
    the one of comparison.
    """
    own = rows[rows["group"] == "largest"]
    if own.empty:
        then = f"; {people(before, 'customer')} did in {reference}" if before and reference else ""
        return f"No customer bought anything{then}"
    one = "largest customer" if customers > len(own) else "customer"
    who = f"the {people(len(own), one)}"
    if not reference or not is_fair or own["change"].isna().all():
        # The parts of a whole add up to it but for the last digits.
        return upper(f"{who} brought {share_text(round(float(own['share'].sum()), 9), language)} of revenue")
    more, less = int((own["change"] > 0).sum()), int((own["change"] < 0).sum())
    if len(own) == 1:
        how = "more than" if more else "less than" if less else "as much as"
        return f"{upper(who)} bought {how} in {reference}"
    if more == len(own):
        return f"{upper(every(more, one))} bought more than in {reference}"
    text = f"{upper(count_word(more))} of {who} bought more than in {reference}"
    return f"{text}, {count_word(less)} less" if less else text


def customers_grid(
    rows: pd.DataFrame, names: Mapping[str, str], *, title: str, subtitle: str, notes: list[str], period: str,
    reference: str, is_fair: bool, currency: str, language: str,
) -> Html:  # fmt: skip
    """Show customers with revenue, share, what they bought before, last order and rep.

    `rows` holds what `standing_out` gives.
    """
    has_rep = bool(rows["rep"].notna().any())
    reference = reference if rows["reference"].notna().any() else ""
    heads = ["Customer", period, "Share", *([reference] if reference else [])]
    heads += ["Change"] if reference and is_fair else []
    has_last = bool(rows["last_order"].notna().any())
    heads += ["Last order"] if has_last else []
    numbers = heads[1:]
    heads += [*(["Rep"] if has_rep else []), "Worth a call"]
    table: list[list[str] | str] = []
    for group, own in rows.groupby("group", sort=False):
        if rows["group"].nunique() > 1:
            table.append(GROUPS[str(group)])
        for one in own.to_dict("records"):
            line = [_name(one, names), quantity(one["value"], "money", currency=currency, language=language)]
            line.append(share_text(one["share"], language) if one["share"] else "0%")
            if reference:
                line.append(quantity(one["reference"], "money", currency=currency, language=language))
            if reference and is_fair:
                line.append(_change(one, currency, language))
            line += [_day(one["last_order"], language)] if has_last else []
            line += [_rep(one["rep"])] if has_rep else []
            table.append([*line, _told(one, period, reference if is_fair else "", language)])
    text = "\n".join(row if isinstance(row, str) else " | ".join(row) for row in [heads, *table])
    return frame(title, subtitle, grid(heads, table, numbers) + below(notes), "\n".join([text, *notes]))


def quiet_finding(rows: pd.DataFrame, active: int, *, has_left: bool = False, language: str = "en") -> str:
    """Say how many of the active customers have gone quiet.

    `active` have ordered; `has_left`, whether the data tell who left: then others may be active as well.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.customer_tables import quiet_finding
    >>> quiet_finding(pd.DataFrame({"customer": ["A"]}), 1200)
    'One of 1,200 active customers has gone quiet'
    """
    if not active:
        return "No active customer has ordered" if has_left else "No customer is active"
    if active == 1:
        who = "The one active customer" + (" who has ordered" if has_left else "")
        return f"{who} has {'not ' if rows.empty else ''}gone quiet"
    who = f"{number(active, language)} active customers" + (" who have ordered" if has_left else "")
    count = len(rows)
    return f"{upper(count_word(count))} of {who} {'has' if count < 2 else 'have'} gone quiet"


def quiet_grid(
    rows: pd.DataFrame, names: Mapping[str, str], *, title: str, subtitle: str, has_left: bool, currency: str,
    language: str,
) -> Html:  # fmt: skip
    """Show who has gone quiet, who bought the most first.

    `rows` holds what `quiet` gives; `has_left`, whether the data tell who left.
    """
    if rows.empty:
        return notice(f"{title}.")
    has_rep = bool(rows["rep"].notna().any())
    heads = ["Customer", "Last order", "Silent for", "Usual wait", "Ordered on", "Last year"]
    numbers = heads[1:]
    heads += ["Rep"] if has_rep else []
    table = []
    for one in rows.head(MOST).to_dict("records"):
        bought = quantity(one["value"], "money", currency=currency, language=language)
        line = [_name(one, names), _day(one["last_order"], language)]
        line += [_days(one["days_silent"], language), _days(one["usual_days"], language)]
        line += [_days(one["n"], language), bought]
        table.append([*line, *([_rep(one["rep"])] if has_rep else [])])
    notes = [
        f"Gone quiet: ordered on at least {LEAST_GAPS + 1} days, and now silent for more than twice the usual"
        f" wait (the median) and more than {LEAST_SILENCE} days.",
        "Last year: what they bought in the 365 days up to their last order.",
        "Active: acquired, and not known to have left." if has_left else
        "Active: with an order in the last 365 days; who has been silent for longer is counted as lost.",
    ]  # fmt: skip
    if len(rows) > MOST:
        notes.insert(0, f"The {MOST} who bought the most of {len(rows)}.")
    text = "\n".join(" | ".join(row) for row in [heads, *table])
    return frame(title, subtitle, grid(heads, table, numbers) + below(notes), "\n".join([text, *notes]))


def _told(one: dict[str, Any], period: str, reference: str, language: str) -> str:
    """Say what stands out of a customer, as a reason to call; `reference` is what they are compared with."""
    if one["is_quiet"]:
        return f"quiet for {number(one['days_silent'], language)} days"
    if not one["value"]:
        return f"nothing in {period}"
    if not reference:
        return ""
    if not one["reference"]:
        return f"nothing in {reference}"
    if one["change_ratio"] <= -MUCH:
        return "fell: ask why"
    return "grew: offer more" if one["change_ratio"] >= MUCH else ""


def _name(one: dict[str, Any], names: Mapping[str, str]) -> str:
    return names.get(str(one["customer"]), str(one["customer"]))


def _change(one: dict[str, Any], currency: str, language: str) -> str:
    ratio = one["change_ratio"] if one["reference"] else float("nan")
    return change_text(one["value"], one["reference"], ratio, "money", currency, language)


def _day(value: Any, language: str) -> str:
    return MISSING if pd.isna(value) else day(pd.Timestamp(value).date(), language)


def _days(value: float, language: str) -> str:
    return quantity(value, "days", language=language)


def _rep(value: Any) -> str:
    return MISSING if value is None or pd.isna(value) else str(value)
