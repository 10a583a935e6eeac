"""The parts of a review of channels: what each brings, at which cost, and whether we answer in time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.kpis import customers, deals, orders, talks
from kpikit.kpis.catalog import find
from kpikit.kpis.remarks import LEFT_OUT
from kpikit.kpis.sources import sources_of
from kpikit.language import quantity
from kpikit.people.contribution import OTHERS
from kpikit.people.positions import LEAST_ROWS
from kpikit.views.cards import NOT_COMPARED, change_text, points_text
from kpikit.views.channel_findings import cost_finding, cost_notes, costless, mix_finding, uncompared
from kpikit.views.channel_table import WIDEST, channel_finding, channel_table, marked
from kpikit.views.channels import (
    ALL,
    NONE,
    channel_rows,
    cost_rows,
    flow_of,
    is_channel,
    lack_of,
    mix_rows,
    split_kpis,
    trend_rows,
    whole_of,
)
from kpikit.views.comparing import few_text, is_compared
from kpikit.views.contribution import contribution_chart
from kpikit.views.display import Html, Picture, Table, notice
from kpikit.views.lists import below, frame
from kpikit.views.multiples import multiples_chart, multiples_finding
from kpikit.views.page import Page, asked
from kpikit.views.targets_table import grid
from kpikit.views.words import (
    asked_name,
    label,
    lower,
    reason,
    share_text,
    spoken,
    taken,
)

__all__ = ["ChannelReview"]

_HOMES = {"Orders and costs": orders, "Deals": deals, "Customers": customers, "Conversations": talks}


class ChannelReview(Page):
    """What each channel brings and costs."""

    def channels(self) -> Html:
        """Make the table of every KPI by channel."""
        rows = channel_rows(self.figures)
        if rows.empty or not any(map(is_channel, rows["channel"])):
            return notice(self._no_channels())
        why = {asked_name(one["kpi"], one["convention"]): one["note"] for one in rows.to_dict("records")
               if str(one["note"]).startswith("not available")}  # fmt: skip
        told = rows[~rows["note"].str.startswith("not available")]
        if told["value"].isna().all():
            return notice(self._why(rows))
        told = marked(told)
        kpis = [asked_name(*one) for one in asked(told)]
        names = {name: [one for one in kpis if one.partition(":")[0] in home.__all__]
                 for name, home in _HOMES.items()}  # fmt: skip
        known = {one for many in names.values() for one in many}
        names["Your own"] = [one for one in kpis if one not in known]
        groups = {f"{name}{self._whence(many)}": many for name, many in names.items() if many}
        _, others = split_kpis(self.figures)
        return channel_table(
            told, groups, _columns(told), title=channel_finding(told), subtitle=self._caption(told),
            notes=self._notes(told, why | others), is_fair=self.figures.is_fair, **self._writing,
        )  # fmt: skip

    def channel_costs(self) -> Html:
        """Make the table of what each channel costs, and what comes with it."""
        rows = cost_rows(self.figures)
        if rows.empty:
            return notice(f"Costs cannot be told by channel: {reason(lack_of(self.figures, 'costs'))}.")
        if not rows.loc[rows["kpi"] == "costs", "value"].any():
            return notice(self._why(rows[rows["kpi"] == "costs"]))
        pairs = asked(rows)
        heads = ["Channel", *(label(asked_name(*one)) for one in pairs), "Share of costs"]
        cells = {(one["channel"], one["kpi"]): one for one in rows.to_dict("records")}
        spent = cells[ALL, "costs"]["value"]
        table = []
        for name in _columns(rows):
            row = [name, *(self._figure(cells.get((name, kpi))) for kpi, _ in pairs)]
            own = cells.get((name, "costs"), {}).get("value")
            table.append([*row, share_text(own / spent if own is not None and spent > 0 else None,
                                           self.selection.language)])  # fmt: skip
        notes = cost_notes(rows) + uncompared(rows, self._reference)
        missing = rows[rows["note"].str.startswith("not available")]
        notes += [f"{label(asked_name(one.kpi, one.convention))}: {reason(one.note)}."
                  for one in missing.drop_duplicates(["kpi", "note"]).itertuples()]  # fmt: skip
        text = "\n".join([" | ".join(row) for row in [heads, *table]] + notes)
        title, inside = cost_finding(rows, self._write), grid(heads, table, heads[1:]) + below(notes)
        return frame(title, self._caption(rows), inside, text, width=WIDEST)

    def channel_mix(self) -> Picture | Html:
        """Make the chart of the part of each channel in revenue, or another flow, and in its growth."""
        return self._mix(flow_of(self.figures), self.figures.kpi)

    def channel_customers(self) -> Picture | Html:
        """Make the chart of the part of each channel in new customers, and in their growth."""
        return self._mix("new_customers", "new_customers")

    def channel_trend(self) -> Picture | Html:
        """Make the small multiples of the KPI over time, a panel for each channel."""
        shown, rows, kpi = self.figures, trend_rows(self.figures), self.figures.kpi
        if why := self._unsplit(kpi, "channel"):
            return notice(why)
        if rows.empty or rows["value"].isna().all():
            return notice(self._why(rows) if len(rows) else
                          f"{self._who}, {self._period}: no {lower(spoken(kpi))} by channel.")  # fmt: skip
        grain = self.selection.grain
        parts = [
            self._who,
            f"each {grain.replace('_', ' ')} that is over, the last one in words, others in grey",
        ]
        if find(kpi.partition(":")[0]).kind == "rate":
            parts.append(f"empty circles: of fewer than {LEAST_ROWS} rows")
        parts += [self._as_of, *self._taken(kpi, ["channel"]), *self._scope(rows)]
        return multiples_chart(
            rows, kpi=kpi, grain=grain, title=multiples_finding(rows, kpi=kpi, grain=grain),
            subtitle=" · ".join(parts), unit=shown.unit(kpi), **self._writing,
        )  # fmt: skip

    def _mix(self, kpi: str | None, wanted: str) -> Picture | Html:
        shown = self.figures
        if kpi is None or lack_of(shown, kpi):
            # A rate itself may have channels; then it is revenue, of which the mix would be, that has none.
            why = self._unsplit(kpi or wanted, "channel") or self._unsplit("revenue", "channel")
            return notice(why)
        rows = mix_rows(shown, kpi)
        if rows.empty or not rows["value"].any():
            return notice(f"{self._who}, {self._period}: no {lower(spoken(kpi))} to share.")
        title = mix_finding(rows, kpi=kpi, language=self.selection.language)
        parts = [f"{self._who}, {self._period}{self._so_far}"]
        if rows["change"].notna().any() and shown.reference:
            parts.append(f"growth: against {shown.reference.label}")
        elif shown.reference and not shown.is_fair:
            parts.append("growth is shown when the period is over")
        elif uncompared(pd.DataFrame([whole_of(shown, kpi)]), self._reference):
            parts.append(f"growth: {NOT_COMPARED}, for the data start within a year of {self._reference}")
        parts += [self._as_of, *self._taken(kpi, ["channel"]), *self._scope(rows)]
        drawn = contribution_chart(
            rows.rename(columns={"channel": "rep"}).replace({"rep": {OTHERS: "not split"}}), kpi=kpi,
            title=title, subtitle=" · ".join(parts), unit=shown.unit(kpi), **self._writing,
        )  # fmt: skip
        return Picture(drawn.specification, drawn.title, drawn.description, self._mix_table(rows, kpi, drawn))

    def _mix_table(self, rows: pd.DataFrame, kpi: str, drawn: Picture) -> Table:
        has_past, told = bool(rows["change"].notna().any()), []
        before = self._reference
        for one in rows.to_dict("records"):
            shares = [share_text(one[name], self.selection.language) for name in ("share", "share_before")]
            row = [str(one["channel"]), self._write(kpi, one["value"]), shares[0]]
            if has_past:
                moved = one["share"] - one["share_before"]
                row += [
                    self._write(kpi, one["reference"]),
                    shares[1],
                    points_text(moved, self.selection.language),
                ]
            told.append(tuple(row))
        heads = ["Channel", label(kpi), "Share (%)"]
        heads += [before, f"Share in {before} (%)", "Moved (points)"] if has_past else []
        return Table(tuple(heads), tuple(told), drawn.title)

    def _no_channels(self) -> str:
        kpi = flow_of(self.figures) or self.figures.kpi
        why = reason(lack_of(self.figures, kpi))
        return f"These data tell nothing by channel: {why}." if why else (
            f"{self._who}, {self._period}: no row has a channel.")  # fmt: skip

    def _whence(self, kpis: list[str]) -> str:
        chains = [chain for kpi in kpis for chain in sources_of(self.figures.dataset, kpi, "channel")]
        return f" · channel: {taken(list(dict.fromkeys(chains)))}" if chains else ""

    def _caption(self, rows: pd.DataFrame) -> str:
        parts = [f"{self._who}, {self._period}{self._so_far}"]
        if self.figures.reference and rows["change"].notna().any():
            parts.append(f"change: against {self.figures.reference.label}")
        return " · ".join([*parts, self._as_of, *self._scope(rows.head(1))])

    def _notes(self, rows: pd.DataFrame, why: dict[str, str]) -> list[str]:
        used = [f"{label(kpi)} ({str(convention).replace('_', ' ')})" for kpi, convention in asked(rows)
                if len(find(kpi).convention_names) > 1]  # fmt: skip
        notes, standings = [], set(rows["standing"])
        if "best" in standings:
            notes.append(
                "best, last: of the channels whose rate can be compared, by the direction of the KPI."
            )
        if "few" in standings:
            notes.append(f"few: a rate of fewer than {LEAST_ROWS} rows is not compared.")
        notes += costless(rows) + uncompared(rows, self._reference)
        if not self.figures.is_fair:
            notes.append("The period is still running: what adds up is not held against a whole one.")
        if used:
            notes.append(f"Counted by: {', '.join(used)}.")
        unripe = [(label(asked_name(one.kpi, one.convention)), said) for one in rows.itertuples()
                  for said in one.note.split("; ") if said.endswith(LEFT_OUT)]  # fmt: skip
        notes += [f"{name}: {said}." for name, said in dict.fromkeys(unripe)]
        told: dict[str, list[str]] = {}
        for name, lack in why.items():
            told.setdefault(reason(lack), []).append(lower(label(name)))
        return [*notes, *(f"Not by channel: {', '.join(many)} ({lack})." for lack, many in told.items())]

    def _figure(self, one: dict[str, Any] | None) -> str:
        if one is None or pd.isna(one["value"]):
            return "–"
        text = self._write(one["kpi"], one["value"])
        card = find(str(one["kpi"]))
        if few := few_text(one):
            return f"{text} ({few})"
        if not is_compared(one) or (card.kind == "flow" and not self.figures.is_fair):
            return text
        change = change_text(one["value"], one["reference"], one["change_ratio"], card.unit, **self._writing)
        return f"{text} ({change})"

    def _write(self, kpi: str, value: float) -> str:
        return quantity(value, self.figures.unit(kpi), **self._writing)


def _columns(rows: pd.DataFrame) -> list[str]:
    names = [one for one in dict.fromkeys(rows["channel"]) if one != ALL]
    return [*sorted(names, key=lambda name: name == NONE), ALL]
