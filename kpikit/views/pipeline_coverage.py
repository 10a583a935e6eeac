"""What the pipeline covers of the running targets, and how much each of them needs of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kpikit.kpis.formulas import ratio
from kpikit.kpis.measure import measure
from kpikit.targets.coverage import pipeline_coverage
from kpikit.views.figures import Figures
from kpikit.views.keeping import once
from kpikit.views.paging import of_page
from kpikit.views.pipeline import has_deals
from kpikit.views.pipeline_findings import is_few

__all__ = ["covered", "covered_together", "enough"]

USUAL = 3.0  # times: the usual rule of thumb where the own win rate is not known
_OF_TARGETS = ["target", "kpi", "per", "period", "end", "target_value", "actual", "remaining", "pipeline"]
_OF_TARGETS += ["members", "lacking", "coverage", "win_rate", "needed", "from_deals", "is_judged"]
HALF = 0.5


def enough(rate: float) -> float:
    """Give how often the pipeline must cover what is lacking: 1 ÷ win rate.

    It is three times where the win rate is not known, and null where no deal was won.

    Examples
    --------
    >>> from kpikit.views.pipeline_coverage import enough
    >>> enough(0.4), enough(float("nan")), enough(0.0)
    (2.5, 3.0, nan)
    """
    return USUAL if rate != rate else float(ratio(np.float64(1.0), np.float64(rate)))


@once
def covered(shown: Figures) -> pd.DataFrame:
    """Give the coverage of the running targets, for each rep those of the selected rep or team."""
    if shown.plan is None or not has_deals(shown):
        return pd.DataFrame(columns=["target", "kpi", "per", "member", "period"])
    told = pipeline_coverage(shown.dataset, shown.plan, as_of=shown.as_of)
    return of_page(told, shown)


@once
def covered_together(shown: Figures) -> pd.DataFrame:
    """Give each running target once: what its members lack together, and the pipeline of those who do.

    What one has in the pipeline who has reached the own target fills no gap of another. `lacking` counts the
    members who have not reached theirs; where all have, the pipeline is that of all. `win_rate` is that of
    the target's own scope in the period, null where it rests on few deals; `needed` is `enough` at it.
    `from_deals` is what won deals brought there, as a share of the target's KPI; where it is less than half,
    the target is reached mostly without deals, and not judged by the pipeline.
    """
    out = []
    for _, own in covered(shown).groupby(["target", "period"], sort=False):
        first, short = own.iloc[0], own[own["remaining"] > 0]
        remaining = own["remaining"].sum()
        pipeline = (short if len(short) else own)["pipeline"].sum(min_count=1)
        rate, share = _won(shown, str(first["target"]), str(first["kpi"]), str(first["per"]))
        told = {name: first[name] for name in ("target", "kpi", "per", "period", "end")}
        told |= {name: own[name].sum() for name in ("target_value", "actual")}
        told |= {"remaining": remaining, "pipeline": pipeline, "members": len(own), "lacking": len(short)}
        told |= {"coverage": float(ratio(np.float64(pipeline), np.float64(remaining)))}
        told |= {"win_rate": rate, "needed": enough(rate), "from_deals": share}
        out.append(told | {"is_judged": not share < HALF})
    return pd.DataFrame(out, columns=_OF_TARGETS)


@once
def _won(shown: Figures, target: str, kpi: str, per: str) -> tuple[float, float]:
    """Give the win rate of a target's scope, and what won deals brought there as a share of its KPI.

    Of a target for each rep it is that of the rep or team of the page, for each team that of its team.
    """
    assert shown.plan is not None
    scope = {name: list(labels) for name, labels in shown.plan.choose(target)[0].target.scope.items()}
    of_team = {"team": [shown.team]} if shown.team else {}
    own = {"rep": replace(shown.chosen, where=()).scope, "team": of_team}.get(per, {})
    told = measure(
        shown.dataset, ["win_rate", "won_value", kpi], period=shown.period, where=scope | own,
        as_of=shown.as_of,
    )  # fmt: skip
    rate, won, whole = told["value"].to_numpy(dtype=float)
    return float("nan") if bool(is_few(told["n"].head(1)).iloc[0]) else float(rate), float(ratio(won, whole))
