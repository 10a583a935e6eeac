"""What must hold in the tables, and what is to be known about them."""

from __future__ import annotations

from collections.abc import Mapping

from kpikit.data.checks.errors import check_errors
from kpikit.data.checks.moves import settle_undated
from kpikit.data.checks.warnings import find_warnings
from kpikit.data.reading import Ledger, Loaded

__all__ = ["check_tables"]


def check_tables(loaded: Mapping[str, Loaded], currency: str, ledger: Ledger) -> None:
    """Check loaded tables: errors stop or are mended as the mapping says, the rest is counted and listed.

    Parameters
    ----------
    loaded
        The tables by name; what is accepted is mended in them.
    currency
        The currency of the dataset.
    ledger
        Takes what is found.

    Raises
    ------
    DataError
        If the ledger is strict: on a label that stands for two things, an empty key, a key that stands twice,
        a date out of time, lines of one order that disagree, an outcome that is neither won nor lost, a quota
        that ends before it starts, shares that do not add up to 1, or amounts in another currency.
    """
    if "reps" in loaded:
        settle_undated(loaded["reps"], ledger)
    check_errors(loaded, currency, ledger)
    find_warnings(loaded, ledger)
