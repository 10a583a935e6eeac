"""`review`: whether each target of a plan is specific, measurable, attainable, relevant and time-bound."""

from __future__ import annotations

from datetime import date

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import KpikitError, NotAvailableError, counted, demand, listing
from kpikit.periods import Period, parse_date, parse_period
from kpikit.targets.history import Verdict, attainable
from kpikit.targets.plan import Placed, Plan, Target
from kpikit.targets.quotas import Quota, quotas
from kpikit.targets.reading import Question, question, read

__all__ = ["CHECKS", "review"]

CHECKS = ("specific", "measurable", "attainable", "relevant", "time-bound")
COLUMNS = ("goal", "objective", "target", "check", "verdict", "reason")


def review(dataset: Dataset, plan: Plan, as_of: str | date | None = None) -> pd.DataFrame:
    """Check what each target of a plan is worth, against the data.

    Parameters
    ----------
    dataset, plan
        The tables, as `load` gives them; the plan, as `read_plan` gives it.
    as_of
        The day after which nothing is known; the newest fact's by default.

    Returns
    -------
    pandas.DataFrame
        Five rows for each target: `goal`, `objective`, `target`, `check` (specific, measurable, attainable,
        relevant, time-bound), `verdict` (ok, warning or fault) and `reason`, a sentence.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.targets import read_plan, review
    >>> told = review(kp.load("data/samples"), read_plan("data/samples/plan.yaml"))
    >>> told[["check", "verdict"]].values.tolist()[-1]
    ['time-bound', 'warning']
    """
    demand(
        "review",
        dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"),
        plan=(plan, Plan, "A plan, as kpikit.read_plan gives it"),
    )
    known = dataset.as_of if as_of is None else parse_date(as_of, "review")
    rows = []
    for placed in plan.placed:
        verdicts = _verdicts(dataset, plan, placed, known)
        head = (placed.goal.name, placed.objective.name, placed.target.name)
        rows += [(*head, check, *verdict) for check, verdict in zip(CHECKS, verdicts, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _verdicts(dataset: Dataset, plan: Plan, placed: Placed, as_of: date) -> list[Verdict]:
    target, per, own = placed.target, placed.target.per, []
    lacks, fault = "", ""
    if target.from_quotas:
        try:
            per, own = quotas(dataset, target, as_of)
        except NotAvailableError as error:
            lacks = error.fault
    asked = None
    try:
        asked = question(dataset, plan, target, per)
    except KpikitError as error:
        allowed = f"{error.allowed}." if error.allowed else ""
        fault = " ".join(filter(None, [f"{error.fault}.", allowed, error.hint]))
    if asked is not None and asked.asked.formula is None:
        card = asked.asked.kpi
        fault, asked = f"The KPI {card.name} cannot be counted. {_sentence(card.note)}", None
    specific = Verdict("fault", _sentence(fault)) if asked is None else Verdict("ok", _names(asked))
    if asked is None:
        measurable = Verdict("fault", "Nothing can be measured before the target is specific.")
    elif lacks:
        measurable = Verdict("fault", _sentence(f"not available: {lacks}"))
    else:
        measurable = _measurable(dataset, asked, as_of)
    if asked is None or measurable.verdict == "fault":
        past = Verdict("fault", "What is not measured has no history.")
    else:
        past = attainable(dataset, plan, target, asked, as_of)
    return [specific, measurable, past, _relevant(placed), _time_bound(target, own, _window(dataset, target))]


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _names(asked: Question) -> str:
    names = {name: [one or f"no {name}" for one in labels] for name, labels in asked.where}
    scope = "; ".join(f"{name} {listing(labels)}" for name, labels in names.items())
    whom = f" for each {asked.per}" if asked.per else ""
    where = f" in {scope}" if scope else ""
    kpi = asked.asked.kpi
    how = f", by the convention {asked.asked.convention}," if len(kpi.convention_names) > 1 else ""
    return f"{kpi.name}{how}{where}{whom}".rstrip(",") + "."


def _measurable(dataset: Dataset, asked: Question, as_of: date) -> Verdict:
    start = date.fromordinal(as_of.toordinal() - 364)
    year = Period(f"{start}/{as_of}", start, as_of, "range")
    reading = read(dataset, asked, [year], as_of)
    if reading.missing:
        return Verdict("fault", _sentence(reading.missing))
    if all(figure.value is None for figure in reading.figures.values()):
        return Verdict("warning", f"These data give no value in the year until {as_of}.")
    return Verdict("ok", f"These data give it, until {as_of}.")


def _relevant(placed: Placed) -> Verdict:
    kpi, listed = placed.target.kpi, placed.objective.kpis
    if kpi in listed:
        return Verdict("ok", f"The objective '{placed.objective.name}' lists {kpi}.")
    names = f"it lists {listing(listed)}" if listed else "it lists no KPI"
    return Verdict("fault", f"The objective '{placed.objective.name}' does not list {kpi}: {names}.")


def _window(dataset: Dataset, target: Target) -> Period | None:
    return parse_period(target.period, target.set_on, dataset.calendar) if target.period else None


def _time_bound(target: Target, own: list[Quota], window: Period | None) -> Verdict:
    if window is not None and window.start is not None and not target.from_quotas:
        if target.set_on > window.end:
            return Verdict("fault", f"It was set on {target.set_on}, after its end on {window.end}.")
        if target.set_on > window.start:
            late = (target.set_on - window.start).days
            return Verdict(
                "warning", f"It ends on {window.end}; it was set {counted(late, 'day')} after its start."
            )
        return Verdict("ok", f"It ends on {window.end}.")
    if target.from_quotas:
        if any(one.occurrence.end is None for one in own):
            return Verdict("warning", "The last quota is open: it has no end, and there is no next one.")
        return Verdict("ok", "Each quota has its end.")
    if target.every is not None and target.until is not None:
        return Verdict("ok", f"It is judged every {target.every} until {target.until}.")
    if target.every is not None:
        return Verdict("ok", f"It has no end of its own, and is judged every {target.every}.")
    return Verdict("warning", "It has no end: write a period.")
