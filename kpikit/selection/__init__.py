"""What a person asks for: one selection, checked once, for controls, notebooks, command line and batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from kpikit.data.contract import DIMENSIONS
from kpikit.data.dataset import Dataset
from kpikit.errors import KpikitError, ParameterError, listing, suggest
from kpikit.kpis.measure import ask
from kpikit.kpis.tabulating import read_where
from kpikit.language import check_language
from kpikit.periods import COMPARISONS, GRAINS, Period, parse_date, parse_period
from kpikit.selection.given import brought, literal, one_of, plain, read_line
from kpikit.selection.offers import (
    NO_REP,
    SHOWN,
    available_kpis,
    default_kpis,
    first_day,
    labels_of,
    lacking,
    member_pairs,
    scored_kpis,
    split_of,
)

__all__ = [
    "NO_REP",
    "PARAMETERS",
    "Selection",
    "available_kpis",
    "default_kpis",
    "first_day",
    "labels_of",
    "lacking",
    "member_pairs",
    "scored_kpis",
]

Scope = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Selection:
    """One view of the figures: which period, compared with what, of whom, and which KPIs and target.

    Parameters
    ----------
    period
        As `parse_period` reads it.
    as_of
        The day after which nothing is known; None for the newest fact's.
    compare
        One of `periods.COMPARISONS`, or None.
    target
        The name of a target of the plan; None takes the one that fits KPI and period best.
    kpi
        The KPI of the charts; where none is asked for, the first of `kpis`, or else of those that the data
        can give.
    kpis
        The KPIs of the cards and of the table of members.
    team, rep
        Of whom; None for all.
    by
        The dimension of the breakdown. Where the data have no channel, which is the default, it is the first
        of region, product line, segment and product that they have.
    grain
        The unit of the trend.
    where
        A further scope: dimension to label or labels.
    language
        `en` or `id`.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.selection import Selection
    >>> sales = kp.load("data/samples")
    >>> chosen = Selection.of(sales, period="2026-Q3", rep="Ayu Lestari")
    >>> chosen.line
    'period="2026-Q3", compare="previous", kpi="revenue", rep="Ayu Lestari"'
    >>> Selection.of(sales, **Selection.read(chosen.line)) == chosen
    True
    """

    period: str = "last quarter"
    as_of: str | None = None
    compare: str | None = "previous"
    target: str | None = None
    kpi: str | None = None
    kpis: tuple[str, ...] = ()
    team: str | None = None
    rep: str | None = None
    by: str = "channel"
    grain: str = "month"
    where: Scope = ()
    language: str = "en"

    @classmethod
    def of(cls, dataset: Dataset, plan: Any = None, **parameters: Any) -> Selection:
        """Check parameters against the data and the plan, and make a selection of them.

        Parameters
        ----------
        dataset
            The tables.
        plan
            A plan, whose targets can be chosen; without one there are none.
        **parameters
            The fields of a selection; an empty text is None.

        Raises
        ------
        ParameterError, UnknownNameError, PeriodError
            Naming the parameter, what is wrong with it, what is allowed, and a hint.
        """
        for name in parameters:
            if name not in PARAMETERS:
                near = suggest(name, PARAMETERS)
                raise ParameterError(
                    "parameters", f"no parameter '{name}'", f"Parameters: {listing(PARAMETERS)}", near
                )
        given = {name: brought(name, value) for name, value in parameters.items()}
        given = {name: value for name, value in given.items() if value is not None or name == "compare"}
        made = cls(**given)
        one_of("compare", made.compare, COMPARISONS, can_miss=True)
        one_of("by", made.by, DIMENSIONS)
        one_of("grain", made.grain, GRAINS)
        check_language(made.language)
        if made.as_of is not None:
            made = replace(made, as_of=parse_date(made.as_of, "as_of").isoformat())
        with _told("period"):
            made.span(dataset)
        made = replace(made, **_kpis(dataset, made), where=_scope(dataset, made))
        if made.by == "channel":
            made = replace(made, by=split_of(dataset, str(made.kpi), made.day(dataset)))
        if made.target is not None:
            one_of("target", made.target, _targets(plan))
        return replace(made, team=_team(dataset, made))

    @classmethod
    def read(cls, line: str) -> dict[str, Any]:
        """Read the parameters that a line holds.

        Raises
        ------
        ParameterError
            If it is not a list of `name=value`, where each value is a literal.
        """
        return read_line(line)

    @property
    def line(self) -> str:
        """The selection as one line, to paste into a notebook or a command; what is a default is left out."""
        return ", ".join(f"{name}={literal(value)}" for name, value in self.parameters.items())

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that make this selection again, for a parameters cell; defaults are left out."""
        always = ("period", "compare", "kpi")
        chosen = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in always or value != field.default:
                chosen[field.name] = plain(value)
        return chosen

    @property
    def scope(self) -> dict[str, list[str]]:
        """The scope of the figures: the further scope, with the rep, or else the team."""
        own = {"rep": [self.rep]} if self.rep else {"team": [self.team]} if self.team else {}
        return {name: list(labels) for name, labels in self.where} | own

    @property
    def around(self) -> dict[str, list[str]]:
        """The scope of those around a rep: the further scope, with the team."""
        return replace(self, rep=None).scope

    @property
    def who(self) -> str:
        """Of whom the figures are; an empty text for all."""
        return self.rep or self.team or ""

    def day(self, dataset: Dataset) -> date:
        """Give the as-of date."""
        return dataset.as_of if self.as_of is None else parse_date(self.as_of, "as_of")

    def span(self, dataset: Dataset) -> Period:
        """Give the period as dates."""
        return parse_period(self.period, self.day(dataset), dataset.calendar)


