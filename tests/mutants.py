"""Change every KPI in turn and see that a test notices: `python -m tests.mutants`.

A mutant is a KPI with one thing wrong: operands swapped, an operator taken for another, a filter dropped or
taken for another, a date taken for another, a bound moved by a day, a convention taken for another. It is
killed when figures by hand or the plain twins of companies tell it from the real KPI.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

from kpikit import measure
from kpikit.kpis import catalog, gathering
from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Else, Formula, Measure, Number, Operation, Window
from tests.builders import dataset
from tests.kpis import edges
from tests.kpis.test_by_hand import AS_OF, COMPANY, JANUARY
from tests.kpis.twin import ASKED, Case, check, draw_case, name_of, twin_of

OTHER_FLAGS = {
    "is_won": ["is_closed"],
    "is_closed": ["is_won"],
    "is_cycle": ["is_won", "is_closed"],
    "is_closed_cycle": ["is_cycle"],
    "is_spanned": ["is_closed"],
    "is_won_in_30": ["is_won_in_90", "is_won"],
    "is_won_in_90": ["is_won_in_30", "is_won_in_180", "is_won"],
    "is_won_in_180": ["is_won_in_90", "is_won"],
    "is_converted": ["is_prospect"],
    "is_prospect": ["is_converted"],
    "is_left": ["is_moved"],
    "is_moved": ["is_left"],
    "is_answered": ["is_timed"],
    "is_answered_in_1": ["is_answered_in_8", "is_answered", "is_due_in_1"],
    "is_answered_in_8": ["is_answered_in_1", "is_answered", "is_due_in_8"],
    "is_due_in_1": ["is_due_in_8", "is_answered_in_1"],
    "is_due_in_8": ["is_due_in_1", "is_answered_in_8"],
    "is_visit": ["is_again"],
    "is_again": ["is_visit"],
}
OTHER_DAYS = {
    "closed": ["created", "dated"],
    "created": ["closed", "dated"],
    "dated": ["created", "closed"],
    "until": ["entered"],
    "entered": ["until"],
}
OTHER_COLUMNS = {
    "amount": ["cost"],
    "margin": ["amount", "cost"],
    "discount": ["amount"],
    "quantity": ["amount"],
    "cycle_days": ["created"],
    "weighted_amount": ["amount"],
}
# Mutants that say the same as the real KPI, and why.
SAME = {("repeat_purchase_rate", "visits.distinct: None for is_visit"): "unknown customers are not counted"}
# What a window becomes; a measure that is read on a day has no window so far.
OTHER_WINDOWS = {
    "period": ["so_far"],
    "opening": ["period"],
    "so_far": ["period"],
    "trailing": ["period"],
    "ripe": ["period"],
}
OTHER_SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*"}


def mutants(formula: Formula) -> Iterator[tuple[str, Formula]]:
    """Yield formulas with one thing wrong, and what it is."""
    if isinstance(formula, Operation):
        if formula.sign in "-/":
            yield (
                f"operands of {formula.sign} swapped",
                replace(formula, left=formula.right, right=formula.left),
            )
        yield (
            f"{formula.sign} for {OTHER_SIGNS[formula.sign]}",
            replace(formula, sign=OTHER_SIGNS[formula.sign]),
        )
        for what, left in mutants(formula.left):
            yield what, replace(formula, left=left)
        for what, right in mutants(formula.right):
            yield what, replace(formula, right=right)
    elif isinstance(formula, Else):
        yield "the second choice taken first", Else(formula.second, formula.first)
        for what, first in mutants(formula.first):
            yield what, Else(first, formula.second)
    elif isinstance(formula, Number):
        yield f"{formula.value} + 1", Number(formula.value + 1)
    elif isinstance(formula, Measure):
        yield from measure_mutants(formula)


def measure_mutants(one: Measure) -> Iterator[tuple[str, Measure]]:
    """Yield measures with one thing wrong."""
    rows, where = one.rows, f"{one.rows.table}.{one.column or one.how}"
    for flag in ([None] if rows.flag else []) + OTHER_FLAGS.get(rows.flag, []):
        yield f"{where}: {flag} for {rows.flag}", replace(one, rows=replace(rows, flag=flag))
    for day in OTHER_DAYS.get(rows.day, []):
        if rows.table in ("deals", "stays") and not one.is_read:
            yield f"{where}: by {day} for {rows.day}", replace(one, rows=replace(rows, day=day))
    for column in OTHER_COLUMNS.get(one.column, []):
        if rows.table == "orders" or one.column != "amount":
            yield f"{where}: {column} for {one.column}", replace(one, column=column)
    if one.known:
        yield f"{where}: also where {', '.join(one.known)} is not known", replace(one, known=())
    if one.how == "alive":
        for days in (one.days - 1, one.days + 1):
            yield f"{where}: alive {days} days", replace(one, days=days)
        yield f"{where}: all ever for the alive", replace(one, how="open", key="stop", days=None)
    if one.how == "distinct":
        yield f"{where}: lines for orders", replace(one, how="count", key=None)
    if one.how == "median":
        yield f"{where}: the largest for the median", replace(one, how="max")
    for kind in OTHER_WINDOWS[one.window.kind]:
        if not (one.is_read and kind == "so_far"):
            yield f"{where}: {kind} for {one.window.kind}", replace(one, window=Window(kind))
    if one.window.kind in ("trailing", "ripe"):
        for days in (one.window.days - 1, one.window.days + 1):
            yield (
                f"{where}: {one.window.kind} {days} days",
                replace(one, window=replace(one.window, days=days)),
            )


@contextmanager
def moved_bounds(begin: int, end: int) -> Iterator[None]:
    """Move the bounds of every window by days."""
    covered, read = gathering.days_covered, gathering.days_read

    def moved_span(measure, windows, as_of):
        return [(a if a < 0 else a + begin, max(b + end, a)) for a, b in covered(measure, windows, as_of)]

    def moved_day(measure, windows):
        return [day if day < 0 else day + end for day in read(measure, windows)]

    with patch.multiple(gathering, days_covered=moved_span, days_read=moved_day):
        yield


@contextmanager
def put(kpi: KPI) -> Iterator[None]:
    """Put a KPI into the catalogue in the place of the real one."""
    with patch.dict(catalog._BUILT_IN, {kpi.name: kpi}):
        yield


def collect(examples: int) -> list[Case]:
    """Draw so many random companies, always the same ones."""
    if not examples:
        return []
    cases: list[Case] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def draw(data):
        cases.append(draw_case(data))

    draw()
    return cases


class Judge:
    """The figures by hand and the twins, for one KPI at a time."""

    def __init__(self, cases: list[Case]) -> None:
        self.cases, self.twins = cases, {}

    def kills(self, kpi: str, convention: str | None) -> bool:
        """Tell whether any check fails for a KPI as the catalogue has it now."""
        try:
            self._hand(kpi, convention)
            for number, case in enumerate(self.cases):
                key = (number, kpi, convention)
                if key not in self.twins:
                    self.twins[key] = twin_of(case, kpi, convention)
                check(case, asked=[(kpi, convention)], twins={(kpi, convention): self.twins[key]})
        except Exception:  # a mutant that cannot even be computed is noticed as well
            return True
        return False

    def _hand(self, kpi: str, convention: str | None) -> None:
        names = [n for n in JANUARY if n == name_of(kpi, convention) or (n == kpi and convention in DEFAULTS)]
        for name in names:
            found = measure(dataset(COMPANY), name_of(kpi, convention), period="2026-01", as_of=AS_OF)
            assert abs(found["value"].item() - JANUARY[name][0]) < 1e-9
            assert found["n"].item() == JANUARY[name][1]


DEFAULTS = ("closed", "first_order")


def every_mutant() -> Iterator[tuple[str, str | None, str, KPI, tuple[int, int]]]:
    """Yield KPI, convention, what is wrong, the mutant, and by how many days its bounds are moved."""
    for name, convention in ASKED:
        real = catalog.find(name)
        asked, formula = real.under(convention)

        def made(formula: Formula, real: KPI = real, asked: str | None = asked) -> KPI:
            if asked == real.default and real.formula is not None:
                return replace(real, formula=formula)
            return replace(real, conventions={**real.conventions, asked: formula})

        for what, mutated in mutants(formula):
            if (name, what) in SAME:
                continue
            yield name, convention, what, made(mutated), (0, 0)
        for other in real.convention_names:
            if other != asked:
                yield name, convention, f"convention {other} for {asked}", made(real.under(other)[1]), (0, 0)
        for bounds in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            # What covers everything so far, or is read on a day, has no begin that could be moved.
            if bounds[1] or any(not m.is_read and m.window.kind != "so_far" for m in formula.measures()):
                yield name, convention, f"bounds moved by {bounds} days", real, bounds


def bounds() -> list[Case]:
    """Make the companies with something on every day around the bounds."""
    return [*edges.cases(), *edges.cases(customers_leave=True), *edges.more_cases()]


def main(examples: int = 0) -> int:
    """Try every mutant, on so many random companies as well; 1 if one survives."""
    judge = Judge([*bounds(), *collect(examples)])
    for name, convention in ASKED:
        if judge.kills(name, convention):
            print(f"{name_of(name, convention)}: the real KPI fails its checks, so no mutant can be judged")
            return 1
    survivors = total = 0
    for name, convention, what, kpi, days in every_mutant():
        total += 1
        with put(kpi), moved_bounds(*days):
            is_dead = judge.kills(name, convention)
        if not is_dead:
            survivors += 1
            print(f"survives: {name_of(name, convention)}: {what}", flush=True)
    print(f"{total} mutants, {survivors} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
