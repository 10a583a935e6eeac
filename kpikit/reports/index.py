"""The index of a batch: each report with its headline and its link, and all figures in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from kpikit.errors import UnknownNameError
from kpikit.kpis.catalog import find
from kpikit.language import percent, quantity
from kpikit.reports.files import write_whole
from kpikit.reports.gathering import csv_text
from kpikit.reports.job import Batch
from kpikit.reports.results import Results
from kpikit.reports.running import Outcome
from kpikit.reports.style import document, made_by, write_assets
from kpikit.reports.workbook import write_workbook
from kpikit.views.cards import points_text
from kpikit.views.theme import STATUS, symbol

__all__ = ["headline", "index_page", "write_index"]

INDEX, RESULTS, WORKBOOK = "index.html", "results.csv", "results.xlsx"
KEYS = ("report", "report_for", "report_name")


def write_index(batch: Batch, outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Write `results.csv`, `results.xlsx` and `index.html` of a batch; give the path of the index."""
    done = [(one.job.keys, one.results) for one in outcomes if one.is_done]
    write_whole(folder / RESULTS, csv_text(done, KEYS))
    write_workbook(folder / WORKBOOK, done, KEYS, currency=batch.currency, title=batch.title)
    if not batch.is_self_contained:
        write_assets(folder)
    write_whole(folder / INDEX, index_page(batch, outcomes, folder))
    return folder / INDEX


def headline(results: Results | None, label: str = "") -> Mapping[str, str]:
    """Choose the key figure of a report: what its notebook names, else its target or its revenue.

    Examples
    --------
    >>> from kpikit.reports.index import headline
    >>> from kpikit.reports.results import Results
    >>> headline(Results(["kpi", "value"], [["win_rate", "0.3"], ["revenue", "9.0000"]]))["value"]
    '9.0000'
    """
    if results is None:
        return {}
    if results.headline:
        return results.headline
    rows = [row for row in results.records() if row.get("value") or row.get("actual")]
    of_all = [row for row in rows if row.get("member", "") in ("", label)]
    judged = [row for row in of_all if row.get("target_value")]
    choices = [
        *(row for row in judged if row.get("kpi") == "revenue"),
        *judged,
        *(row for row in of_all if row.get("kpi") == "revenue"),
        *of_all,
        *rows,
    ]
    return choices[0] if choices else {}


def index_page(batch: Batch, outcomes: Sequence[Outcome], folder: Path | None = None) -> str:
    """Make the page that lists the reports of a batch."""
    heads = [headline(one.results, one.job.label) for one in outcomes]
    has_targets = any(head.get("target_value") for head in heads)
    # A key figure that all reports share is named once.
    named = {_name(head) for head in heads if head}
    columns = ["Report", *(["Key figure"] if len(named) > 1 else []), "Actual"]
    columns += ["Target", "Attainment", "Status"] if has_targets else ["Change"]
    numbers = {"Actual", "Target", "Attainment", "Change"}
    cells = "".join(f'<th scope="col"{_as_number(name in numbers)}>{name}</th>' for name in columns)
    rows = "\n".join(
        _row(batch, one, head, columns, folder) for one, head in zip(outcomes, heads, strict=True)
    )
    failed = sum(not one.is_done for one in outcomes)
    count = f"{len(outcomes)} report{'s' * (len(outcomes) != 1)}" + (f", {failed} failed" if failed else "")
    table = f'<table class="plain"><thead><tr>{cells}</tr></thead><tbody>\n{rows}\n</tbody></table>'
    caption = f"<p>{escape(min(named))}</p>" if len(named) == 1 else ""
    body = f'{caption}<div class="output scroll" role="group" aria-label="Reports" tabindex="0">{table}</div>'
    files = " and ".join(f'<a href="{name}">{name}</a>' for name in (WORKBOOK, RESULTS))
    body += f"<p>All figures: {files}</p>"
    body += _earlier(batch, folder)
    return document(
        heading=batch.company,
        kicker=batch.title,
        facts=[*batch.facts, count],
        body=body,
        footer=[*batch.notes, made_by()],
        language=batch.language,
        is_self_contained=batch.is_self_contained,
    )


