"""Whose a row is: its member and where they stood that day, its customer, its region and channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpikit.data.frames import ROW, SCALE, STINT, Frame, col, day_number, unique_names
from kpikit.errors import DataError

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = [
    "LABELS",
    "MEMBER_DIMENSIONS",
    "belongings",
    "columns_of",
    "dimensions",
    "later_stints",
    "members_of",
    "numbers_of",
    "side_of",
    "tidy",
]

MEMBER_DIMENSIONS = ("rep", "team", "manager", "role")
LABELS = ("product", "product_line")
# Exact sums count ten-thousandths in 64 bits, with one bit to spare.
_MOST = 2**62 / SCALE
_NUMBERS = ("amount", "cost", "discount", "quantity")


def columns_of(dataset: Dataset, table: str) -> list[str]:
    """List the columns of a table; none where it is absent."""
    return dataset.frame(table).columns if table in dataset.tables else []


def side_of(dataset: Dataset, table: str, columns: tuple[str, ...]) -> tuple[Frame | None, list[str]]:
    """A table to look things up in, and which of the wanted columns it has."""
    if table not in dataset.tables:
        return None, []
    side = dataset.frame(table)
    return side, [name for name in columns if name in side.columns]


def belongings(dataset: Dataset, rows: Frame, day: str) -> Frame:
    """Add the dimensions: of the member, of the customer, and region and channel by precedence."""
    sources: dict[str, list[str]] = {"region": [], "channel": []}
    for name in sources:
        if name in rows.columns:
            rows = rows.label(f"row_{name}", name)
            sources[name].append(f"row_{name}")
    for name in LABELS:
        if name in rows.columns:
            rows = rows.label(name, name)
    if "customer_id" in rows.columns:
        rows = rows.label("customer", "customer_id")
        side, has = side_of(dataset, "customers", ("region", "channel", "segment"))
        if side is not None and has:
            for name in has:
                side = side.label(name, name)
            take = {("segment" if name == "segment" else f"customer_{name}"): name for name in has}
            rows = rows.lookup("customer", side.label("customer_id", "customer_id"), "customer_id", take)
            for name in set(has) - {"segment"}:
                sources[name].append(f"customer_{name}")
    if "rep_id" in rows.columns:
        rows = members_of(dataset, rows, day, "rep_id")
        if dataset.has("reps", "region"):
            sources["region"].append("rep_region")
    for name, found in sources.items():
        if found:
            rows = rows.coalesce(name, found)
    return rows


def members_of(dataset: Dataset, rows: Frame, day: str, rep_id: str) -> Frame:
    """Add who the member of an id is, and where they stood on the row's day.

    That is the last of a member's stints that has begun by the day, after its end too, until the next begins;
    before the first one has begun, and on no day, the first.
    """
    rows = rows.label("rep", rep_id)
    side, has = side_of(dataset, "reps", ("team", "manager", "role", "region"))
    if side is None:
        return rows
    named = col("name").fill_null(col("rep_id")) if "name" in side.columns else col("rep_id")
    side = side.with_columns(shown=named)
    side, has = side.with_columns(label=unique_names("shown", "rep_id")), [*has, "label"]
    later = later_stints(dataset)
    side = side.label("stint", "rep_id")
    if later:
        side = side.day("valid_from", "valid_from").stint("stint", "stint", "valid_from", later)
    for name in has:
        side = side.label(name, name)
    take = {("rep_region" if name == "region" else name): name for name in has}
    rows = rows.stint("stint", "rep", day, later).lookup("stint", side, "stint", take)
    # A member that no table knows keeps the id as a label.
    return rows.coalesce("rep", ["label", "rep"])


def later_stints(dataset: Dataset) -> list[tuple[str, int, str]]:
    """List the stints of members who moved, after their first: id, first day, key; in the order of time."""
    reps = dataset.reps
    if "valid_from" not in reps:
        return []
    ordered = reps.sort_values("valid_from", na_position="first", kind="stable")
    number = ordered.groupby("rep_id").cumcount() + 1
    later = ordered[number > 1]
    return [
        (str(one), day_number(start.date()), f"{one}{STINT}{count}")
        for one, start, count in zip(later["rep_id"], later["valid_from"], number[number > 1], strict=True)
    ]


def tidy(rows: Frame, keep: list[str]) -> Frame:
    """Keep some columns, all dimensions, and the number of the source row where there is one."""
    names = dict.fromkeys([*keep, *dimensions(), ROW])
    return rows.select([name for name in names if name in rows.columns])


def dimensions() -> list[str]:
    """List the columns that facts are split by."""
    return [*MEMBER_DIMENSIONS, "region", "channel", "segment", "customer", "customer_age", *LABELS]


def numbers_of(rows: Frame) -> tuple[Frame, list[str]]:
    """Make the columns of numbers exact, and list them."""
    names = [name for name in _NUMBERS if name in rows.columns]
    for name, total in rows.totals(names).items():
        if not total < _MOST:
            raise DataError(
                "measure",
                f"the values of {name} add up to more than {_MOST:,.0f}, which cannot be summed exactly",
                hint="state them in thousands or millions",
            )
        rows = rows.minor(name, name)
    return rows, [column for name in names for column in (name, f"has_{name}")]
