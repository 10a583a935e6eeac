"""The tables of a review of the pipeline: the stages, what targets are covered, deals to talk about."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.credits import has_credits
from kpikit.language import MISSING, count_word, day, number, percent, quantity
from kpikit.people.positions import LEAST_ROWS
from kpikit.views import pipeline
from kpikit.views.cards import change_text
from kpikit.views.display import Html, notice
from kpikit.views.lists import below, frame
from kpikit.views.page import COMPANY, Page
from kpikit.views.pipeline_coverage import covered, covered_together
from kpikit.views.pipeline_findings import (
    coverage_finding,
    deals,
    is_few,
    list_finding,
    stages_finding,
)
from kpikit.views.targets_table import grid
from kpikit.views.theme import THEME
from kpikit.views.words import join, lower, reason, spoken, upper

__all__ = ["PipelineTables", "no_deals"]

_COLUMNS = ("deal_id", "customer", "rep", "stage", "amount", "open_days", "stage_days", "expected_close_on")


def no_deals() -> Html:
    """Say in two words that there is nothing to review: the cards have said why."""
    style = f"font-family:{THEME.font};font-size:13px;color:{THEME.dark_grey}"
    return Html(f'<div style="{escape(style)}">No deals.</div>', "No deals.")


class PipelineTables(Page):
    """Where deals get stuck, what the pipeline covers, and which deals to talk about."""

    def stages(self) -> Html:
        """Make the table of the stages: who came in, who moved on, and how long it took."""
        if not pipeline.has_deals(self.figures):
            return no_deals()
        if "deal_stages" not in self.figures.dataset.tables:
            return notice(
                "How long deals stay in a stage is not known: the data have no table of deal stages."
            )
        rows = pipeline.stage_rates(self.figures)
        if rows.empty or rows["value"].isna().all():
            return notice(self._ahead or f"{self._whom}, {self._period}: no deal left a stage.")
        rates = rows[rows["kpi"] == "stage_conversion_rate"].set_index("stage")
        days = rows[rows["kpi"] == "stage_days"].set_index("stage")
        told = pd.DataFrame({"rate": rates["value"], "n": rates["n"], "days": days["value"]}).loc[rates.index]
        before = self.figures.reference.label if self.figures.reference else ""
        heads = ["Stage", "Stays that ended", "Moved on", "Median days there"]
        if before:
            heads[3:3] = [f"Against {before}"]
            heads += [f"Days, against {before}"]
        table = []
        for name in rates.index:
            is_chance = bool(is_few(rates.loc[[name], "n"]).iloc[0])
            few = " (few)" if is_chance and not pd.isna(rates.loc[name, "value"]) else ""
            cells = [name, self._number(rates.loc[name, "n"]), self._share(rates.loc[name, "value"]) + few]
            cells += [MISSING if is_chance else self._change(rates.loc[name], "share")] if before else []
            cells += [quantity(days.loc[name, "value"], "days", language=self.selection.language)]
            cells += [MISSING if is_chance else self._change(days.loc[name], "days")] if before else []
            table.append(cells)
        title = stages_finding(told.reset_index(), self.selection.language)
        notes = ["Moved on: of the stays in a stage that ended in the period, those that went on to a stage "
                 "where the deal had not been, or were won. The others were lost, or went back."]  # fmt: skip
        if bool(is_few(rates["n"]).any()):
            notes.append(f"Few: fewer than {count_word(LEAST_ROWS)}, which is chance and is not compared.")
        parts = [f"{self._who}, {self._period}{self._so_far}", self._as_of, *self._scope(rows)]
        return self._table(title, " · ".join(parts), heads, table, notes)

    def coverage(self) -> Html:
        """Make the table of running targets and what the pipeline covers of what they lack."""
        if not pipeline.has_deals(self.figures):
            return no_deals()
        if self.plan is None:
            return notice("There is no plan, so there is nothing to cover.")
        rows, whole = covered(self.figures), covered_together(self.figures)
        if whole.empty:
            return notice(f"No target for revenue or won value is running {self._as_of}.")
        if rows["pipeline"].isna().all():
            why = next((note for note in rows["note"] if note), "no open deal has an amount")
            return notice(f"What the pipeline covers is not known: {reason(why)}.")
        heads = ["Target", "Reached of", "Still lacking", "Open pipeline", "Coverage", "Until"]
        table: list[list[str] | str] = []
        for one in whole.to_dict("records"):
            own = rows[(rows["target"] == one["target"]) & (rows["period"] == one["period"])]
            table.append(f"{one['target']}, {one['period']}")
            many, scope = len(own) > 1, self._set_for(one["target"])
            needed = one["needed"] if one["is_judged"] else None
            together = "All together" if scope == COMPANY else f"All together, {scope}"
            table.append(self._covered(together if many else own["member"].iloc[0] or scope, one, needed))
            thin = own[(own["remaining"] > 0)].sort_values(["coverage", "member"], na_position="first")
            if many:
                table += [self._covered(single["member"], single, needed)
                          for single in thin.head(pipeline.EACH).to_dict("records")]  # fmt: skip
        notes = [*self._needs(whole), "Every open deal counts, whenever it is expected to close."]
        if ((whole["lacking"] > 0) & (whole["lacking"] < whole["members"])).any():
            notes.append("Lacking and pipeline, all together: of those who have not reached their own.")
        if (whole["members"] > 1).any():
            notes.append(
                f"Of those with a target of their own, the {pipeline.EACH} with the least coverage are shown."
            )
        title = coverage_finding(whole, self.selection.language)
        scopes = [set(self.plan.choose(name)[0].target.scope) for name in whole["target"]]
        parts = [self._who, self._as_of, *self._unscoped(dict.fromkeys(set.intersection(*scopes)))]
        return self._table(title, " · ".join(parts), heads, table, notes, heads[2:5])

    def _needs(self, whole: pd.DataFrame) -> list[str]:
        """Say how much pipeline is needed, by whose win rate; of each target where they differ."""
        told: dict[str, list[str]] = {}
        for one in whole.to_dict("records"):
            whom = self._set_for(one["target"])
            if one["per"] == "rep" and self.selection.who:
                whom = self._who if whom == COMPANY else f"{self._who}, {whom}"
            of_whom = f"({'the company' if whom == COMPANY else whom}, {self._period})"
            times = number(one["needed"], self.selection.language, 1)
            must = f"the pipeline must be {times} times what is lacking"
            if not one["is_judged"]:
                says = f"won deals brought {self._share(one['from_deals'])} of {lower(spoken(one['kpi']))} "
                says += f"{of_whom}; what comes without one is in no pipeline"
            elif one["win_rate"] == 0:
                says = f"no deal was won {of_whom}, so that no pipeline can be called enough"
            elif one["win_rate"] == one["win_rate"]:
                says = f"at a win rate of {self._share(one['win_rate'])} {of_whom}, {must}"
            else:
                says = f"by the usual rule of thumb, {must}"
            told.setdefault(says, []).append(one["target"])
        if len(told) == 1:
            return [f"{upper(says)}." for says in told]
        return [f"{join(list(dict.fromkeys(names)))}: {says}." for says, names in told.items()]

    def open_deals(self) -> Html:
        """Make the list of the deals that the meeting can act on."""
        if why := self._open_is_unknown():
            return why
        rows = pipeline.deals_now(self.figures)
        if rows.empty:
            return notice(f"{self._whom}: no open deals {self._as_of}.")
        heads = ["Deal", "Customer", "Owner", "Stage", "Amount", "Open for", "In this stage for", "Expected"]
        kept = [name for name, column in zip(heads, _COLUMNS, strict=True) if rows[column].notna().any()]
        listed = pipeline.deals_listed(self.figures)
        table: list[list[str] | str] = []
        for name, own in listed.groupby("group", sort=False):
            lines = [dict(zip(heads, self._deal(one), strict=True)) for one in own.to_dict("records")]
            table += [
                f"Of the others, {lower(str(name))}" if table else str(name),
                *([line[head] for head in kept] for line in lines),
            ]
        late = rows["overdue_days"].notna().sum()
        has_dates = bool(rows["expected_close_on"].notna().any())
        title = f"{deals(len(rows), self.selection.language, 'open deal')} to look at"
        if has_dates:
            most = rows["overdue_days"].max()
            title = list_finding(len(rows), int(late), most, self.selection.language)
        notes = [
            f"{deals(len(listed), self.selection.language)} of {self._number(len(rows))}; each is named once."
        ]
        numbers = [name for name in kept if name in ("Amount", "Open for", "In this stage for")]
        parts = [self._who, self._as_of, *self._shared(), *self._scope(listed)]
        return self._table(title, " · ".join(parts), kept, table, notes, numbers)

    def _shared(self, more: str = "") -> list[str]:
        """Say how a deal that several members share is counted, where only some members are asked for."""
        is_shared = has_credits(self.figures.dataset, "deals") and {*self.selection.scope} & {
            *MEMBER_DIMENSIONS
        }
        return [f"a deal that members share counts whole{more}"] if is_shared else []

    def _deal(self, one: dict[str, Any]) -> list[str]:
        def days(value: float) -> str:
            return quantity(value, "days", language=self.selection.language)

        expected = MISSING
        if not pd.isna(one["expected_close_on"]):
            expected = day(one["expected_close_on"].date(), self.selection.language)
            if not pd.isna(one["overdue_days"]):
                expected += f", {days(one['overdue_days'])} ago"
        texts = [MISSING if pd.isna(one[name]) else str(one[name])
                 for name in ("deal_id", "customer", "rep", "stage")]  # fmt: skip
        return [*texts, self._money(one["amount"]), days(one["open_days"]), days(one["stage_days"]), expected]

    def _covered(self, name: str, one: dict[str, Any], needed: float | None) -> list[str]:
        end = MISSING if pd.isna(one["end"]) else day(one["end"].date(), self.selection.language)
        covers = MISSING
        if not one["remaining"]:
            covers = "● reached"
        elif not pd.isna(one["coverage"]):
            covers = "" if needed is None else f"{'►' if one['coverage'] >= needed else '▼'} "
            covers += quantity(one["coverage"], "times", language=self.selection.language)
        elif pd.isna(one["pipeline"]):
            covers = "no amounts"
        reached = f"{self._money(one['actual'])} of {self._money(one['target_value'])}"
        return [name, reached, self._money(one["remaining"]), self._money(one["pipeline"]), covers, end]

    def _table(
        self, title: str, subtitle: str, heads: list[str], rows: list[Any], notes: list[str],
        numbers: list[str] | None = None,
    ) -> Html:  # fmt: skip
        right = heads[1:] if numbers is None else numbers
        text = "\n".join(row if isinstance(row, str) else " | ".join(row) for row in [heads, *rows])
        return frame(title, subtitle, grid(heads, rows, right) + below(notes), "\n".join([text, *notes]))

    def _open_is_unknown(self) -> Html | None:
        if not pipeline.has_deals(self.figures):
            return no_deals()
        why = pipeline.lacks_deals(self.figures)
        return notice(f"It is not known which deals are open: {reason(why)}.") if why else None

    def _change(self, one: pd.Series, unit: str) -> str:
        return change_text(one["value"], one["reference"], float("nan"), unit, **self._writing)

    def _money(self, value: float) -> str:
        return quantity(value, "money", **self._writing)

    def _share(self, value: float) -> str:
        return percent(value, self.selection.language, 1)

    def _number(self, value: Any) -> str:
        return MISSING if pd.isna(value) else number(float(value), self.selection.language)
