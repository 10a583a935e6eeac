"""`kpikit measure` and `kpikit rows`: figures, and the rows behind one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpikit.cli.options import AsCsv, AsOf, Many, Source, Text, When, Where, option
from kpikit.cli.words import as_day, scope_of, tell_end
from kpikit.errors import visible

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["measure", "rows"]


def measure(
    kpis: Annotated[list[str], typer.Argument(help="KPIs, such as revenue or win_rate:cohort.")],
    data: Source,
    period: When = "last quarter",
    by: Annotated[Many, option("--by", text="Split by it; repeatable.", metavar="DIMENSION")] = None,
    grain: Annotated[Text, option("--grain", text="Split the period into month, quarter, ...")] = None,
    compare: Annotated[Text, option("--compare", text="previous, same_period_last_year, ...")] = None,
    where: Where = None,
    as_of: AsOf = None,
    as_csv: AsCsv = False,
) -> None:
    """Measure KPIs over a period."""
    from kpikit.data.dataset import load
    from kpikit.kpis.measure import measure as measure_kpis

    dataset, scope = load(data), scope_of(where)
    rows = measure_kpis(
        dataset,
        kpis,
        period=period,
        by=by or None,
        grain=grain,
        compare=compare,
        where=scope,
        as_of=as_day(as_of),
    )
    if by and rows.empty:
        _tell_why(dataset, kpis, by, as_day(as_of))
    from kpikit.reports.tables import figures_table, print_csv
    from kpikit.reports.terminal import Terminal

    _tell_findings(dataset, data, as_day(as_of))
    if as_csv:
        print_csv(rows)
        return
    Terminal().print(figures_table(rows, dataset.settings.currency))


def _tell_why(dataset: Dataset, kpis: list[str], by: list[str], as_of: str | None) -> None:
    """Say why none of the KPIs can be split so, where that is why there is no figure."""
    from kpikit.errors import NotAvailableError
    from kpikit.periods import parse_date
    from kpikit.selection import lacking

    day = parse_date(as_of) if as_of else dataset.as_of
    reasons = {f"{kpi}: {why}" for kpi in kpis for one in by if (why := lacking(dataset, kpi, one, day))}
    if reasons:
        raise NotAvailableError("measure", f"not available: {'; '.join(sorted(reasons))}")


def _tell_findings(dataset: Dataset, source: str, as_of: str | None) -> None:
    """Say beside figures what the data check found, what the default as-of date ignores, where facts end."""
    from kpikit.reports.findings import summary

    told = [str(one) for one in dataset.warnings if one.check == "far_future" and not as_of]
    known = [one for one in dataset.warnings if one.severity != "note"]
    if found := summary(known):
        told.append(f"data check: {found}. Listed by: kpikit data check {source}")
    for one in told:
        typer.echo(f"kpikit: {visible(one)}", err=True)
    tell_end(dataset, as_of)


def rows(
    kpi: Annotated[str, typer.Argument(help="A KPI, such as revenue or win_rate:cohort.")],
    data: Source,
    period: When = "last quarter",
    where: Where = None,
    as_of: AsOf = None,
    as_csv: AsCsv = False,
) -> None:
    """Show the rows behind a figure, and how they make it."""
    from kpikit.data.dataset import load
    from kpikit.kpis.behind import behind
    from kpikit.reports.rows_behind import exact_texts, print_rows
    from kpikit.reports.tables import print_csv

    dataset, scope = load(data), scope_of(where)
    found = behind(dataset, kpi, period=period, where=scope, as_of=as_day(as_of))
    _tell_findings(dataset, data, as_day(as_of))
    if as_csv:
        print_csv(exact_texts(found.rows))
        return
    from kpikit.reports.terminal import Terminal

    print_rows(Terminal(), found, dataset.settings.currency)