def _row(
    batch: Batch, one: Outcome, head: Mapping[str, str], columns: Sequence[str], folder: Path | None
) -> str:
    name, file = escape(one.job.label or batch.company), f"{one.job.stem}.html"
    about = [] if one.job.kind in ("company", "rep") else [one.job.kind]
    # What tells reports for the same member apart.
    about += [one.job.title] if len({job.title for job in batch.jobs}) > 1 else []
    about += one.job.facts[:1] if len({job.facts[:1] for job in batch.jobs}) > 1 else []
    kind = f" <small>({escape('; '.join(about))})</small>" if about else ""
    if not one.is_done:
        earlier = ""
        if folder is not None and (folder / file).exists():
            earlier = f' <a href="{quote(file)}">An earlier report</a> is still there.'
        fault = f"✕ failed: {escape(str(one.failure))}."
        told = f'<td colspan="{len(columns) - 1}" class="fault">{fault}{earlier}</td>'
        return f'<tr><th scope="row">{name}{kind}</th>{told}</tr>'
    actual = _told(head, "actual", batch) or _told(head, "value", batch)
    texts = [f"<td>{escape(_name(head))}</td>"] if "Key figure" in columns else []
    texts.append(_number(actual))
    if "Target" in columns:
        share = _float(head.get("attainment"))
        bar = ""
        if share is not None:
            width_shown = min(max(share, 0), 1) * 100
            bar = (
                f'<span class="bar" aria-hidden="true"><span style="width:{width_shown:.1f}%"></span></span>'
            )
        shown = f"{percent(share, batch.language)}{bar}" if share is not None else "–"
        status = head.get("status", "")
        sign = f'<span aria-hidden="true">{symbol(status)}</span> ' if status in STATUS else ""
        texts += [
            _number(_told(head, "target_value", batch)),
            f'<td class="number">{shown}</td>',
            f'<td class="status">{sign}{escape(status)}</td>',
        ]
    else:
        texts.append(_number(_change(head, batch.language)))
    total = ' class="total"' if one.job.kind == "company" else ""
    return f'<tr{total}><th scope="row"><a href="{quote(file)}">{name}</a>{kind}</th>{"".join(texts)}</tr>'


def _earlier(batch: Batch, folder: Path | None) -> str:
    """Link what other runs of a schedule have left in the folder of a recipient."""
    own = {INDEX, *(name for job in batch.jobs for name in job.files)}
    is_own = any(job.folder for job in batch.jobs)
    there = sorted(path.name for path in folder.glob("*.html")) if folder is not None and is_own else []
    links = "".join(
        f'<li><a href="{quote(name)}">{escape(name.removesuffix(".html"))}</a></li>'
        for name in there
        if name not in own
    )
    return f"<h2>Other reports in this folder</h2><ul>{links}</ul>" if links else ""


def _name(head: Mapping[str, str]) -> str:
    kpi = head.get("kpi", "").replace("_", " ").capitalize()
    return ": ".join(filter(None, [kpi, head.get("target", "")]))


def _told(head: Mapping[str, str], column: str, batch: Batch) -> str:
    value = _float(head.get(column))
    if value is None:
        return ""
    return quantity(value, _unit(head), currency=batch.currency, language=batch.language)


def _change(head: Mapping[str, str], language: str) -> str:
    """Write a change as the page does: of a share in points, of all else in per cent."""
    change, ratio = _float(head.get("change")), _float(head.get("change_ratio"))
    if _unit(head) == "share" and change is not None:
        return points_text(change, language)
    return percent(ratio, language, 1) if ratio is not None else ""


def _unit(head: Mapping[str, str]) -> str:
    if head.get("unit"):
        return head["unit"]
    try:
        return find(head.get("kpi", "")).unit
    except UnknownNameError:  # a KPI that the notebook alone knows
        return "count"


def _float(text: str | None) -> float | None:
    return float(text) if text else None


def _number(text: str) -> str:
    return f'<td class="number">{escape(text) or "–"}</td>'


def _as_number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
