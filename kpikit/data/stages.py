"""The stage of a deal on an earlier day, by the table of stages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from kpikit.data import engines

__all__ = ["stages_on"]


def stages_on(deals: Any, stages: Any, as_of: date) -> Any:
    """Put the stages of a day in place of those that deals came to later.

    Parameters
    ----------
    deals, stages
        The tables deals and deal_stages, of one engine.
    as_of
        The day after which nothing is known.

    Returns
    -------
    table
        The deals, of the same engine. A deal that closed after the day, or entered a stage after it, has the
        stage that it entered last by the day (of several at one time, the one that stands last in the
        table); null if there is none. Any other deal keeps its stage. Entries without a date or a stage say
        nothing.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from kpikit.data.stages import stages_on
    >>> deals = pd.DataFrame({"deal_id": ["1"], "stage": ["won"]})
    >>> days = pd.to_datetime(["2026-01-05", "2026-02-05"])
    >>> stages = pd.DataFrame({"deal_id": "1", "stage": ["offer", "won"], "entered_on": days})
    >>> stages_on(deals, stages, date(2026, 1, 31))["stage"].tolist()
    ['offer']
    """
    engine = engines.engine_of(deals)
    has_closing = "closed_on" in engines.columns(deals)
    how = {"pandas": _in_pandas, "polars": _in_polars, "duckdb": _in_duckdb}[engine]
    return how(deals, stages, as_of, has_closing)


def _in_pandas(deals: pd.DataFrame, stages: pd.DataFrame, as_of: date, has_closing: bool) -> pd.DataFrame:
    end = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    entries = stages[stages["entered_on"].notna() & stages["stage"].notna() & stages["deal_id"].notna()]
    entered = pd.to_datetime(entries["entered_on"])
    keys = entries["deal_id"].astype("str")
    order = entered[entered < end].sort_values(kind="stable").index
    last = keys[order].drop_duplicates(keep="last")
    known = pd.Series(entries["stage"][last.index].to_numpy(), index=last.to_numpy(), dtype=object)
    own = deals["deal_id"].astype("str")
    has_moved = own.isin(keys[entered >= end])
    if has_closing:
        has_moved |= pd.to_datetime(deals["closed_on"]) >= end
    then = own.map(known).to_numpy(dtype=object)
    shown = deals["stage"].astype(object).where(~has_moved, then)
    return deals.assign(stage=shown.where(shown.notna(), None).astype(deals["stage"].dtype))


def _in_polars(deals: Any, stages: Any, as_of: date, has_closing: bool) -> Any:
    import polars as pl

    key = pl.col("deal_id").cast(pl.String).alias("kpikit_deal")
    entries = stages.lazy().with_row_index("kpikit_place").filter(
        pl.all_horizontal(pl.col("entered_on", "stage", "deal_id").is_not_null())
    )  # fmt: skip
    is_later = pl.col("entered_on").cast(pl.Date) > as_of
    order = pl.struct("entered_on", "kpikit_place")
    last = pl.col("stage").filter(~is_later).sort_by(order.filter(~is_later)).last()
    known = entries.group_by(key).agg(kpikit_stage=last, kpikit_moved=is_later.any())
    rows = deals.lazy().with_columns(key)
    rows = rows.join(known, on="kpikit_deal", how="left", maintain_order="left")
    has_moved = pl.col("kpikit_moved").fill_null(False)
    if has_closing:
        has_moved |= (pl.col("closed_on").cast(pl.Date) > as_of).fill_null(False)
    shown = pl.when(has_moved).then(pl.col("kpikit_stage")).otherwise(pl.col("stage"))
    rows = rows.with_columns(stage=shown).select(engines.columns(deals))
    return rows if isinstance(deals, pl.LazyFrame) else rows.collect()


def _in_duckdb(deals: Any, stages: Any, as_of: date, has_closing: bool) -> Any:
    later = f"CAST(entered_on AS DATE) > DATE '{as_of}'"
    known = stages.query(
        "kpikit_stages",
        f"""
        SELECT CAST(deal_id AS VARCHAR) AS kpikit_deal,
            arg_max(stage, (entered_on, place)) FILTER (WHERE NOT {later}) AS kpikit_stage,
            bool_or({later}) AS kpikit_moved
        FROM (SELECT *, row_number() OVER () AS place FROM kpikit_stages)
        WHERE entered_on IS NOT NULL AND stage IS NOT NULL AND deal_id IS NOT NULL GROUP BY 1
        """,
    )
    closing = f"OR coalesce(CAST(closed_on AS DATE) > DATE '{as_of}', false)" if has_closing else ""
    shown = f"CASE WHEN coalesce(kpikit_moved, false) {closing} THEN kpikit_stage ELSE stage END AS stage"
    names = [(name, name.replace('"', '""')) for name in engines.columns(deals)]
    columns = [shown if name == "stage" else f'"{quoted}"' for name, quoted in names]
    rows = deals.set_alias("kpikit_deals").join(
        known.set_alias("kpikit_known"), "CAST(deal_id AS VARCHAR) = kpikit_deal", how="left"
    )
    return rows.project(", ".join(columns))
