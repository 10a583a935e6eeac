"""The catalogue of KPIs for the terminal, for other programs, and as a page of the documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from kpikit.data.dataset import Dataset
from kpikit.errors import visible
from kpikit.kpis.catalog import find
from kpikit.kpis.describing import Description
from kpikit.selection.offers import lacks

__all__ = ["availability", "kpis_json", "kpis_markdown", "print_card", "print_kpis"]

VERSION = 1
_WIDE = 120
_DIRECTIONS = {"higher is better": "↑", "lower is better": "↓"}


def availability(dataset: Dataset, described: Sequence[Description]) -> dict[str, dict[str, str]]:
    """Tell by KPI and convention what the data lack for it; an empty text where they have all.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.describing import describe
    >>> from kpikit.reports.kpi_cards import availability
    >>> availability(kp.load("data/samples"), [describe("costs")])
    {'costs': {'default': ''}}
    """
    # What is not measured by its name says in a note what it takes.
    measured = [one for one in described if find(one.name).convention_names]
    asked = [f"{one.name}:{each.name}" for one in measured for each in one.conventions]
    found = iter(lacks(dataset, asked, (), dataset.as_of) if asked else ())
    told = {one.name: {each.name: next(found) for each in one.conventions} for one in measured}
    return {
        one.name: told.get(one.name) or {each.name: one.note for each in one.conventions} for one in described
    }


def kpis_json(
    described: Sequence[Description], missing: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """Write cards as JSON: `version`, and `kpis` with each card; with data, what they lack, by convention.

    Examples
    --------
    >>> import json
    >>> from kpikit.kpis.describing import describe
    >>> from kpikit.reports.kpi_cards import kpis_json
    >>> json.loads(kpis_json([describe("revenue")]))["kpis"][0]["unit"]
    'money'
    """
    cards = [asdict(one) for one in described]
    for card in cards if missing is not None else ():
        card["missing"] = dict(missing[card["name"]])
    return json.dumps({"version": VERSION, "kpis": cards}, ensure_ascii=False, indent=2)


def print_kpis(
    console: Console,
    described: Sequence[Description],
    missing: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Print one line for each KPI; with data, whether they can give it."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    # Where there is little room the card tells unit and kind.
    more = ("Unit", "Kind") if console.width >= _WIDE else ()
    for name in ("KPI", "", *more, *(["Data"] if missing is not None else []), "What it is"):
        table.add_column(name, no_wrap=name != "What it is")
    for one in described:
        cells = [
            escape(visible(one.name)),
            _DIRECTIONS[one.direction],
            *((one.unit, one.kind) if more else ()),
        ]
        text = one.definition
        if missing is not None:
            lack = _first_lack(missing[one.name])
            cells.append("–" if lack else "✓")
            text = f"{text} Not available: {lack}." if lack else text
        table.add_row(*cells, escape(visible(text)))
    console.print(table)
    console.print("↑ higher is better, ↓ lower is better. More of each: kpikit kpis NAME", highlight=False)


def print_card(console: Console, card: Description, missing: Mapping[str, str] | None = None) -> None:
    """Print everything that is known of a KPI."""
    console.print(Text(visible(card.name), style="bold"), soft_wrap=True)
    for text in (card.definition, f"{card.kind} · unit: {card.unit} · {card.direction}"):
        console.print(Text(visible(text)), soft_wrap=True)
    for each in card.conventions:
        name = f"{each.name} (default)" if each.is_default and len(card.conventions) > 1 else each.name
        console.print(Text(f"\n{visible(name)}: ", style="bold").append(visible(each.formula), "default"))
        if each.needs:
            console.print(Text(f"  needs {visible('; '.join(each.needs))}", style="dim"), soft_wrap=True)
        lack = "" if missing is None else missing[each.name]
        if missing is not None and not (lack and lack == card.note):
            told = f"  not available: {lack}" if lack else "  available in these data"
            console.print(Text(visible(told), style="yellow" if lack else "green"), soft_wrap=True)
    console.print()
    balance = ", ".join(card.balance)
    for head, text in (
        ("Note", card.note),
        ("How it can be gamed", card.gaming),
        ("Balanced by", balance),
        ("Source", card.source),
    ):
        if text:
            console.print(Text(f"{head}: ", style="bold").append(visible(text), "default"), soft_wrap=True)


def kpis_markdown(described: Sequence[Description]) -> str:
    """Write the page of the catalogue.

    Examples
    --------
    >>> from kpikit.kpis.describing import describe
    >>> from kpikit.reports.kpi_cards import kpis_markdown
    >>> kpis_markdown([describe("units_sold")]).splitlines()[0]
    '| KPI | unit | kind | | what it is |'
    """
    lines = ["| KPI | unit | kind | | what it is |", "|---|---|---|---|---|"]
    for one in described:
        sign = _DIRECTIONS[one.direction]
        lines.append(f"| [{one.name}](#{one.name}) | {one.unit} | {one.kind} | {sign} | {one.definition} |")
    return "\n".join([*lines, *(line for one in described for line in _section(one))])


def _section(card: Description) -> list[str]:
    lines = ["", f"### {card.name}", "", card.definition]
    note = f" {_sentence(card.note)}" if card.note else ""
    lines += ["", f"A {card.kind}, in {card.unit}; {card.direction}.{note}"]
    lines += ["", "| convention | formula | needs |", "|---|---|---|"]
    for each in card.conventions:
        name = f"**{each.name}**" if each.is_default else each.name
        needs = ", ".join(f"`{one}`" for one in each.needs)
        lines.append(f"| {name} | {each.formula} | {needs} |")
    balance = ", ".join(f"[{name}](#{name})" for name in card.balance)
    lines += ["", f"*How it can be gamed:* {card.gaming} *Balanced by:* {balance}. *Source:* {card.source}."]
    return lines


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _first_lack(missing: Mapping[str, str]) -> str:
    """Say what the data lack, if they can give the KPI under no convention."""
    return "" if not all(missing.values()) else next(iter(missing.values()), "see its card")
