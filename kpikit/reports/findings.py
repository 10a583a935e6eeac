"""What the data check found, in the footers of reports, on the terminal and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from kpikit.data.findings import Finding, by_severity
from kpikit.errors import counted, visible

__all__ = ["findings_json", "footnotes", "print_findings", "summary"]

VERSION = 1
_MOST_NOTES = 20
_MOST_PLACES = 5
_NAMES = {"error": "error", "accepted": "accepted error", "warning": "warning", "note": "note"}
_STYLES = {"error": "bold red", "accepted": "yellow", "warning": "yellow", "note": "dim"}
_MARKS = {"error": "✕", "accepted": "✓", "warning": "!", "note": "·"}


def footnotes(findings: Sequence[Finding]) -> list[str]:
    """Write what was found as lines of a report's footer, accepted errors first.

    Examples
    --------
    >>> from kpikit.data.findings import Finding
    >>> from kpikit.reports.findings import footnotes
    >>> footnotes([Finding("no_rep", "orders", 3, "3 lines have no rep: shown apart")])
    ['Data check: orders: 3 lines have no rep: shown apart']
    """
    ordered = by_severity(findings)
    words = {"accepted": "Data check, accepted error"}
    lines = [f"{words.get(one.severity, 'Data check')}: {one}" for one in ordered[:_MOST_NOTES]]
    if len(ordered) > _MOST_NOTES:
        lines.append(f"Data check: {len(ordered) - _MOST_NOTES} more, listed by kpikit data check")
    return lines


def findings_json(findings: Sequence[Finding], source: str) -> str:
    """Write findings as JSON for other programs.

    Returns
    -------
    str
        `version`, `source`, `counts` by severity, and `findings`, each with `check`, `table`, `rows`,
        `message`, `severity`, `hint` and `examples` (the first 20 places: `file`, `line`, `value`).

    Examples
    --------
    >>> import json
    >>> from kpikit.reports.findings import findings_json
    >>> json.loads(findings_json([], "data"))["counts"]
    {'error': 0, 'accepted': 0, 'warning': 0, 'note': 0}
    """
    counts = Counter(one.severity for one in findings)
    told = {
        "version": VERSION,
        "source": source,
        "counts": {name: counts[name] for name in _NAMES},
        "findings": [one.as_dict() for one in findings],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def print_findings(console: Console, findings: Sequence[Finding], source: str) -> None:
    """Print findings with their first places, and end with how many there are of each kind."""
    for one in findings:
        head = Text(f"{_MARKS[one.severity]} {_NAMES[one.severity]} ", style=_STYLES[one.severity])
        head.append(f"{one.check} ", style="bold")
        head.append(visible(str(one)), style="default")
        console.print(head, soft_wrap=True)
        for place in one.examples[:_MOST_PLACES]:
            value = f": {place.value}" if place.value else ""
            console.print(
                Text(visible(f"    {place.file}, {place.line}{value}"), style="dim"), soft_wrap=True
            )
        if one.rows > _MOST_PLACES and one.examples:
            console.print(Text(f"    and {one.rows - _MOST_PLACES:,} more", style="dim"))
        if one.hint:
            console.print(Text(visible(f"    Hint: {one.hint}"), style="dim"), soft_wrap=True)
    sums = summary(findings, "error")
    console.print(f"{escape(source)}: {sums}.", soft_wrap=True, highlight=False)


def summary(findings: Sequence[Finding], *always: str) -> str:
    """Count findings of each severity; a severity without any is named only where it is asked for.

    Examples
    --------
    >>> from kpikit.data.findings import Finding
    >>> from kpikit.reports.findings import summary
    >>> summary([Finding("no_rep", "orders", 3, "3 lines have no rep")])
    '1 warning'
    """
    counts = Counter(one.severity for one in findings)
    return ", ".join(
        counted(counts[kind], name) for kind, name in _NAMES.items() if counts[kind] or kind in always
    )
