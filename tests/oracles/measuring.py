"""One question and its answer: a KPI of one period, in total and in groups."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracles import conversations, customers, deals, orders, stages
from tests.oracles.available import is_available
from tests.oracles.company import Company
from tests.oracles.parts import Part, Result
from tests.oracles.staff import staffed
from tests.oracles.tables import Tables

NOT_AVAILABLE = "not available"
CONVENTIONS = {
    "order_count": ("sales", "with_refunds"),
    "average_order_value": ("sales", "with_refunds"),
    "revenue_per_rep": ("employed", "selling"),
    "win_rate": ("closed", "created", "cohort"),
    "conversion_rate": ("within_90_days", "within_30_days", "within_180_days", "first_order"),
    "sales_cycle_days": ("won", "all_closed", "mean"),
    "sales_velocity": ("open", "closed"),
    "pipeline_value": ("amount", "weighted"),
    "stage_conversion_rate": ("left", "entered"),
    "active_customers": ("active", "ordered_in_90_days", "ordered_in_180_days", "ordered_in_365_days"),
    "new_customers": ("first_order", "acquired_on"),
    "acquisition_rate": ("active", "prospects"),
    "retention_rate": ("identity", "counts"),
    "churn_rate": ("identity", "counts"),
    "relationship_years": ("active", "completed", "inverse_churn"),
    "customer_lifetime_value": ("historic", "simple"),
    "conversations_handled": ("answered", "started"),
    "response_rate": ("answered", "within_1_hour", "within_8_hours"),
    "first_response_hours": ("answered", "waiting"),
}
"""The conventions of a KPI, the default first."""
DIMENSIONS = (
    *("rep", "team", "manager", "role", "region", "channel"),
    *("product_line", "product", "segment", "customer", "customer_age", "stage"),
)
OF_MEMBERS = ("rep", "team", "manager", "role")
RECIPES = orders.RECIPES | deals.RECIPES | stages.RECIPES | customers.RECIPES | conversations.RECIPES
KPIS = tuple(RECIPES)


def measure(
    tables: Tables,
    kpi: str,
    start: date | None,
    end: date,
    as_of: date,
    *,
    convention: str | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    settings: Any = None,
) -> dict[tuple[str, ...], Result] | str:
    """Measure one KPI over one period, in total (key `()`) and for each group that has anything in it.

    Parameters
    ----------
    tables
        Table name to rows.
    kpi, convention
        A name of `KPIS`, and of its `CONVENTIONS` (default: the first; lifetime value has no default).
    start, end
        The period, both days included; without a start it is all time.
    as_of
        The day after which nothing is known.
    by
        Dimensions whose labels are the keys.
    where
        Dimension to the labels that count.
    settings
        The company's `business_hours`, `holidays` and `stages` (stage to probability), as a mapping, or an
        object that `model_dump` turns into one.

    Returns
    -------
    dict or str
        Labels to `Result`; or "not available", where a table, column or dimension is missing.

    Examples
    --------
    >>> line = {"order_id": "1", "order_date": date(2026, 1, 5), "customer_id": "c1", "amount": 12}
    >>> measure({"orders": [line]}, "revenue", date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    {(): Result(value=Fraction(12, 1), n=1, rows=1)}
    """
    where = where or {}
    allowed = CONVENTIONS.get(kpi, (None,))
    if kpi not in KPIS or convention not in (None, *allowed):
        raise ValueError(f"oracle: no KPI {kpi!r} with convention {convention!r}")
    if convention is None and kpi != "customer_lifetime_value":
        convention = allowed[0]
    if hasattr(settings, "model_dump"):
        settings = settings.model_dump()
    has_chances = bool((settings or {}).get("stages"))
    if not is_available(tables, kpi, convention, (*by, *where)) or (
        convention == "weighted" and not has_chances
    ):
        return NOT_AVAILABLE
    if start is not None and start > as_of:
        return {(): Result(None, None, 0)}
    company = Company(tables, start, end, as_of, settings)
    parts, formula = RECIPES[kpi](company, convention)
    keyed: dict[str, list[tuple[Part, tuple[str, ...]]]] = {}
    for name, entries in parts.items():
        keyed[name] = []
        for entry, label, row in entries:
            own = [(None, Fraction(0), Fraction(1))]
            if {*by, *where} & set(OF_MEMBERS):
                own = company.credits_of(row) or own
            for rep, low, high in own:
                # Credits say who the members are; the rest, region included, is the row's own.
                theirs = row if rep is None else row | {"rep_id": rep}
                labels = {d: label(theirs if d in OF_MEMBERS else row, d) for d in (*by, *where)}
                if all(labels[d] in wanted for d, wanted in where.items()):
                    keyed[name].append((Part(entry, low, high), tuple(labels[d] for d in by)))
    results = {}
    for group in [(), *sorted({key for entries in keyed.values() for _, key in entries})]:
        members = {
            name: [entry for entry, key in entries if group in ((), key)] for name, entries in keyed.items()
        }
        results[group] = Result(*formula(members), sum(map(len, members.values())))
        if not results[group].rows and not staffed(tables, where, start, end, as_of):
            results[group] = Result(None, None, 0)
    return results
