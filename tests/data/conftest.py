"""Small folders of hand-made files, loaded on each engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpikit.data import engines, forms
from kpikit.data.dataset import Dataset, load
from kpikit.errors import DataError

ORDERS = "order_id,order_date,customer_id,amount\n"
ENGINES = ["pandas", pytest.param("polars", marks=pytest.mark.polars), "duckdb"]


@pytest.fixture(params=ENGINES)
def engine(request) -> str:
    return request.param


class Folder:
    """A folder of files; what is written is text as it stands, or bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def orders(self, *lines: str, header: str = ORDERS) -> None:
        self.write("orders.csv", header + "".join(f"{line}\n" for line in lines))

    def map(self, text: str) -> None:
        self.write("dataset.yaml", text)

    def load(self, **options: Any) -> Dataset:
        return load(self.path, **options)

    def table(self, name: str = "orders", **options: Any) -> pd.DataFrame:
        return plain(self.load(**options), name)

    def fault(self, **options: Any) -> str:
        """Load what cannot be loaded; give the message."""
        with pytest.raises(DataError) as caught:
            self.load(**options)
        return str(caught.value)


def plain(dataset: Dataset, name: str) -> pd.DataFrame:
    """A table as a pandas frame of one form, whatever its engine."""
    return forms.canonical(name, engines.to_pandas(dataset.tables[name]))


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def values() -> Callable[[pd.Series], list[Any]]:
    """Give the values of a column, with None for what is missing and days as text."""

    def listed(column: pd.Series) -> list[Any]:
        shown = column.dt.strftime("%Y-%m-%d") if column.dtype.kind == "M" else column
        return [None if one != one else one for one in shown.astype(object)]

    return listed
