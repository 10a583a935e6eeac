"""`kpikit kpis`: the catalogue, and the card of one KPI."""

from __future__ import annotations

from typing import Annotated

import typer

from kpikit.cli.options import Data, option

__all__ = ["kpis"]


def kpis(
    name: Annotated[
        str | None, typer.Argument(help="Show everything about this KPI (win_rate, or win_rate:cohort).")
    ] = None,
    data: Data = None,
    as_json: Annotated[bool, option("--json", text="Write the cards as JSON.")] = False,
) -> None:
    """List the KPIs, or show one: what it means, how it is counted, and how it can be gamed."""
    from kpikit.kpis.catalog import names
    from kpikit.kpis.describing import describe
    from kpikit.reports.kpi_cards import availability, kpis_json, print_card, print_kpis
    from kpikit.reports.tables import print_text

    described = [describe(_named(name))] if name else [describe(one) for one in names()]
    missing = None
    if data is not None:
        from kpikit.data.dataset import load

        missing = availability(load(data), described)
    if as_json:
        print_text(kpis_json(described, missing))
        return
    from kpikit.reports.terminal import Terminal

    if name:
        print_card(Terminal(), described[0], missing[described[0].name] if missing else None)
    else:
        print_kpis(Terminal(), described, missing)


def _named(name: str) -> str:
    """Give the KPI of a name that may have a convention, as results and plans write it; both must exist."""
    from kpikit.kpis.catalog import find

    kpi, colon, convention = name.partition(":")
    if colon:
        find(kpi).under(convention)
    return kpi
