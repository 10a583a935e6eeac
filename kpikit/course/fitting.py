"""From a goal to the KPI that fits it, and to the KPIs that show when it is gamed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.course.questions import Choice, Exercise, Option
from kpikit.course.setting import LAST_YEAR, Setting
from kpikit.kpis.catalog import find
from kpikit.views.words import join, label, lower, reason

__all__ = ["fitting"]

FITTING = "new_customers"
OFFERED = ("revenue", FITTING, "order_count", "win_rate", "conversations_handled")
# The lesson's own goal, for a company whose plan has none that fits.
OWN = {
    "name": "Reach new customers",
    "objectives": [{"name": "Win new customers faster", "kpis": [FITTING, "customer_acquisition_cost"]}],
}
TITLE = "Which KPI shows that the goal is reached, and which one that it only looks so?"
STEP = "Steps 1 to 3: goal, objective, KPI"
RISE_TOO = ("order_count", "revenue", "conversations_handled")
SHOWS = {
    "retention_rate": "Retention rate: a customer who was bought with a discount and does not come back is"
    " no"
    " longer active a year later.",
    "repeat_purchase_rate": "Repeat purchase rate: who orders once and never again lowers it.",
    "customer_acquisition_cost": "Customer acquisition cost: what was spent to win them is divided by their"
    " number, so customers who were bought dearly raise it.",
}
HIDES = {
    "order_count": "The first order of a customer who never returns is an order, too: the number of orders"
    " rises"
    " along with the trick.",
    "revenue": "A customer who was bought pays, too, at least once: revenue rises at first, and shows"
    " nothing.",
    "conversations_handled": "Conversations tell how busy the team is. They are as many for customers who"
    " stay as"
    " for customers who leave.",
}


def fitting(setting: Setting) -> Exercise:
    """Make the exercise."""
    figures = setting.measure([*OFFERED], period=setting.period, compare=LAST_YEAR)
    values = {one["kpi"]: one for one in figures.to_dict("records")}
    if pd.isna(values[FITTING]["value"]):
        why = reason(values[FITTING]["note"]) or "nothing is known of this period"
        return Exercise(
            TITLE, STEP, lacks=f"New customers cannot be counted in {setting.period.label}: {why}."
        )
    goal, objective = setting.objective(FITTING, OWN)
    card = find(FITTING)
    rows = tuple(_row(setting, kpi, values[kpi]) for kpi in OFFERED)
    meant = f" ({goal.description.rstrip('.')})" if goal.description else ""
    ages = setting.measure(["revenue", "order_count"], period=setting.period, by="customer_age")
    return Exercise(
        TITLE,
        STEP,
        story=(
            f"The goal: “{goal.name}”{meant}. An objective says what sales does for it, and KPIs measure"
            " that.",
            f"What these KPIs were in {setting.period.label}, and a year before:",
        ),
        heads=("KPI", setting.period.label, "A year before", "What it counts"),
        texts=("What it counts",),
        rows=rows,
        questions=(
            _objectives(objective.name, objective.kpis),
            _kpis(setting, objective.kpis, objective.name, values, ages),
            _balance(card),
        ),
        frames={"1 fitting KPI": figures, "1 by age of the customer": ages},
    )


def _row(setting: Setting, kpi: str, one: dict[str, Any]) -> tuple[str, ...]:
    then = setting.write(one["reference"], kpi)
    return label(kpi), setting.write(one["value"], kpi), then, find(kpi).definition


def _objectives(name: str, kpis: list[str]) -> Choice:
    listed = join([lower(label(kpi)) for kpi in kpis])
    options = (
        Option(
            "vision",
            "Be the supplier that every customer loves",
            "A fine wish, but on no day could anybody say whether it has come true: nothing in it can be"
            " counted."
            " An objective names what changes, and a KPI can count it.",
        ),
        Option(
            "activity",
            "Call ten prospects a day",
            "That is an activity: what is done, not what is reached. All the calls can be made and nobody"
            " buys. It"
            " belongs into the conversation about how, not into the plan.",
        ),
        Option(
            "objective",
            name,
            "Yes: it says what is to change and in which direction, and it can be counted, here by"
            f" {listed}.",
            True,
        ),
        Option(
            "project",
            "Hire two more reps",
            "That is a means, and it costs money before it brings any. What the two are to achieve would be"
            " the"
            " objective.",
        ),
    )
    text = (
        "Which of these sentences is an objective: something that sales can reach, and that a KPI can count?"
    )
    return Choice("objective", "Objective", text, options, "radio")


def _kpis(
    setting: Setting, listed: list[str], objective: str, values: dict[str, dict[str, Any]], ages: pd.DataFrame
) -> Choice:
    wrong = _why_not(setting, values, ages)
    options = []
    for kpi in sorted(OFFERED, key=label):
        is_right = kpi in listed
        right = (
            f"Yes: {lower(label(kpi))} counts exactly what the goal asks for, and nothing else:"
            f" {setting.write(values[kpi]['value'], kpi)} in {setting.period.label}. It stands"
            f" under “{objective}”."
        )
        options.append(Option(kpi, label(kpi), right if is_right else wrong[kpi], is_right))
    text = "Which KPI rises when the goal is reached, and only then?"
    return Choice("kpi", "KPI", text, tuple(options))


def _why_not(setting: Setting, values: dict[str, dict[str, Any]], ages: pd.DataFrame) -> dict[str, str]:
    period = setting.period.label
    told = {}
    for kpi in ("revenue", "order_count"):
        own = ages[(ages["kpi"] == kpi) & (ages["customer_age"] == "existing")]["value"].dropna()
        all_of_it = values[kpi]["value"]
        told[kpi] = setting.share(own.iloc[0] / all_of_it) if len(own) and all_of_it else ""
    old, orders = told["revenue"], told["order_count"]
    brought = f": in {period} customers of more than a year brought {old} of it" if old else ""
    came = f": in {period} customers of more than a year placed {orders} of them" if orders else ""
    rate = setting.write(values["win_rate"]["value"], "win_rate")
    talks = setting.write(values["conversations_handled"]["value"], "conversations_handled")
    new = setting.write(values[FITTING]["value"], FITTING)
    return {
        FITTING: "The plan does not list it under this objective.",
        "revenue": f"Revenue comes from old customers, too{brought}. It can rise without one new customer.",
        "order_count": f"Most orders are placed by who ordered before{came}. More orders are not more"
        " customers.",
        "win_rate": f"The win rate ({rate}) tells which part of the decided deals was won, also with old"
        " customers."
        " Three of six are as good as thirty of sixty: it does not say how many are new.",
        "conversations_handled": f"That is effort, not what comes of it: {talks} conversations stand beside"
        f" {new}"
        " new customers. One can talk more and win nobody.",
    }


def _balance(card: Any) -> Choice:
    options = [
        Option(kpi, label(kpi), SHOWS.get(kpi, f"{label(kpi)}: {find(kpi).definition}"), True)
        for kpi in card.balance
    ]
    options += [Option(kpi, label(kpi), HIDES[kpi]) for kpi in RISE_TOO if kpi not in card.balance]
    text = (
        f"Every KPI can be gamed. The card of {lower(label(card.name))} says: “{card.gaming}” Which KPIs"
        " would"
        " show it? Choose all that would."
    )
    missing = (
        "What you chose would show it, but {left} more would, too. Think of what happens after the first"
        " order,"
        " and of what was spent before it."
    )
    options.sort(key=lambda one: one.text)
    return Choice("balance", "Balance", text, tuple(options), "many", missing)