PARAMETERS = tuple(field.name for field in fields(Selection))


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Name the parameter in an error."""
    try:
        yield
    except KpikitError as error:
        raise type(error)(name, error.fault, error.allowed, error.hint) from None


def _kpis(dataset: Dataset, chosen: Selection) -> dict[str, Any]:
    for name, asked in [("kpi", chosen.kpi), *(("kpis", one) for one in chosen.kpis)]:
        if asked is not None:
            with _told(name):
                ask(asked)
    if chosen.kpi:
        return {}
    # Of the KPIs that are asked for, the first that the data can give.
    known = chosen.day(dataset)
    given = available_kpis(dataset, list(chosen.kpis), known) if chosen.kpis else []
    own = given or list(chosen.kpis) or default_kpis(dataset, known)
    return {"kpi": own[0] if own else SHOWN[0]}


def _scope(dataset: Dataset, chosen: Selection) -> Scope:
    for name in ("team", "rep"):
        label = getattr(chosen, name)
        if label is not None:
            with _told(name):
                read_where(dataset, {name: label})
    with _told("where"):
        scope = read_where(dataset, dict(chosen.where))
    for name, _ in scope:
        if name in ("team", "rep"):
            raise ParameterError("where", f"'{name}' has a parameter of its own", hint=f"{name}=... instead")
    return tuple(
        (name, tuple(f"no {name}" if one is None else one for one in labels)) for name, labels in scope
    )


def _team(dataset: Dataset, chosen: Selection) -> str | None:
    if chosen.team is None or chosen.rep is None:
        return chosen.team
    pairs = member_pairs(dataset, chosen.span(dataset), chosen.day(dataset))
    teams = [team for team, rep in pairs if rep == chosen.rep and team]
    if teams and chosen.team not in teams:
        raise ParameterError(
            "rep",
            f"{chosen.rep} is not in team {chosen.team}",
            f"Team: {listing(teams)}",
            "leave the team out",
        )
    return chosen.team


def _targets(plan: Any) -> list[str]:
    return [] if plan is None else list(plan.target_names)
