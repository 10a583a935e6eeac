"""Rows that may have to be left out: what was cancelled, drafted or deleted."""

from __future__ import annotations

from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.roles import Entry
from kpikit.data.drafting.scalars import scalar
from kpikit.data.drafting.sheets import Sheet
from kpikit.errors import cut

__all__ = ["doubtful_rows"]

_STATES = (
    *("status", "orderstatus", "state", "statuspesanan", "statusorder", "financialstatus", "invoicestatus"),
    *("statustransaksi", "statusfaktur", "stage"),
)
_PARTS = (
    "cancel",
    "batal",
    "void",
    "draft",
    "quotation",
    "refund",
    "return",
    "retur",
    "reject",
    "fail",
    "gagal",
    "unpaid",
)
_DELETED = ("isdeleted", "deleted", "archived", "isarchived", "dihapus", "istest")
_YES = ("true", "1", "yes", "ya", "y", "t")


def doubtful_rows(entry: Entry) -> list[str]:
    """Ask whether rows are to be left out, with the entry that would do so.

    What stands in the table's own file can be dropped there; of heads that are joined it is asked alone.
    """
    found = []
    for sheet in [entry.sheet, *(look.sheet for look in entry.joins if entry.table == "orders")]:
        is_own = sheet is entry.sheet
        words = _states(sheet) if entry.table == "orders" else {}
        words |= {header: deleted for header in sheet.headers if (deleted := _deleted(sheet, header))}
        for header, values in words.items():
            rows = sum(sheet.contents[header].counts[one] for one in values)
            shown = ", ".join(scalar(cut(one, 40)) for one in values[:5])
            how = f" (drop: {{{scalar(cut(header, 60))}: [{shown}]}})" if is_own else f" of {sheet.name}"
            found.append(f"are {rows:,} rows with {cut(header, 60)} {shown} to be left out?{how}")
    return found


def _states(sheet: Sheet) -> dict[str, list[str]]:
    """Give the columns of states in which some values say that an order did not come to be."""
    found = {}
    for name in _STATES:
        header = sheet.squashed.get(name)
        if header is not None and sheet.contents[header].are_categories:
            values = [
                one for one in sheet.contents[header].counts if any(part in squash(one) for part in _PARTS)
            ]
            if values:
                found[header] = values
    return found


def _deleted(sheet: Sheet, header: str) -> list[str]:
    if squash(header) not in _DELETED or not sheet.is_switch(header):
        return []
    return [one for one in sheet.contents[header].counts if one.casefold() in _YES]
