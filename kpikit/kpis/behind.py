"""The rows behind a figure: what each row of the company's tables brings to each measure of a KPI.

A part is the measure itself, gathered by source row; so the parts cannot differ from the figure. The facts
are derived from a copy of the dataset whose rows are numbered: `measure` itself carries no numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from kpikit.data.contract import TABLES
from kpikit.data.dataset import Dataset
from kpikit.data.engines import to_pandas
from kpikit.data.forms import canonical
from kpikit.data.frames import ROW, Frame, day_number, text_labels
from kpikit.data.frames_numbered import number_rows, table_of
from kpikit.data.hiding import hide
from kpikit.errors import NotAvailableError, demand
from kpikit.kpis.available import choose
from kpikit.kpis.belongings import LABELS, dimensions
from kpikit.kpis.card import KPI
from kpikit.kpis.facts import facts_of, needs_of
from kpikit.kpis.gathering import gather
from kpikit.kpis.measure import ask
from kpikit.kpis.measures import Formula, Measure
from kpikit.kpis.naming import name_measures
from kpikit.kpis.remarks import is_reason
from kpikit.kpis.scope import Scope
from kpikit.kpis.settling import settle
from kpikit.kpis.tabulating import Asked, read_where, tabulate, window_of
from kpikit.periods import Period, parse_date, parse_period

__all__ = ["WHOSE", "Behind", "behind", "rows"]

# Tables that KPIs count rows of; credits and quotas are looked things up in.
_COUNTED = ("orders", "deals", "deal_stages", "conversations", "customers", "reps", "costs")
_FIRST = ("measure", "how", "part", "table")
# A row's own region may be blank where its customer's is counted.
_COUNTED_AS = {"region": "counted_region", "channel": "counted_channel"}
WHOSE = tuple(_COUNTED_AS.get(name, name) for name in dimensions() if name not in LABELS)
"""The columns that say whose a row is, on the day on which it counts."""
_NUMBERED: WeakKeyDictionary[Dataset, tuple[Dataset, list[Frame]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Behind:
    """A figure, the formula that gives it, the value of each measure, and the rows that they rest on."""

    asked: Asked
    period: Period
    formula: Formula
    names: Mapping[Measure, str]
    measures: Mapping[str, float]
    value: float
    n: float
    note: str
    rows: pd.DataFrame


def rows(
    dataset: Dataset,
    kpi: str | KPI,
    *,
    period: str | Period,
    where: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
) -> pd.DataFrame:
    """Give the rows behind a figure of `measure`, so that it can be reconciled with the CRM.

    Parameters
    ----------
    dataset
        The tables, as `load` gives them.
    kpi
        A name (`"win_rate"`), a name with a convention (`"win_rate:cohort"`), or a `KPI`.
    period, where, as_of
        As in `measure`.

    Returns
    -------
    pandas.DataFrame
        One row for each source row and measure of the formula:

        - `measure`: its name, such as `amount`, or `won` and `closed`;
        - `how` its parts are gathered: `sum`, `median`, `min` or `max`;
        - `part`: what the row brings to it; null where the row lacks the value;
        - `table`, and the columns of that table, as they were known on the as-of date;
        - whose the row is: `rep`, `team`, `manager`, `role`, `segment`, `customer`, and `counted_region` and
          `counted_channel`: the row's own, else its customer's, else its rep's.

        The parts, gathered, give the measures; these, in the formula, give the figure. In `order_count` the
        first line of an order brings 1 and the others 0. A month's cost brings the part of its days in the
        period. A customer who is counted comes with the order that makes it so, or the row of `customers`.
        Whoever shares an order or a deal brings their part of it, and all who share it are named.
        `attrs` holds `value`, `n` and `note` as `measure` gives them, and the value of each measure.

    Raises
    ------
    NotAvailableError
        If there is no figure, with the note that `measure` gives.
    UnknownNameError
        If a KPI, convention, dimension or label is not known.
    PeriodError
        If the period or as-of date cannot be read.

    Examples
    --------
    >>> import kpikit as kp
    >>> sales = kp.load("data/samples")
    >>> deals = kp.rows(sales, "win_rate", period="2026-Q3")
    >>> deals.groupby("measure")["part"].sum().to_dict()
    {'closed': 95.0, 'won': 35.0}
    >>> deals.attrs["value"] == 35 / 95
    True
    """
    found = behind(dataset, kpi, period=period, where=where, as_of=as_of)
    table = found.rows
    table.attrs = {
        "value": None if np.isnan(found.value) else found.value,
        "n": None if np.isnan(found.n) else int(found.n),
        "note": found.note,
        "measures": {name: None if np.isnan(one) else one for name, one in found.measures.items()},
    }
    return table


def behind(
    dataset: Dataset,
    kpi: str | KPI,
    *,
    period: str | Period,
    where: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
) -> Behind:
    """Find a figure with its measures and the rows behind it; see `rows`.

    Raises
    ------
    NotAvailableError
        If there is no figure, with the note that `measure` gives.
    """
    demand("rows", dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"))
    demand("rows", kpi=(kpi, (str, KPI), "One KPI: its name, or the KPI itself"))
    known = dataset.as_of if as_of is None else parse_date(as_of)
    whole = parse_period(period, known, dataset.calendar) if not isinstance(period, Period) else period
    numbered = _numbered(dataset)
    asked, labels = ask(kpi), read_where(numbered, where)
    grid = tabulate(numbered, [asked], [whole], (), labels, known)
    value, n = float(grid.value[0][0, 0]), float(grid.n[0][0, 0])
    note = grid.missing[0] or grid.notes[0][0]
    if asked.formula is None or (np.isnan(value) and is_reason(note)):
        raise NotAvailableError("rows", f"{asked.kpi.name} of {whole.label} has no rows: {note}")
    today = day_number(known)
    formula = choose(numbered, asked.formula, Scope((), labels, today))
    names = name_measures(formula)
    window = window_of(whole, known)
    totals = gather(numbered, list(names), [window], Scope((), labels, today))
    by_row = Scope((ROW,), labels, today)
    tables = []
    for one, name in names.items():
        parts = _parts(numbered, one, window, by_row)
        tables.append(_with_source(numbered, one, parts, by_row, known).assign(measure=name))
    together = _stacked(tables)
    measures = {names[one]: float(found.value[0, 0]) for one, found in totals.items()}
    return Behind(asked, whole, formula, names, measures, value, n, note, together)


def _numbered(dataset: Dataset) -> Dataset:
    """Copy (once) a dataset with its rows numbered; the tables' values are shared."""
    if dataset not in _NUMBERED:
        tables, kept = dict(dataset.tables), []
        for name in set(_COUNTED) & set(tables):
            tables[name], held = number_rows(name, tables[name])
            kept += [] if held is None else [held]
        _NUMBERED[dataset] = Dataset(tables, dataset.settings, is_lazy=dataset.is_lazy), kept
    return _NUMBERED[dataset][0]


