"""The rows behind a figure as lines of a table: each source row once, with what it brings to each measure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pandas as pd

from kpikit.kpis.behind import WHOSE, Behind
from kpikit.kpis.measures import Measure
from kpikit.kpis.naming import write
from kpikit.language import MISSING, day, month, number, quantity
from kpikit.views.axes import elide, printable

__all__ = ["MOST_LINES", "Lines", "equation", "heading", "lines_of"]

MOST_LINES = 20
MOST_LETTERS = 26
MOST_COLUMNS = 7
_TOLD = ("measure", "how", "part")
# What tells a row of a table apart, the most telling first.
_SHOWN = {
    "orders": ("order_id", "order_date", "customer", "rep", "product", "counted_region", "counted_channel",
               "refund_of", "amount"),
    "deals": ("deal_id", "closed_on", "created_on", "customer", "rep", "outcome", "amount", "stage",
              "counted_region"),
    "deal_stages": ("deal_id", "stage", "entered_on", "rep", "customer"),
    "conversations": ("conversation_id", "started_at", "first_reply_at", "channel", "rep", "customer"),
    "customers": ("customer_id", "name", "acquired_on", "left_on", "segment", "counted_region"),
    "reps": ("rep", "team", "hired_on", "left_on", "role"),
    "costs": ("month", "channel", "region", "amount"),
}  # fmt: skip
_DAYS = ("order_date", "closed_on", "created_on", "entered_on", "started_at", "acquired_on", "hired_on")
_MONEY = ("amount", "cost", "discount", "margin", "weighted_amount")
_AS_COUNTED = {"region": "counted_region", "channel": "counted_channel"}


@dataclass(frozen=True)
class Lines:
    """The rows of one table behind a figure, the largest first, as texts.

    Parameters
    ----------
    table, count
        The table, and how many of its rows are behind the figure.
    heads, numbers
        The headings of the columns; those of the measures, whose numbers stand on the right.
    shown
        The largest rows, a text for each column.
    rest, whole
        What the other rows, and all of them, bring to each measure, a text each.
    unbroken
        The headings of the columns whose texts are short: ids and days.
    share
        The part of the whole that the shown rows bring, where the figure is a sum.
    """

    table: str
    count: int
    heads: tuple[str, ...]
    numbers: tuple[str, ...]
    shown: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...]
    whole: tuple[str, ...]
    unbroken: tuple[str, ...] = ()
    share: float = float("nan")


def lines_of(
    found: Behind,
    *,
    fixed: Collection[str] = (),
    most: int = MOST_LINES,
    customers: Mapping[str, str] = MappingProxyType({}),
    currency: str = "",
    language: str = "en",
) -> list[Lines]:
    """Lay the rows behind a figure out, each table by itself, the rows with the largest parts first.

    Parameters
    ----------
    found
        What `behind` gives.
    fixed
        Dimensions that are the same in all rows, which need no column.
    most
        How many rows are shown of all tables together.
    customers
        The names of customers by id, as far as they are known.
    """
    tables = list(dict.fromkeys(found.rows["table"])) if len(found.rows) else []
    most = max(1, most // max(1, len(tables)))
    return [_table(found, name, fixed, most, customers, currency, language) for name in tables]


def equation(found: Behind, *, currency: str, language: str = "en") -> str:
    """Tell how the measures make the figure, such as `won 35 ÷ closed 95 = 36.8%`."""
    told = write(
        found.formula, lambda one: f"{found.names[one]} {exact(found.measures[found.names[one]], language)}"
    )
    return f"{told} = {quantity(found.value, found.asked.kpi.unit, currency=currency, language=language)}"


def exact(value: float, language: str = "en", places: int | None = None) -> str:
    """Write a number with as many decimals as it has, four at most.

    Examples
    --------
    >>> from kpikit.views.row_lines import exact
    >>> exact(1234.5), exact(35.0), exact(1234.5, "id", 2)
    ('1,234.5', '35', '1.234,50')
    """
    if value != value:
        return MISSING
    return number(value + 0.0, language, _places([value]) if places is None else places)


def heading(name: str) -> str:
    """Write the name of a column or measure as a heading.

    Examples
    --------
    >>> from kpikit.views.row_lines import heading
    >>> heading("counted_region"), heading("median_cycle_days")
    ('Region', 'Cycle days')
    """
    for prefix in ("counted_", "median_"):
        name = name.removeprefix(prefix)
    return name.replace("_", " ").capitalize()


def _places(values: list[float]) -> int:
    """Count the decimals that numbers have, four at most."""
    return next((n for n in range(4) if all(abs(one - round(one, n)) < 5e-5 for one in values)), 4)


def _table(
    found: Behind, table: str, fixed: Collection[str], most: int, customers: Mapping[str, str],
    currency: str, language: str,
) -> Lines:  # fmt: skip
    rows = found.rows[found.rows["table"] == table]
    measures = {name: one for one, name in found.names.items() if name in set(rows["measure"])}
    own = list(measures)
    wide, is_there = _wide(rows, own)
    order = wide[own].abs().assign(day=next((wide[one] for one in (*_DAYS, "month") if one in wide), pd.NaT))
    order = order.sort_values(list(order), ascending=False, kind="stable").index
    wide, is_there = wide.loc[order], is_there.loc[order]
    columns = _columns(wide, table, [*own, *fixed, *(_AS_COUNTED.get(name, name) for name in fixed)])
    places = {name: _places(wide[name].dropna().tolist()) for name in own}
    # Nobody reads hundredths of a cent; the sum below the table has them.
    places |= {name: min(places[name], 2) for name in own
               if _is_money(measures[name]) and wide[name].abs().max() >= 1}  # fmt: skip
    cells = {name: wide[name].head(most) for name in columns}
    if "customer" in cells:
        cells["customer"] = cells["customer"].map(lambda one: customers.get(one, one))
    texts = [[_text(one, name, language) for one in cells[name]] for name in columns]
    for name in own:
        known = zip(wide[name].head(most), is_there[name].head(most), strict=True)
        texts.append([exact(one, language, places[name]) if there else "" for one, there in known])
    heads = [heading(name) for name in own]
    heads = [f"{head} ({currency})" if currency and _is_money(measures[name]) else head
             for name, head in zip(own, heads, strict=True)]  # fmt: skip
    shown = [
        f"{heading(name)} ({currency})" if currency and name in _MONEY else heading(name) for name in columns
    ]
    numbers = _unlike(heads, shown)
    rest = wide.iloc[most:]
    return Lines(
        table, len(wide), (*shown, *numbers), numbers, tuple(zip(*texts, strict=True)),
        tuple(_sum(rest[name], language, places[name]) if _adds(rows, name) else "" for name in own),
        tuple(_whole(found, rows, name, language, places[name]) for name in own),
        tuple(head for head, name in zip(shown, columns, strict=True) if _is_short(name, wide)),
        _share(found, wide, own, most),
    )  # fmt: skip


def _is_short(name: str, wide: pd.DataFrame) -> bool:
    is_id = name.endswith("_id") and wide[name].dropna().map(len).max() < 16
    return is_id or pd.api.types.is_datetime64_any_dtype(wide[name])


def _is_money(measure: Measure) -> bool:
    return measure.how == "sum" and measure.column in _MONEY


def _share(found: Behind, wide: pd.DataFrame, own: list[str], most: int) -> float:
    """Give what the largest rows bring of the whole, where the figure is a sum of unlike parts above zero."""
    if len(found.names) > 1 or len(wide) <= most or set(found.rows["how"]) != {"sum"}:
        return float("nan")
    parts = wide[own[0]].dropna()
    if (parts < 0).any() or parts.nunique() < 3 or not parts.sum():
        return float("nan")
    return float(parts.head(most).sum() / parts.sum())


def _columns(wide: pd.DataFrame, table: str, without: Collection[str]) -> list[str]:
    """Choose the columns that say something: not what is blank, nor an outcome that all rows share."""
    known = [name for name in _SHOWN.get(table, ()) if name in wide and name not in without]
    known = [name for name in known if wide[name].notna().any()]
    silent = [name for name in ("outcome", "stage") if name in known and wide[name].nunique() == 1]
    if {"outcome", "stage"} <= set(known) and wide["outcome"].equals(wide["stage"]):
        silent.append("stage")
    return [name for name in known if name not in silent][:MOST_COLUMNS]


def _wide(rows: pd.DataFrame, measures: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each source row once, with what it brings to each measure, and to which it brings something.

    Rows that are alike in all that the table says of them are told apart by their order. Whose a row is tells
    none apart: one deal is created in one team, and closed in another.
    """
    rows = rows.dropna(axis="columns", how="all") if rows["part"].notna().any() else rows
    source = [name for name in rows if name not in _TOLD]
    alike = [name for name in source if name not in WHOSE]
    keys = row, place = "the row", "its place"
    rows = rows.assign(**{row: rows.groupby(alike, dropna=False, sort=False).ngroup(), "is there": True})
    rows = rows.assign(**{place: rows.groupby(["measure", row], sort=False).cumcount()})
    wide = rows.pivot(index=list(keys), columns="measure", values=["part", "is there"])
    parts = wide["part"][measures].astype("float64")
    # What a table says in a column of the measure's name is what the measure gathers of it.
    kept = [name for name in source if name not in measures]
    once = rows.drop_duplicates(keys).set_index(list(keys))[kept]
    both = once.join(parts).reset_index(drop=True)
    is_there = wide["is there"][measures].notna().reindex(once.index).reset_index(drop=True)
    return both, is_there


