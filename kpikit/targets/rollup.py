"""The roll-up of a target's rows: how many are reached, and, of flows, the sum against the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kpikit.data.dataset import Dataset
from kpikit.periods import parse_period
from kpikit.targets.attainment import Course, Judgement, course, judge
from kpikit.targets.baselines import tidy
from kpikit.targets.details import Row
from kpikit.targets.occurrences import is_over, occurrences
from kpikit.targets.plan import Plan, Target
from kpikit.targets.reading import Question

__all__ = ["total"]


def total(
    dataset: Dataset, plan: Plan, target: Target, asked: Question, rows: Sequence[Row], as_of: date
) -> Row:
    """Roll the rows of a target up.

    `reached` of `of` counts the rows that can be judged. Of flows, the actual, target and expected values
    are sums over the rows that have started and have a target; so rows without a member are not in them. A
    target with occurrences still to come is never reached as a whole. Rates and levels do not add up: with
    `every` alone the roll-up has the status of the latest occurrence.
    """
    judged = [row for row in rows if row.course.is_started and row.judgement.gap is not None]
    reached, of = sum(row.reached for row in rows), sum(row.of for row in rows)
    start, ends = min(row.start for row in rows), [row.end for row in rows if row.end is not None]
    end = max(ends) if len(ends) == len(rows) else None
    is_single = len({(row.start, row.end) for row in rows}) == 1
    label = rows[0].period if is_single else f"{start}/{end}" if end else f"since {start}"
    known = Course(start <= as_of, False, end is not None, None, None, None, None)
    if is_single:
        known = course(start, end, as_of, dataset.calendar, plan.days)
    notes, kpi = [f"{reached} of {of} reached"], asked.asked.kpi
    told = Judgement("not started")
    row = Row("", label, start, end, None, None, None, None, known, told, "", reached, of, "total")
    if kpi.kind == "flow" and judged:
        actual = tidy(sum(one.actual or 0.0 for one in judged), kpi.unit)
        wanted = tidy(sum(one.target_value or 0.0 for one in judged), kpi.unit)
        n = sum(one.n or 0 for one in judged)
        whole = _course(known, judged, wanted, _has_ended(dataset, target, rows, as_of, is_single))
        told = judge(
            actual,
            wanted,
            whole,
            kind="flow",
            is_higher_better=kpi.is_higher_better,
            thresholds=(plan.thresholds.on_pace, plan.thresholds.behind),
        )
        if not is_single:
            told = replace(told, needed_per_day=None)
        is_open = not whole.is_ended and (target.every is not None or not is_single)
        if told.status == "reached" and is_open:
            # Occurrences are still to come, so that the sum so far is ahead, and not yet reached.
            told = replace(told, status="on pace" if whole.has_end else "no deadline")
        if all(one.judgement.status == "not available" for one in judged):
            told = Judgement("not available", told.attainment, gap=told.gap)
        row = replace(row, actual=actual, n=n, target_value=wanted)
    elif not any(one.course.is_started for one in rows):
        told = Judgement("not started")
    elif judged and asked.per is None:
        told = Judgement(rows[-1].judgement.status)
    else:
        told = Judgement("not available")
        notes.append(f"a {kpi.kind} does not add up" if judged else rows[0].note)
    return replace(row, judgement=told, note="; ".join(filter(None, notes)))


def _course(known: Course, judged: Sequence[Row], wanted: float, is_ended: bool) -> Course:
    """The course of the sum: the elapsed share is what all rows expect by now, of what they ask for."""
    expected = [row.judgement.expected for row in judged]
    if not known.is_started or None in expected or any(not row.course.has_end for row in judged):
        has_end = all(row.course.has_end for row in judged)
        return replace(known, is_ended=is_ended, has_end=has_end, share=known.share)
    share = sum(filter(None, expected)) / wanted if wanted else known.share
    return replace(known, is_ended=is_ended, has_end=True, share=share)


def _has_ended(dataset: Dataset, target: Target, rows: Sequence[Row], as_of: date, is_single: bool) -> bool:
    """Tell whether no occurrence is still to come."""
    if target.every is not None:
        return is_over(target, occurrences(target, as_of, dataset.calendar), as_of, dataset.calendar)
    if is_single:
        return rows[0].course.is_ended
    last = target.until
    if target.period is not None:
        last = parse_period(target.period, target.set_on, dataset.calendar).end
    return last is not None and last <= as_of
