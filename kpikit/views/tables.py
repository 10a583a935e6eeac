"""Tables: the members side by side, with the conventions and notes below."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import MISSING, quantity
from kpikit.people.positions import LEAST_ROWS, is_chance
from kpikit.views.charts import standing
from kpikit.views.display import NO_FORMULA, Html
from kpikit.views.theme import STATUS, THEME
from kpikit.views.words import asked_name, label, share_text

__all__ = ["members_table"]


def members_table(
    members: pd.DataFrame,
    totals: pd.DataFrame,
    attainment: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    whole: str,
    notes: list[str],
    currency: str,
    language: str,
    chosen: str = "",
) -> Html:
    """Show each member's KPIs, attainment and status, and the whole below.

    Parameters
    ----------
    members, totals
        What `measure` gives by rep, and for all of them.
    attainment
        One row for each member: attainment, status, reached, of.
    title, subtitle, whole, notes
        The finding, the scope, what all together are called, and the lines below the table.
    chosen
        The member who is set apart.
    """
    from great_tables import GT, loc, style

    pairs = zip(members["kpi"], members["convention"], strict=True)
    kpis = list(dict.fromkeys(asked_name(kpi, convention) for kpi, convention in pairs))
    cells = {(one["rep"], asked_name(one["kpi"], one["convention"])): one
             for one in members.to_dict("records")}  # fmt: skip
    sums = {asked_name(one["kpi"], one["convention"]): one for one in totals.to_dict("records")}
    judged = {one["member"]: one for one in attainment.to_dict("records")}
    names = list(dict.fromkeys(members["rep"]))
    first = kpis[0] if kpis else ""
    names.sort(key=lambda name: (name == "no rep", -_number(cells.get((name, first))), name))
    shown = []
    for name in [*names, None]:
        row = {"Rep": whole if name is None else name}
        for kpi in kpis:
            one = sums.get(kpi) if name is None else cells.get((name, kpi))
            row[label(kpi)] = _figure(one, currency, language)
        if judged:
            row["Attainment"], row["Status"] = _judgement(judged.get(name) if name else None, language)
        shown.append(row)
    if any(map(_is_few, [*cells.values(), *sums.values()])):
        notes = [*notes, f"few: a rate of fewer than {LEAST_ROWS} rows, which may be chance."]
    plain = pd.DataFrame(shown)
    # The cells are escaped by great_tables; titles and notes are not.
    table = GT(plain, id="kpikit-members").tab_header(title=_safe(title), subtitle=_safe(subtitle))
    left = [name for name in plain.columns if name in ("Rep", "Status")]
    table = table.cols_align("left", left).cols_align(
        "right", [one for one in plain.columns if one not in left]
    )
    table = table.tab_style(style.text(weight="bold"), loc.body(rows=[len(shown) - 1]))
    table = table.tab_style(style.text(weight="bold"), loc.title())
    table = table.tab_style(
        style.borders("top", THEME.dark_grey, weight="1px"), loc.body(rows=[len(shown) - 1])
    )
    if chosen in names:
        marked = [style.fill(THEME.band), style.text(weight="bold")]
        table = table.tab_style(marked, loc.body(rows=[names.index(chosen)]))
    for place, row in enumerate(shown):
        mood = STATUS.get(row.get("Status", "")[2:], ("", ""))[1]
        if mood in ("good", "bad"):
            colour = THEME.good if mood == "good" else THEME.bad
            table = table.tab_style(style.text(color=colour), loc.body(columns="Status", rows=[place]))
    for note in notes:
        table = table.tab_source_note(_safe(note))
    table = table.tab_options(**_options())
    text = "\n".join([title, subtitle, plain.to_string(index=False, max_colwidth=200), *notes])
    return Html(f"<div {NO_FORMULA}>{table.as_raw_html()}</div>", text)


def _figure(one: dict[str, Any] | None, currency: str, language: str) -> str:
    if one is None:
        return MISSING
    text = quantity(one["value"], find(one["kpi"]).unit, currency=currency, language=language)
    return f"{text} (few)" if _is_few(one) else text


def _is_few(one: dict[str, Any]) -> bool:
    return not pd.isna(one["value"]) and is_chance(one["kpi"], one["n"])


def _judgement(one: dict[str, Any] | None, language: str) -> tuple[str, str]:
    if one is None:
        return "", ""
    if pd.isna(one["target_value"]):
        return MISSING, "no target"
    return share_text(one["attainment"], language), standing(one)[0]


def _number(one: dict[str, Any] | None) -> float:
    return float("-inf") if one is None or pd.isna(one["value"]) else float(one["value"])


def _safe(text: str) -> Any:
    from great_tables import html

    return html(escape(text))


def _options() -> dict[str, Any]:
    return {
        "table_font_names": [one.strip(" '") for one in THEME.font.split(",")],
        "table_font_size": "13px",
        "table_font_color": THEME.ink,
        "table_background_color": THEME.paper,
        "table_margin_left": "0px",
        "heading_align": "left",
        "heading_title_font_size": f"{THEME.title}px",
        "heading_title_font_weight": "bold",
        "heading_subtitle_font_size": f"{THEME.text + 1}px",
        "source_notes_font_size": f"{THEME.text}px",
        "column_labels_font_weight": "bold",
        "data_row_padding": "5px",
        "table_border_top_style": "none",
        "table_border_bottom_style": "none",
    }
