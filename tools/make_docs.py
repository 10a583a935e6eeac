"""Writes the parts of docs/data.md that come from the code: `python tools/make_docs.py`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kpikit.data.contract import TABLES
from kpikit.data.findings import CHECKS

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


def filled(text: str) -> str:
    """Fill the marked parts of a page."""
    for name, make in (("checks", checks), ("contract", contract)):
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        made = f"{start}\n\n{make()}\n\n{end}"
        text, count = re.subn(f"{start}.*?{end}", lambda _, made=made: made, text, flags=re.S)
        if count != 1:
            raise ValueError(f"{start} stands {count} times")
    return text


def main() -> int:
    """Write the page; with --check only say whether it is current."""
    path = DOCS / "data.md"
    text = path.read_text(encoding="utf-8")
    made = filled(text)
    if "--check" in sys.argv:
        return int(made != text)
    path.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
