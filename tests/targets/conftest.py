"""What the tests of targets share: plans that went through a file, and one row of a result."""

from pathlib import Path

import pytest
import yaml

from kpikit.targets import read_plan

TARGET = {"name": "T", "kpi": "revenue", "set_on": "2026-01-01"}


@pytest.fixture
def make_plan(tmp_path):
    """Write targets to a plan under one objective, and read it; entries with a default need not be given."""

    def make(*targets, kpis=("revenue",), **top):
        many = [{**TARGET, "name": f"T{n}" if n else "T", **one} for n, one in enumerate(targets)]
        objective = {"name": "Objective", "kpis": list(kpis), "targets": many}
        path = Path(tmp_path) / "plan.yaml"
        document = {**top, "goals": [{"name": "Goal", "objectives": [objective]}]}
        path.write_text(yaml.safe_dump(document, sort_keys=False))
        return read_plan(path)

    return make


@pytest.fixture
def one():
    """Give the one row that has these values, with None for what is null."""

    def find(told, **wanted):
        rows = told
        for column, value in wanted.items():
            rows = rows[rows[column] == value]
        assert len(rows) == 1, rows.to_string()
        row = rows.iloc[0]
        return row.astype(object).where(row.notna(), None)

    return find
