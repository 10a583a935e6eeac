"""The rows of one target: each occurrence, for each member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpikit.calendars import Calendar
from kpikit.data.dataset import Dataset
from kpikit.errors import PlanError
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.targets.attainment import Course, Judgement, course, judge
from kpikit.targets.baselines import Base, Baselines, tidy
from kpikit.targets.occurrences import Occurrence, endless, occurrences
from kpikit.targets.plan import Plan, Target
from kpikit.targets.proration import Staff, Worked
from kpikit.targets.quotas import Quota, common
from kpikit.targets.reading import Figure, Question, Reading, read

__all__ = ["Row", "details", "not_available"]

MOST = 5_000  # occurrences: 13 years of days
_NOTHING = Figure(None, None, False)


@dataclass(frozen=True)
class Row:
    """One line of the result, without the columns that all rows of a target share."""

    member: str
    period: str
    start: date
    end: date | None
    actual: float | None
    n: int | None
    target_value: float | None
    baseline: float | None
    course: Course
    judgement: Judgement
    note: str
    reached: int = 0
    of: int = 0
    scope_row: str = "detail"


def not_available(target: Target, as_of: date, why: str) -> Row:
    """Make the row of a target that these data cannot give."""
    one = endless(target.set_on)
    known, told = course(one.start, None, as_of, Calendar()), Judgement("not available")
    return Row("", one.label, one.start, None, None, None, target.level, None, known, told, why)


def details(
    dataset: Dataset,
    plan: Plan,
    target: Target,
    asked: Question,
    as_of: date,
    quotas: Sequence[Quota] = (),
    found: Sequence[Occurrence] | None = None,
) -> list[Row]:
    """Evaluate each occurrence of a target (or those given) for each member, by time and label."""
    if target.from_quotas:
        found = list(dict.fromkeys(one.occurrence for one in quotas))
    elif found is None:
        found = occurrences(target, as_of, dataset.calendar)
    if not found:
        why = f"no whole {target.every} between {target.set_on} and {target.until}"
        return [not_available(target, as_of, why)]
    if len(found) > MOST:
        unit = (target.every or "quota").replace("_", " ")
        fault = f"target '{target.name}' is judged every {unit} since {found[0].start}: {len(found):,} times"
        hint = "write a later set_on, or a longer unit of time"
        raise PlanError(plan.where(target), fault, f"At most {MOST:,}", hint)
    judged = _Target(dataset, plan, target, asked, as_of, found, quotas)
    if judged.reading.missing:
        base = Base(None, target.level if target.to is None else target.to)
        return [judged.row(found[-1], "", _NOTHING, base, judged.reading.missing)]
    rows = []
    for one in found:
        labels = sorted(judged.labels(one), key=lambda name: (name is None, name or ""))
        rows += [judged.judged(one, label) for label in labels]
    return rows


class _Target:
    """All that is read once for a target, and how one of its rows is judged."""

    def __init__(
        self,
        dataset: Dataset,
        plan: Plan,
        target: Target,
        asked: Question,
        as_of: date,
        found: Sequence[Occurrence],
        quotas: Sequence[Quota],
    ) -> None:
        self._dataset, self._plan, self._target = dataset, plan, target
        self._asked, self._as_of = asked, as_of
        self.reading: Reading = read(dataset, asked, [one.window(as_of) for one in found], as_of)
        self._staff = Staff(dataset, as_of, asked.where)
        self._quotas = {(one.occurrence, one.label): one.value for one in quotas}
        self._common = common(list(quotas))
        has_base = target.growth is not None and not self.reading.missing
        # Growth of a part is told from the part's own baseline; any other target is for the whole alone.
        has_own = target.growth is not None and not isinstance(target.baseline, float)
        self._is_part = bool(asked.part) and not has_own
        self._bases = Baselines(dataset, target, asked, found if has_base else [], as_of)

    def labels(self, one: Occurrence) -> list[str | None]:
        """Who is judged in an occurrence, and None for rows without a member, which are shown apart."""
        per, window = self._asked.per, one.window(self._as_of)
        if per is None:
            return [""]
        figures = self.reading.figures
        if one.start > self._as_of:
            # Nothing is gathered for a period to come; who is on the team is known.
            has_own = per in MEMBER_DIMENSIONS
            known = self._staff.present(per, window) if has_own else list(filter(None, self.reading.labels))
        else:
            known = [label for label in self.reading.labels if figures[label, window].is_shown]
        if self._target.from_quotas:
            labels = [label for at, label in self._quotas if at == one and self._is_within(label, known)]
            return [*labels, *([None] if None in known and one in self._common else [])]
        return list(known) or [""]

    def _is_within(self, label: str, known: Sequence[str | None]) -> bool:
        """Whether a quota belongs to the scope, by its own label or by the team of its member."""
        own = dict(self._asked.where).get(self._asked.per or "")
        is_chosen = any(
            name in MEMBER_DIMENSIONS and name != self._asked.per for name, _ in self._asked.where
        )
        return (own is None or label in own) and (not is_chosen or label in known)

    def judged(self, one: Occurrence, label: str | None) -> Row:
        """Judge one member in one occurrence."""
        figure = self.reading.figures.get((label, one.window(self._as_of)))
        if figure is None:
            is_begun_flow = self._asked.asked.kpi.kind == "flow" and one.start <= self._as_of
            figure = Figure(0.0, 0, True) if is_begun_flow and label else _NOTHING
        note = self.reading.notes.get(one.window(self._as_of), "")
        if label is None:
            base = Base(None, None, f"no target: rows without a {self._asked.per}")
            return self.row(one, label, figure, base, note)
        worked = self._worked(one, label)
        base = self._base(one, label, worked)
        return self.row(one, label, figure, base, note, worked)

    def _worked(self, one: Occurrence, label: str) -> Worked | None:
        """The working days of a rep whose level is pro-rated: levels of flows only."""
        is_prorated = self._asked.per == "rep" and self._asked.asked.kpi.kind == "flow"
        if not is_prorated or self._target.level is None or one.period is None:
            return None
        worked = self._staff.worked(label, one.period)
        return None if worked is None or worked.is_whole else worked

    def _base(self, one: Occurrence, label: str, worked: Worked | None) -> Base:
        target, unit = self._target, self._asked.asked.kpi.unit
        if target.from_quotas:
            return Base(None, self._quotas.get((one, label)))
        if target.growth is not None:
            return self._bases.of(one, label)
        if target.to is not None:
            return Base(target.origin, target.to)
        if worked is None or target.level is None:
            return Base(None, target.level)
        if not worked.business[1]:
            return Base(None, None, "no target: not on the team on any working day of the period")
        days = f"{worked.business[1]} of {worked.of_business} working days"
        return Base(None, tidy(target.level * worked.share, unit), f"pro-rated: {days}")

    def row(
        self,
        one: Occurrence,
        label: str | None,
        figure: Figure,
        base: Base,
        note: str,
        worked: Worked | None = None,
    ) -> Row:
        """Judge a figure against a target value, and lay the row out."""
        plan, kpi = self._plan, self._asked.asked.kpi
        days = (worked.calendar, worked.business) if worked is not None else None
        known = course(one.start, one.end, self._as_of, self._dataset.calendar, plan.days, days)
        told = judge(
            figure.value,
            base.target_value,
            known,
            kind=kpi.kind,
            is_higher_better=kpi.is_higher_better,
            origin=self._target.origin,
            thresholds=(plan.thresholds.on_pace, plan.thresholds.behind),
        )
        if self.reading.missing:
            told = Judgement("not available")
        if self._is_part and told.status not in ("not started", "not available"):
            told = Judgement("not available", told.attainment, gap=told.gap)
            note = "; ".join(filter(None, [note, f"a part ({self._asked.part}) of what the target is for"]))
        is_judged = told.status in ("reached", "missed")
        return Row(
            f"no {self._asked.per}" if label is None else label,
            one.label,
            one.start,
            one.end,
            figure.value,
            figure.n,
            base.target_value,
            base.baseline,
            known,
            told,
            "; ".join(dict.fromkeys(filter(None, [base.note, *note.split("; ")]))),
            int(told.status == "reached"),
            int(is_judged),
        )