def _adds(rows: pd.DataFrame, measure: str) -> bool:
    return set(rows.loc[rows["measure"] == measure, "how"]) == {"sum"}


def _whole(found: Behind, rows: pd.DataFrame, measure: str, language: str, places: int) -> str:
    if _adds(rows, measure):
        return _sum(rows.loc[rows["measure"] == measure, "part"], language, places)
    return exact(found.measures[measure], language, None)


def _sum(parts: pd.Series, language: str, places: int) -> str:
    """Write a sum; that of what is not known is not zero."""
    return exact(parts.sum(min_count=min(len(parts), 1)), language, places)


def _unlike(measures: list[str], columns: list[str]) -> tuple[str, ...]:
    """Name columns so that no two are called the same."""

    def told() -> Iterator[str]:
        taken = set(columns)
        for name in measures:
            while name in taken:
                name = f"{name} counted"
            taken.add(name)
            yield name

    return tuple(told())


def _text(value: object, name: str, language: str) -> str:
    if value is None or value != value or value is pd.NaT:
        return ""
    if isinstance(value, date) and name == "month":
        return month(value, language)
    if isinstance(value, pd.Timestamp):
        clock = "" if value == value.normalize() else f", {value:%H:%M}"
        return day(value.date(), language) + clock
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, float):
        return exact(value, language)
    return elide(printable(str(value)), MOST_LETTERS)