def _parts(dataset: Dataset, measure: Measure, window: tuple[int, int], scope: Scope) -> pd.DataFrame:
    """Gather a measure by source row: the row's number, its part, and the facts that it was found in."""
    is_distinct = measure.how == "distinct"
    if is_distinct:
        scope = Scope((ROW, measure.key or ""), scope.where, scope.as_of)
    found = gather(dataset, [measure], [window], scope)[measure]
    there = np.flatnonzero(found.rows[:, 0] if len(found.keys) else [])
    parts = pd.DataFrame(
        {
            ROW: np.array([int(found.keys[row][0] or 0) for row in there], dtype="int64"),
            "part": found.value[there, 0] if len(there) else np.array([], dtype="float64"),
        }
    )
    if is_distinct:
        # A key counts where it comes first.
        parts["key"] = pd.Series([found.keys[row][1] for row in there], dtype=object)
        parts = parts[parts["key"].notna()].sort_values(ROW)
        parts["part"] = parts["part"].where(~parts["key"].duplicated(), 0.0)
        parts = parts.groupby(ROW, as_index=False)["part"].sum()
    return parts.sort_values(ROW, ignore_index=True)


def _with_source(
    dataset: Dataset, measure: Measure, parts: pd.DataFrame, scope: Scope, as_of: date
) -> pd.DataFrame:
    """Put the source rows beside their parts, and whose they are."""
    facts = facts_of(dataset, settle(dataset, [measure], scope)[measure].rows.table, scope.as_of)
    whose = _whose(facts, parts[ROW].to_numpy())
    home = parts[ROW].map(table_of)
    tables = list(dict.fromkeys(home)) or [n for n in needs_of(measure.rows.table) if n in dataset.tables]
    pieces = []
    for table in tables:
        source = _source(dataset, table, parts.loc[home == table, ROW].to_numpy(), as_of)
        named = whose.drop(columns=[name for name in whose if name in source and name != ROW])
        mine = parts[home == table].merge(source, on=ROW, how="left").merge(named, on=ROW, how="left")
        pieces.append(mine.assign(table=table).drop(columns=ROW))
    how = measure.how if measure.how in ("median", "min", "max") else "sum"
    return _stacked(pieces).assign(how=how)


def _source(dataset: Dataset, table: str, numbers: np.ndarray, as_of: date) -> pd.DataFrame:
    """Bring source rows to pandas, as they were known on a day."""
    known = {table: dataset.frame(table).take(ROW, numbers)}
    if table == "deals" and "deal_stages" in dataset.tables:
        # They tell the stage of a deal on an earlier day.
        known["deal_stages"] = to_pandas(dataset.tables["deal_stages"])
    taken = canonical(table, hide(known, as_of)[table])
    # A column of the user's own may bear a name that is needed here.
    ours = {*_FIRST, *WHOSE} - {*TABLES[table]}
    return taken.rename(columns={name: f"{table}.{name}" for name in taken if name in ours})


def _whose(facts: Frame, numbers: np.ndarray) -> pd.DataFrame:
    """Give the dimensions of source rows; a row that is shared by several names them all."""
    names = [name for name in dimensions() if name in facts.columns and name not in LABELS]
    taken = facts.select([ROW, *names]).take(ROW, numbers)
    texts = {
        _COUNTED_AS.get(name, name): pd.Series(text_labels(taken[name].astype(object)), dtype="str")
        for name in names
    }
    labels = pd.DataFrame({ROW: taken[ROW].to_numpy(dtype="int64"), **texts}).drop_duplicates()
    if labels[ROW].is_unique:
        return labels
    shared = labels.groupby(ROW).agg(lambda many: ", ".join(sorted(many.dropna().unique())) or None)
    return shared.astype("str").reset_index()


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables one below the other: what they say of parts, the source's columns, whose the rows are."""
    if not tables:
        return pd.DataFrame(columns=list(_FIRST))
    stacked = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    source = [name for name in stacked if name not in _FIRST and name not in WHOSE]
    wanted = [*_FIRST, *source, *WHOSE]
    return stacked[[name for name in wanted if name in stacked]]
