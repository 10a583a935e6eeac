"""Writes what docs/ takes from the code: parts of data.md, and kpis.md. `python tools/make_docs.py`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kpikit.data.contract import TABLES
from kpikit.data.findings import CHECKS
from kpikit.kpis.catalog import names
from kpikit.kpis.describing import describe
from kpikit.reports.kpi_cards import kpis_markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"


def checks() -> str:
    """The table of all checks."""
    lines = ["| check | | can be accepted by |", "|---|---|---|"]
    for name, check in CHECKS.items():
        kind = "" if check.severity == "error" else f"*{check.severity}:* "
        actions = ", ".join(f"`{one}`" for one in check.actions)
        lines.append(f"| `{name}` | {kind}{check.meaning} | {actions} |")
    return "\n".join(lines)


def contract() -> str:
    """The table of all tables and their columns."""
    lines = ["| table | required | optional |", "|---|---|---|"]
    for name, columns in TABLES.items():
        parts = [
            ", ".join(f"`{one}`" for one, column in columns.items() if column.is_required is required)
            for required in (True, False)
        ]
        lines.append(f"| {name} | {' | '.join(parts)} |")
    return "\n".join(lines)


def catalogue() -> str:
    """The cards of all KPIs."""
    return kpis_markdown([describe(name) for name in names()])


PARTS = {"data.md": {"checks": checks, "contract": contract}, "kpis.md": {"catalogue": catalogue}}


def filled(page: str, text: str) -> str:
    """Fill the marked parts of a page."""
    for name, make in PARTS[page].items():
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        made = f"{start}\n\n{make()}\n\n{end}"
        text, count = re.subn(f"{start}.*?{end}", lambda _, made=made: made, text, flags=re.S)
        if count != 1:
            raise ValueError(f"{start} stands {count} times")
    return text


def main() -> int:
    """Write the pages; with --check only say whether they are current."""
    texts = {page: (DOCS / page).read_text(encoding="utf-8") for page in PARTS}
    made = {page: filled(page, text) for page, text in texts.items()}
    if "--check" in sys.argv:
        return int(made != texts)
    for page, text in made.items():
        (DOCS / page).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
