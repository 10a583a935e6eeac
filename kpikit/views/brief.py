"""The parts of a target brief, issued before the period: what is asked, what it means, what it takes."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import MISSING, day, quantity
from kpikit.selection import NO_REP
from kpikit.targets.takes import free_days, is_divided
from kpikit.views.asked import TOGETHER, together
from kpikit.views.brief_texts import brief_finding, counted_as, meaning_of, questions, step_text
from kpikit.views.display import Html, notice
from kpikit.views.lists import below, frame, lists
from kpikit.views.page import Page
from kpikit.views.targets_table import grid
from kpikit.views.theme import THEME
from kpikit.views.words import asked_name, every, join, label, named, people, upper

__all__ = ["Brief"]

LINES = ("What will be done differently", "What is needed for it", "Where we agreed on something else")


class Brief(Page):
    """What a period to come asks of a team or a member."""

    def brief(self) -> Html:
        """Make the table of what is asked: goal → objective → target."""
        if self._is_silent:
            return self._nothing()
        heads = ["Target", "Asked", "Before", "Step", "A week", "A working day", "Deadline"]
        table: list[list[str] | str] = []
        last = ("", "")
        for one in self._whole:
            if (one["goal"], one["objective"]) != last:
                last = one["goal"], one["objective"]
                table.append(" → ".join(last))
            table.append(self._line(one))
        notes = [self._days_line]
        if any(pd.isna(one["end"]) for one in self._whole):
            notes.append("A target without a deadline goes on since it was set; before is what it is now.")
        if not all(is_divided(one["kpi"]) for one in self._whole):
            notes.append("A rate or a level holds for the whole period: it is not divided into days.")
        for one in self._whole:
            said = [each for each in one["own"]["note"] if each and "pro-rated" not in each]
            notes += [f"{one['target']}: {each}." for each in dict.fromkeys(said)]
        notes += self._nobody
        title = brief_finding(self._whole, who=self._addressee, period=self._period, **self._writing)
        text = "\n".join(row if isinstance(row, str) else " | ".join(row) for row in [heads, *table])
        numbers = ["A week", "A working day"]
        subtitle = f"{self._addressee} · issued {self._issued}"
        inside = grid(heads, table, numbers) + below(notes)
        return frame(title, subtitle, inside, "\n".join([text, *notes]))

    def what_it_takes(self) -> Html:
        """Make the table of what it takes, rep by rep."""
        if self._is_silent:
            return self._nothing()
        rows = self._asked[(self._asked["per"] == "rep") & self._asked["per_day"].notna()]
        if rows.empty:
            return notice(f"{self._addressee}, {self._period}: no target that can be divided into days is set"
                          " for each rep.")  # fmt: skip
        heads = ["Rep", "Asked", "Working days", "A week", "A working day", "Before", "Step"]
        table: list[list[str] | str] = []
        for target, own in rows.groupby("target", sort=False):
            before = own["last_period"].iloc[0] if own["last_period"].nunique() == 1 else "as long, for each"
            table.append(f"{target} · before: {before or 'nothing known'}")
            lines = own.sort_values(["target_value", "member"], ascending=[False, True]).to_dict("records")
            for one in [*lines, *([together(own, self.figures.dataset)] if len(own) > 1 else [])]:
                known = [
                    self._amount(one, one[name])
                    for name in ("target_value", "per_week", "per_day", "reference")
                ]
                is_all = one["member"] == TOGETHER
                name = "All together" if is_all else named(one["member"])
                days = "" if is_all else f"{int(one['business_days'])}"
                table.append([name, known[0], days, known[1], known[2], known[3],
                              step_text(one, **self._writing)])  # fmt: skip
        count = rows["member"].nunique()
        same = rows[rows["kpi"] == rows["kpi"].iloc[0]]
        most = same.groupby("target", sort=False)["per_day"].sum().idxmax()
        first = rows[rows["target"] == most]
        few = first["member"].nunique()
        each = f"from {every(few) if few < 3 else f'each of {people(few)}'}" if few > 1 else ""
        title = "What it takes of each rep"
        if first["per_day"].round(6).nunique() == 1:
            a_day = self._amount(first.iloc[0].to_dict(), first["per_day"].iloc[0])
            title = " ".join(filter(None, [f"It takes {a_day} on each working day", each]))
        notes = [self._days_line]
        notes += [f"{named(one['member'])}: {one['note']}." for one in rows.to_dict("records") if one["note"]]
        text = "\n".join(row if isinstance(row, str) else " | ".join(row) for row in [heads, *table])
        return frame(title, f"{upper(people(count))} · {self._addressee} · {self._period}",
                     grid(heads, table, heads[1:]) + below(notes), "\n".join([text, *notes]))  # fmt: skip

    def meaning(self) -> Html:
        """Make the explanations of the KPIs: what each means and how it is counted."""
        rows = self._asked
        if self._is_silent:
            return self._nothing()
        parts, kpis = {}, list(dict.fromkeys(zip(rows["kpi"], rows["convention"], strict=True)))
        for kpi, convention in kpis:
            parts[label(asked_name(kpi, convention))] = meaning_of(find(kpi), convention)
        names = join([name[:1].lower() + name[1:] for name in parts])
        return lists(f"How {names} {'is' if len(parts) == 1 else 'are'} counted", "", parts)

    def questions(self) -> Html:
        """Make the questions for the conversation."""
        if self._is_silent:
            return self._nothing()
        told = questions(self._asked, self._own, **self._writing)
        return lists("Questions for the conversation", f"{self._addressee} · {self._period}",
                     {"Before we agree": told}, empty="Is there anything that is not clear?")  # fmt: skip

    def agreement(self) -> Html:
        """Make the lines to fill in by hand: what was agreed, on which day, and by whom."""
        if self._is_silent:
            return self._nothing()
        rule = f"border-bottom:1px solid {THEME.ink};height:30px"
        boxes = [f'<div style="margin:10px 0"><div>{escape(one)}</div><div style="{rule}"></div>'
                 f'<div style="{rule}"></div></div>' for one in LINES]  # fmt: skip
        whose = named(self.selection.rep) if self.selection.rep else "For the team"
        signed = []
        for name in ("Agreed on (day)", whose, "Manager"):
            signed.append(
                f'<div style="flex:1 1 180px"><div style="{rule}"></div><div>{escape(name)}</div></div>'
            )
        row = f'<div style="display:flex;gap:28px;margin-top:18px">{"".join(signed)}</div>'
        asked = "".join(f"<li>{escape(self._short(one))}</li>" for one in self._own)
        held = f'<ul style="padding-left:18px">{asked}</ul>{"".join(boxes)}{row}'
        held = f'<div style="break-inside:avoid">{held}</div>'
        lines = [f"- {self._short(one)}" for one in self._own]
        blanks = [f"{one}: ____________" for one in (*LINES, "Agreed on (day)", whose, "Manager")]
        title = f"Agreed for {self._period}"
        return frame(title, self._addressee, held, "\n".join([*lines, *blanks]))

    @cached_property
    def _asked(self) -> pd.DataFrame:
        return self.figures.asked

    @property
    def _is_silent(self) -> bool:
        return self._asked.empty or self.selection.rep == NO_REP

    @cached_property
    def _whole(self) -> list[dict[str, Any]]:
        """Each target once, over all to whom the brief goes, and when: the page's period, or another."""
        out, period = [], self.figures.period
        for _, own in self._asked.groupby("target", sort=False):
            one = together(own, self.figures.dataset) | {"members": len(own), "own": own}
            is_of_page = not pd.isna(one["end"]) and period.start is not None
            is_of_page &= (one["start"], one["end"]) == (pd.Timestamp(period.start), pd.Timestamp(period.end))
            out.append(one | {"when": self._period if is_of_page else one["period"]})
        return out

    @property
    def _own(self) -> list[dict[str, Any]]:
        """The targets that are set for the member or the team of the page; without any, all."""
        own = [one for one in self._whole if one["per"]]
        return own if own and (self.selection.rep or self.selection.team) else self._whole

    def _nothing(self) -> Html:
        if self.selection.rep == NO_REP:
            return notice("What was sold without a rep has no target.")
        if self.plan is None:
            return notice("There is no plan, so there are no targets to show.")
        asked = "nothing" if not self._nobody else "nothing of anybody who is known"
        told = f"{self._addressee}: the plan asks for {asked} in {self._period}."
        return notice(" ".join([told, *self._nobody]))

    @property
    def _nobody(self) -> list[str]:
        """Say which targets are of members of whom the data do not tell who they will be."""
        return [f"“{name}” is not shown: it is not known who will be there in {self._period}, since the data"
                " have no table of reps." for name in self._asked.attrs.get("nobody", ())]  # fmt: skip

    def _line(self, one: dict[str, Any]) -> list[str]:
        before = MISSING
        if not pd.isna(one["reference"]):
            before = f"{self._amount(one, one['reference'])} ({one['last_period']})"
        if not pd.isna(one["year_before"]):
            before += f"; {self._amount(one, one['year_before'])} ({one['year_before_period']})"
        end = "no deadline" if pd.isna(one["end"]) else day(one["end"].date(), self.selection.language)
        asked = counted_as(one, **self._writing)
        # On the page of a member or a team, what is set for all says so.
        is_part = bool(self.selection.rep or self.selection.team)
        name = f"{one['target']} (for all)" if is_part and not one["per"] else one["target"]
        return [name, asked, before, step_text(one, **self._writing),
                self._amount(one, one["per_week"]), self._amount(one, one["per_day"]), end]  # fmt: skip

    def _short(self, one: dict[str, Any]) -> str:
        return f"{one['target']}: {counted_as(one, **self._writing)}"

    def _amount(self, one: dict[str, Any], value: float) -> str:
        return quantity(value, one["unit"], **self._writing)

    @property
    def _addressee(self) -> str:
        return self._who if self.selection.rep or self.selection.team else "The whole team"

    @property
    def _issued(self) -> str:
        return f"with what was known on {day(self.figures.as_of, self.selection.language)}"

    @property
    def _days_line(self) -> str:
        """Say how many working days the period has, and which holidays it has."""
        period, calendar = self.figures.period, self.figures.dataset.calendar
        if period.start is None:
            return ""
        count = calendar.business_days(period.start, period.end)
        free = free_days(calendar, period.start, period.end)
        told = f"{self._period} has {count} working day{'' if count == 1 else 's'}"
        if not free:
            return f"{told}."
        names = ", ".join(day(one, self.selection.language).rsplit(" ", 1)[0] for one in free)
        if len(free) > 10:
            return f"{told}, {len(free)} holidays taken off."
        return f"{told}; {len(free)} holiday{'' if len(free) == 1 else 's'} taken off: {names}."
