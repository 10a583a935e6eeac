"""A target that is not SMART, to be mended until the check of plans has nothing left to say."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.course.questions import Amount, Choice, Exercise, Option, Said, blank
from kpikit.course.setting import LAST_YEAR, Setting
from kpikit.kpis.catalog import find, names
from kpikit.language import number, signed
from kpikit.periods import shift
from kpikit.targets import Plan, review
from kpikit.targets.history import seasonal_steps
from kpikit.views.words import join, label, lower

__all__ = ["mending"]

TITLE = "What is wrong with this target, and how would you set it?"
STEP = "Step 4: a target that is specific, measurable, attainable, relevant and time-bound"
VAGUE, UNKNOWN = "sales", "satisfaction"
MOST = 12  # quarters that are looked back on
OFTEN = 0.8  # reached in more than this part of the past: it asks for nothing
BASELINES = {"previous": "the quarter before", LAST_YEAR: "the same quarter last year"}
TIMES = {"": "no deadline", "last": "last quarter", "this": "this quarter", "next": "next quarter"}


def mending(setting: Setting) -> Exercise:
    """Make the exercise."""
    kpi, past = setting.money, _past(setting)
    if past[LAST_YEAR].notna().sum() < 4:
        why = f"Four quarters with a year before them are needed, and {lower(label(kpi))} has fewer."
        return Exercise(TITLE, STEP, lacks=f"There is too little history for a target. {why}")
    own = {"name": "Sell more", "objectives": [{"name": "Sell more from quarter to quarter", "kpis": [kpi]}]}
    goal, objective = setting.objective(kpi, own)
    asked = f"{objective.name}: {join([lower(label(one)) for one in objective.kpis])}"
    return Exercise(
        TITLE,
        STEP,
        story=(
            "A colleague wrote: “Sales must go up by 50%, soon.” The controls below hold just that. Change"
            " them"
            " until the check has nothing to say; kpikit checks the target as it checks a plan.",
            f"The target hangs under the goal “{goal.name}” and its objective “{asked}”."
            f" Today is {setting.today}, so the target would be set on that day. How {setting.sold} has"
            " moved:",
        ),
        heads=("Quarter", label(kpi), "On the quarter before", "On the same quarter last year"),
        rows=tuple(_row(setting, one) for one in past.tail(8).to_dict("records")),
        questions=(
            _kpis(kpi),
            Amount("growth", "Growth in %", "By how much is it to grow?", "%", 0.0, "", first=50.0),
            _choice("baseline", "Compared with", "Compared with what?", BASELINES, "previous"),
            _choice("period", "Until the end of", "When must it be reached?", _times(setting), ""),
        ),
        frames={"2 growth of the past": past.rename(columns={LAST_YEAR: "last_year"})},
        judge=lambda answers: _judge(setting, objective.name, objective.kpis, past, answers),
        solution={"kpi": kpi, "growth": _fair(past), "baseline": LAST_YEAR, "period": "next"},
    )


def _past(setting: Setting) -> pd.DataFrame:
    """What each complete quarter brought, and how it stands against the one before and a year before."""
    last = setting.next_period("last quarter")
    first = shift(setting.next_period("next quarter"), -MOST, setting.dataset.calendar)
    span = f"{first.start}/{last.end}"
    told = {
        how: setting.measure(setting.money, period=span, grain="quarter", compare=how) for how in BASELINES
    }
    past = told["previous"][["kpi", "convention", "period", "start", "value", "note"]].copy()
    for how in BASELINES:
        past[how] = told[how]["change_ratio"].to_numpy()
    past["label"] = past["period"]
    return past.rename(columns={"previous": "change_ratio"}).assign(
        previous=lambda rows: rows["change_ratio"]
    )


def _fair(past: pd.DataFrame) -> float:
    """The growth in per cent that half of the past would have reached."""
    return float(max(round(past[LAST_YEAR].median() * 100), 1))


def _row(setting: Setting, one: dict[str, Any]) -> tuple[str, ...]:
    changes = [setting.change(one[how]) for how in BASELINES]
    return str(one["label"]), setting.write(one["value"], setting.money), *changes


def _kpis(kpi: str) -> Choice:
    offered = {VAGUE: "Sales", kpi: label(kpi), "customer_lifetime_value": "Customer lifetime value"}
    offered |= {UNKNOWN: "Satisfaction of the customers", "conversations_handled": "Conversations handled"}
    return _choice("kpi", "KPI of the target", "What is to grow?", offered, VAGUE)


def _times(setting: Setting) -> dict[str, str]:
    return {
        key: f"{text} ({setting.next_period(text).label})" if key else text for key, text in TIMES.items()
    }


def _choice(name: str, head: str, text: str, offered: dict[str, str], first: str) -> Choice:
    options = tuple(Option(value or "none", shown) for value, shown in offered.items())
    return Choice(name, head, text, options, first=first or "none")


def _judge(
    setting: Setting, objective: str, kpis: list[str], past: pd.DataFrame, answers: dict[str, Any]
) -> list[Said]:
    """Tell each of the five checks of a plan, with what it means here."""
    given = {name: answers.get(name) for name in ("kpi", "growth", "baseline", "period")}
    heads = {"kpi": "KPI", "growth": "Growth", "baseline": "Baseline", "period": "Deadline"}
    if lacking := [blank(heads[name]) for name, value in given.items() if value is None or value == ""]:
        return lacking
    target = {
        "name": "t",
        "kpi": given["kpi"],
        "growth": float(given["growth"]) / 100,
        "set_on": setting.as_of,
    }
    target |= {"baseline": given["baseline"]}
    if given["period"] != "none":
        target["period"] = TIMES[given["period"]]
    under = {"name": objective, "kpis": [one for one in kpis if one in names()], "targets": [target]}
    plan = Plan.model_validate({"goals": [{"name": "g", "objectives": [under]}]})
    told = review(setting.dataset, plan, setting.as_of).set_index("check")
    is_measured = told.loc["measurable", "verdict"] != "fault"
    steps = seasonal_steps(setting.dataset, plan, plan.placed[0].target, setting.as_of) if is_measured else []
    verdict = {check: (one["verdict"], one["reason"]) for check, one in told.to_dict("index").items()}
    return [
        _specific(str(given["kpi"]), verdict),
        _measurable(str(given["kpi"]), verdict),
        _attainable(setting, past, given, verdict, steps),
        _relevant(objective, kpis, str(given["kpi"]), verdict),
        _timed(setting, str(given["period"]), verdict),
    ]


Verdicts = dict[str, tuple[str, str]]


def _specific(kpi: str, verdict: Verdicts) -> Said:
    head = "Specific"
    if kpi == VAGUE:
        text = "“Sales” can mean orders, deals or revenue: two people will count two numbers."
        return Said(head, False, f"{text} Name a KPI that the plan knows.")
    if kpi in names() and find(kpi).under(None)[1] is None:
        ways = join(find(kpi).convention_names)
        text = f"{label(kpi)} is counted in several ways ({ways}), and they give very different amounts."
        return Said(head, False, f"{text} Without naming one, nobody knows what was promised.")
    if verdict["specific"][0] != "ok":
        return Said(head, False, f"No KPI counts the {UNKNOWN} of customers: it is not said what is to grow.")
    return Said(head, True, f"{label(kpi)} has one definition: {lower(find(kpi).definition)}")


def _measurable(kpi: str, verdict: Verdicts) -> Said:
    head, (told, reason) = "Measurable", verdict["measurable"]
    if kpi == UNKNOWN:
        text = "Nothing in the company's tables tells how satisfied a customer is."
        return Said(head, False, f"{text} What is not recorded cannot be measured, however much it matters.")
    if kpi == VAGUE:
        return Said(head, False, "Before it is said what “sales” means, there is nothing to count.")
    if kpi in names() and find(kpi).under(None)[1] is None:
        return Said(head, False, "Before one of the ways is named, it cannot be counted.")
    if told != "ok":
        return Said(head, False, f"It cannot be counted from the tables. {reason}")
    return Said(head, True, reason)


def _attainable(
    setting: Setting, past: pd.DataFrame, given: dict[str, Any], verdict: Verdicts, steps: list[float]
) -> Said:
    """Hold the growth against the past; `steps` is what a season brought from the period before."""
    head, growth = "Attainable", float(given["growth"])
    asked, reason = _growth(setting, growth), verdict["attainable"][1]
    if growth <= 0:
        return Said(
            head, False, f"Growth of {asked} asks for no more than there is: nobody has to do anything."
        )
    if verdict["measurable"][0] == "fault":
        return Said(head, False, "What is not measured has no past that it could be held against.")
    if steps:
        brought = ", ".join(setting.change(one) for one in steps)
        text = f"The two quarters lie in different seasons: in past years the same step brought {brought}."
        text += " Whatever the team does, the season decides. Compare like with like."
        return Said(head, False, text)
    if given["period"] == "none":
        return Said(head, False, "Without a deadline no period of the past can be compared with it.")
    if verdict["attainable"][0] != "ok":
        text = f"{asked} is more than the past has shown. {reason} What nobody believes in moves nobody."
        return Said(head, False, text)
    if given["kpi"] != setting.money:
        return Said(head, True, reason)
    known = past[str(given["baseline"])].dropna()
    met = int((known >= growth / 100).sum())
    if met > OFTEN * len(known):
        text = f"{asked} or more came in {met} of the last {len(known)} quarters, without this target."
        return Said(head, False, f"{text} It is attainable, but it asks for nothing.")
    return Said(head, True, f"{reason} It was done before, and not always: it can be met, with an effort.")


def _growth(setting: Setting, percent: float) -> str:
    places = 0 if percent == int(percent) else 1
    return f"{signed(percent, lambda one: number(one, setting.chosen.language, places))}%"


def _relevant(objective: str, kpis: list[str], kpi: str, verdict: Verdicts) -> Said:
    head, listed = "Relevant", join([lower(label(one)) for one in kpis])
    if verdict["relevant"][0] == "ok":
        return Said(head, True, f"“{objective}” is measured by {lower(label(kpi))}.")
    if kpi in names():
        text = f"{label(kpi)} can rise while the objective is missed: “{objective}” is measured by {listed}."
        return Said(head, False, text)
    return Said(head, False, f"The objective lists {listed}, and no “{kpi}”.")


def _timed(setting: Setting, period: str, verdict: Verdicts) -> Said:
    head = "Time-bound"
    if period == "none":
        return Said(head, False, "“Soon” never comes. Without a last day nobody can say that it was missed.")
    span = setting.next_period(TIMES[period])
    if period == "last":
        text = (
            f"{span.label} ended on {setting.day(span.end)}. A target tells what is to be done, not what was."
        )
        return Said(head, False, text)
    if verdict["time-bound"][0] != "ok":
        text = f"{span.label} has begun on {setting.day(span.start)}: part of the result is in already."
        return Said(head, False, f"{text} A target is agreed on before its period starts.")
    return Said(head, True, f"It ends on {setting.day(span.end)}, and it is set before it starts.")
