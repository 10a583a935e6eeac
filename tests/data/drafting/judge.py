"""Judges a draft by the truth that was written down by hand: right, wrong, asked, and silently wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kpikit.data.contract import TABLES
from kpikit.data.drafting import Draft

HERE = Path(__file__).resolve().parent


def truths(name: str) -> dict[str, Any]:
    """Read a file of truths."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@dataclass
class Verdict:
    """How many columns of a draft are right, and what is wrong with the others."""

    name: str
    required: list[bool] = field(default_factory=list)
    optional: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        def share(marks: list[bool]) -> str:
            return f"{sum(marks)}/{len(marks)} ({sum(marks) / max(1, len(marks)):.0%})"

        text = f"figure: {self.name}: required {share(self.required)}, optional {share(self.optional)}"
        text += f", silently wrong {len(self.silent)}"
        return text + "".join(f"\n    {one}" for one in self.silent + self.wrong)


def _mapped(draft: Draft) -> dict[str, dict[str, dict[str, tuple[str, bool]]]]:
    """Give what the TEXT of a draft maps: file to table to column to source and whether it is marked as open.

    Read from the text as YAML, and its comments line by line: what a person gets, not what the code holds.
    """
    data = yaml.safe_load(draft.text)
    found: dict[str, dict[str, dict[str, tuple[str, bool]]]] = {}
    for table, entries in (data.get("tables") or {}).items():
        for entry in entries if isinstance(entries, list) else [entries]:
            columns: dict[str, str] = dict(entry.get("columns") or {})
            columns |= {one: f"= {text}" for one, text in (entry.get("compute") or {}).items()}
            columns |= {one: f"{text} (constant)" for one, text in (entry.get("constants") or {}).items()}
            for join in entry.get("joins") or []:
                taken = {
                    one: f"{join['file']} > {text}" for one, text in join["take"].items() if one[0] != "_"
                }
                columns |= taken
            files = entry["file"] if isinstance(entry["file"], list) else [entry["file"]]
            for file in files:
                found.setdefault(file, {})[table] = {
                    one: (source, _is_open(draft.text, table, one, source)) for one, source in columns.items()
                }
    return found


def _is_open(text: str, table: str, column: str, source: str) -> bool:
    """Say whether the line of a column is marked as a guess, or asks something."""
    inside = False
    for line in text.splitlines():
        if line.startswith("  ") and not line.startswith("   "):
            inside = line.strip().startswith(f"{table}:")
        if inside and line.strip().startswith(f"{column}: "):
            said = line.partition("  # ")[2]
            if said:
                return said.startswith("guess") or "# ?" in said or said.startswith("?")
    return False


def _same(given: str, true: str) -> bool:
    return given.replace("[", "").replace("]", "") == true.replace("[", "").replace("]", "")


def judge(name: str, draft: Draft, files: dict[str, Any]) -> Verdict:
    """Compare a draft with the truth, file by file."""
    verdict, mapped = Verdict(name), _mapped(draft)
    for file, told in files.items():
        table, truth = told["table"], told["truth"]
        given = mapped.get(file, {})
        columns = given.get(table, {}) if table else {}
        for other in given:
            if other != table:
                told_open = f"  {other}:  # guess" in draft.text
                (verdict.wrong if told_open else verdict.silent).append(
                    f"{file} is taken for {other}, not {table}"
                )
        for column, true in truth.items():
            rights = true if isinstance(true, list) else [true]
            source, is_open = columns.get(column, ("", False))
            # Not mapped is right where the file cannot tell ("?") or where it need not ("").
            right = any(_same(source, one) for one in rights) or (
                not source and ("?" in rights or "" in rights)
            )
            is_required = table in TABLES and TABLES[table][column].is_required
            (verdict.required if is_required else verdict.optional).append(right)
            if not right:
                said = f"{file}: {table}.{column} is {source or 'not mapped'}, truly {true}"
                (verdict.silent if source and not is_open else verdict.wrong).append(said)
        for column, (source, is_open) in columns.items():
            if column not in truth:
                said = f"{file}: {table}.{column} is {source}, truly nothing"
                (verdict.wrong if is_open else verdict.silent).append(said)
    data = yaml.safe_load(draft.text)
    for file, told in files.items():
        if "outcomes" in told and (data.get("tables") or {}).get(told["table"]):
            entry = data["tables"][told["table"]]
            entry = (
                next((e for e in entry if e["file"] == file), entry[0]) if isinstance(entry, list) else entry
            )
            given = (entry.get("values") or {}).get("outcome", {})
            if given != {**told["outcomes"], "*": None}:
                verdict.silent.append(f"{file}: outcomes {given}, truly {told['outcomes']}")
    return verdict
