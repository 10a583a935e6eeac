"""A table written in any way that the mapping can say is read as it was written, or refused by name."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import hypothesis
import pandas as pd
import pytest
from hypothesis import strategies

from kpikit.data.dataset import load
from kpikit.data.sources import csv_pieces
from kpikit.errors import DataError
from tests.data.sources.dialects import COLUMNS, FAULTS, NUMBERS, Written, files

PARTS, EXAMPLES = 5, 400
MOST_REFUSED = 0.2
# What each fault of a file is told as.
TOLD = {
    "a long value": r"product .* has more than 32,767 letters",
    # Where it stands among the first bytes, the file is taken for one that is no text.
    "a zero byte": "holds a zero byte, which no text has|the file is not text: it holds zero bytes",
    "a ragged row": r", line [0-9,]+: the row has \d+ values, the header \d+ columns",
    "two columns of one name": "two columns have the name",
    "an open quote": r", after line [0-9,]+: a quote is opened and never closed",
}


def values(table: pd.DataFrame, column: str) -> list[Any]:
    found = table[column]
    if column == "order_date":
        return [date(*one.timetuple()[:3]) for one in found]
    plain = [None if one is None or one != one else one for one in found.astype(object)]
    return [None if one is None else float(one) for one in plain] if column in NUMBERS else plain


def read_back(folder: Path, written: Written) -> None:
    """Compare a table with what was written; a file with a fault must be refused with the fault's name."""
    (folder / "orders.csv").write_bytes(written.content)
    (folder / "dataset.yaml").write_text(written.mapping, "utf-8")
    try:
        table = load(folder, cache=False).tables["orders"]
    except DataError as fault:
        assert written.fault, f"a whole file is refused: {fault}"
        assert str(fault).startswith("load: orders.csv")
        assert re.search(TOLD[written.fault], str(fault), re.DOTALL), fault
        return
    assert not written.fault, f"{written.fault} is read"
    for column in COLUMNS:
        assert values(table, column) == written.expected[column], column


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_table_written_in_any_way_is_read_as_it_was_written_or_refused_by_name(tmp_path, part):
    written: Counter[str] = Counter()

    @hypothesis.seed(part)  # the same ways in every run, and others in each part
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
    )
    # Small blocks too, at whose ends a value of several lines may be cut.
    @hypothesis.given(files(), strategies.sampled_from([1 << 22, 1 << 7, 1 << 5]))
    def check(one, block):
        written[one.fault] += 1
        with mock.patch.object(csv_pieces, "_PIECE", block):
            read_back(tmp_path, one)

    check()
    assert written.total() >= EXAMPLES
    refused = written.total() - written[""]
    assert set(written) <= {"", *FAULTS}
    assert 0 < refused <= MOST_REFUSED * written.total()
