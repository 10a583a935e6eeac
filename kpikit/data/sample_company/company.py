"""The sample company as a whole, and as files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kpikit.data.sample_company.accounts import customers_table, make_accounts
from kpikit.data.sample_company.cast import reps_table
from kpikit.data.sample_company.conversations import make_conversations
from kpikit.data.sample_company.deals import make_deals
from kpikit.data.sample_company.orders import orders_table, products_table
from kpikit.data.sample_company.spend import make_costs, make_quotas

MONEY = ("amount", "cost", "discount", "list_price")


def make_company(seed: int = 7, scale: float = 1.0) -> dict[str, pd.DataFrame]:
    """Make the tables of the sample company, the same for the same seed on every machine.

    Parameters
    ----------
    seed
        Another seed makes another company of the same kind.
    scale
        How many customers there are, against the sample in data/samples; the sales team stays the same.

    Returns
    -------
    dict of DataFrame
        Each table under its name, with the columns of data/samples: ids and texts as str, dates as
        datetime64, money in USD as float64. Missing is null.

    Examples
    --------
    >>> from kpikit.data.samples import make_company
    >>> company = make_company(scale=0.1)
    >>> sorted(company)
    ['conversations', 'costs', 'customers', 'deal_stages', 'deals', 'orders', 'products', 'quotas', 'reps']
    >>> company["orders"]["order_date"].min().year
    2022
    """
    accounts = make_accounts(seed, scale)
    orders = orders_table(accounts, seed)
    deals, stages = make_deals(accounts, orders, seed, scale)
    conversations = make_conversations(accounts, deals, seed, scale)
    customer = deals.pop("customer")
    deals.insert(8, "customer_id", pd.Series(accounts.ids[customer], index=deals.index).where(customer >= 0))
    tables = {
        "orders": orders,
        "products": products_table(),
        "deals": deals,
        "deal_stages": stages,
        "conversations": conversations,
        "reps": reps_table(),
        "customers": customers_table(accounts),
        "quotas": make_quotas(orders, seed, scale),
        "costs": make_costs(seed, scale),
    }
    return {name: _typed(table) for name, table in tables.items()}


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Give text and dates one type each, so that no table depends on how it was made."""
    typed = table.copy()
    for name in typed:
        if pd.api.types.is_datetime64_dtype(typed[name]):
            typed[name] = typed[name].astype("datetime64[s]")
        elif not pd.api.types.is_numeric_dtype(typed[name]):
            typed[name] = typed[name].astype("str")
    return typed


def write_samples(folder: str | Path, seed: int = 7) -> list[Path]:
    """Write the tables of the sample company as CSV files, and return their paths.

    Parameters
    ----------
    folder
        Where to write; made if it is not there. Files of the same names are replaced; dataset.yaml, which
        says how to read them, is not written.
    seed
        Another seed makes another company of the same kind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from kpikit.data.samples import write_samples
    >>> with TemporaryDirectory() as folder:
    ...     print(", ".join(path.name for path in write_samples(folder)))
    conversations.csv, costs.csv, customers.csv, deal_stages.csv, deals.csv, orders.csv, products.csv, ...
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in sorted(make_company(seed).items()):
        paths.append(folder / f"{name}.csv")
        text = table.apply(_written).to_csv(index=False, lineterminator="\n")
        paths[-1].write_bytes(text.encode("utf-8"))
    return paths


def _written(column: pd.Series) -> pd.Series:
    """Write a column as text: money in cents, dates in ISO, moments without seconds, nothing for null."""
    if column.name in MONEY:
        text = column.map("{:.2f}".format).str.removesuffix(".00")
        return text.where(column.notna(), "")
    if pd.api.types.is_datetime64_dtype(column):
        return column.dt.strftime("%Y-%m-%d %H:%M" if column.name.endswith("_at") else "%Y-%m-%d").fillna("")
    return column.astype("str").where(column.notna(), "")
