"""The parts of a look at one KPI: its figure, what it means, and the rows behind it."""

from __future__ import annotations

from html import escape

import pandas as pd

from kpikit.kpis.behind import Behind
from kpikit.kpis.catalog import find
from kpikit.kpis.describing import describe
from kpikit.language import number, quantity
from kpikit.selection.given import literal
from kpikit.views.blanks import kind
from kpikit.views.brief_texts import kind_text
from kpikit.views.cards import cards
from kpikit.views.customers import names_of
from kpikit.views.display import Html, notice
from kpikit.views.explore_texts import figure_finding
from kpikit.views.explored import around_of, behind_of, conventions_of, figure_of, without_each
from kpikit.views.figures import bare
from kpikit.views.lists import frame, lists
from kpikit.views.page import Page
from kpikit.views.row_lines import Lines, equation, lines_of
from kpikit.views.targets_table import grid
from kpikit.views.theme import THEME
from kpikit.views.words import asked_name, join, label, lower, reasons, share_text, spoken, upper

__all__ = ["Explore"]


class Explore(Page):
    """One KPI: how much it is, what it means, and of what it is made."""

    def figure(self) -> Html:
        """Make the cards of the figure and of those that balance it."""
        rows = figure_of(self.figures)
        one = rows.iloc[0].to_dict()
        if pd.isna(one["value"]):
            return notice(" ".join([self._why(rows.head(1)), *self._elsewhere()]))
        shown = self.figures
        before = None if pd.isna(one["change"]) else shown.reference
        title = figure_finding(
            one, period=shown.period, reference=before, as_of=shown.as_of, is_fair=shown.is_fair,
            **self._writing,
        )  # fmt: skip
        convention = [f"convention: {one['convention']}"] if self._has_choice else []
        count = [] if pd.isna(one["n"]) else [f"n = {number(float(one['n']), self.selection.language)}"]
        notes = [*convention, *count, *reasons(one["note"])]
        about = [self._who, *self._scope(rows.head(1)), *notes, self._as_of]
        return cards(
            rows, title=title, subtitle=" · ".join(about),
            reference=shown.reference.label if shown.reference else "", is_fair=shown.is_fair,
            around=around_of(shown), around_name=self._around_name, **self._writing,
        )  # fmt: skip

    def definition(self) -> Html:
        """Make the card of the KPI: what it means, how it is counted, how it can mislead."""
        card, kpi = describe(bare(self.figures.kpi)), find(bare(self.figures.kpi))
        used = kpi.under(self.figures.kpi.partition(":")[2] or None)[0]
        values = conventions_of(self.figures).set_index("convention")["value"]
        counted = []
        for one in card.conventions:
            told = f"{upper(one.name.replace('_', ' '))}: {one.formula}" if self._has_choice else one.formula
            told += f" → {self._quantity(values[one.name])}" if one.name in values else ""
            counted.append(f"{told} (used here)" if self._has_choice and one.name == used else told)
        parts = {"How it is counted": [*(counted or [upper(card.note)]), kind_text(kpi)]}
        if card.gaming:
            there = [one for one in card.balance if one in set(figure_of(self.figures)["kpi"])]
            beside = [
                f"{label(one)} shows it: {lower(find(one).definition)}" for one in there or card.balance
            ]
            parts["How it can mislead"] = [card.gaming, *beside]
        whence = self._taken(self.figures.kpi, ["region", "channel"])
        notes = [f"A row's {'; '.join(whence)}."] if whence else []
        notes += [f"Source: {card.source}."] if card.source else []
        title = f"{label(card.name)}: {lower(card.definition).rstrip('.') or 'a KPI of your own'}"
        return lists(title, self._about([]) if len(values) else "", parts, notes=notes)

    def rows_behind(self) -> Html:
        """Make the table of the rows behind the figure, the largest first."""
        found, language = behind_of(self.figures), self.selection.language
        if isinstance(found, str):
            return notice(f"There are no rows to show. {self._why(figure_of(self.figures).head(1))}")
        made = equation(found, **self._writing)
        if found.rows.empty:
            return notice(f"{self._who}, {self._period}: no row is behind it ({made}).")
        fixed = [name for name, labels in self.selection.scope.items() if len(labels) == 1]
        tables = lines_of(found, fixed=fixed, customers=names_of(self.figures), **self._writing)
        inside, text, call = "", [], f"All rows, with all columns: {self._call}"
        for one in tables:
            rows = [*([_count(one, language)] if len(tables) > 1 else []), *self._rows(one)]
            inside += grid(one.heads, rows, one.numbers, one.unbroken)
            text.append(
                "\n".join(row if isinstance(row, str) else " | ".join(row) for row in [one.heads, *rows])
            )
        told, _, code = call.partition(": ")
        small = f"color:{THEME.dark_grey};font-size:{THEME.text}px;margin-top:8px"
        style = "user-select:all;white-space:pre-wrap;overflow-wrap:anywhere"
        inside += f'<div style="margin-top:8px"><b>{escape(made)}</b></div>'
        inside += f'<div style="{small}">{told}: <code style="{style}">{escape(code)}</code></div>'
        is_cut = any(one.count > len(one.shown) for one in tables)
        about = self._about(["the largest first" if is_cut else "all of them"])
        return frame(self._made_of(found, tables), about, inside, "\n".join([*text, made, call]))

    def _made_of(self, found: Behind, tables: list[Lines]) -> str:
        """Say of how many rows the figure is made, and how much of it the largest bring."""
        language = self.selection.language
        name = spoken(asked_name(found.asked.kpi.name, found.asked.convention))
        value = "no figure" if pd.isna(found.value) else self._quantity(found.value)
        told = f"{name}: {value}, from {join([_count(one, language) for one in tables])}"
        if pd.isna(found.value) and (why := reasons(figure_of(self.figures)["note"].iloc[0])):
            return f"{told}: {'; '.join(why)}"
        share = tables[0].share
        if pd.isna(share):
            return told
        return f"{told}; the {len(tables[0].shown)} largest bring {share_text(share, language)}"

    def _rows(self, one: Lines) -> list[list[str] | str]:
        """The rows of a table, and below what the others and all together bring."""
        language, blank = self.selection.language, [""] * (len(one.heads) - len(one.numbers) - 1)
        rows: list[list[str] | str] = [list(row) for row in one.shown]
        left = one.count - len(one.shown)
        if left:
            rows.append([f"{number(left, language)} more", *blank, *one.rest])
        return [*rows, [f"All {number(one.count, language)}", *blank, *one.whole]]

    def _about(self, more: list[str]) -> str:
        """Say for whom, when and in which scope, as the title does not."""
        whom = [self._who, *self._scope(figure_of(self.figures).head(1))]
        return " · ".join([*whom, self._period, self._as_of, *more])

    @property
    def _has_choice(self) -> bool:
        return len(find(bare(self.figures.kpi)).convention_names) > 1

    @property
    def _call(self) -> str:
        """The call that gives all rows, to copy; by the as-of date it gives the same on a later day."""
        chosen = self.selection
        asked = [literal(chosen.kpi), f"period={literal(chosen.period)}"]
        if chosen.scope:
            asked.append(f"where={literal(chosen.scope)}")
        asked.append(f"as_of={literal(self.figures.as_of.isoformat())}")
        return f"kp.rows(view.dataset, {', '.join(asked)})"

    def _elsewhere(self) -> list[str]:
        """Say without which part of the scope there is a figure."""
        told = []
        for one in without_each(self.figures).to_dict("records"):
            what = f"{one['dimension'].replace('_', ' ')} {' or '.join(one['labels'])}"
            told.append(f"Without {what} it is {self._quantity(one['value'])}.")
        return told

    def _quantity(self, value: float) -> str:
        return quantity(value, self.figures.unit(self.figures.kpi), **self._writing)


def _count(one: Lines, language: str) -> str:
    return f"{number(one.count, language)} {kind(one.table, one.count)}"
