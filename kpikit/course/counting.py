"""Two conventions of one KPI, and whose rank depends on which of them is taken."""

from __future__ import annotations

import pandas as pd

from kpikit.course.questions import Choice, Exercise, Option
from kpikit.course.setting import Setting
from kpikit.errors import KpikitError
from kpikit.kpis.conventions import compare_conventions
from kpikit.views.words import reason

__all__ = ["beside", "counting"]

TITLE = "Your win rate is not my win rate: whose rank depends on how it is counted?"
STEP = "Step 6: monitor, with one definition for all"
KPI, WAYS = "win_rate", ("closed", "created")
FEW = 10  # below so many deals one more or less moves a rank


def beside(setting: Setting) -> pd.DataFrame:
    """Each member's win rate under both conventions, with n, the rank and the places won, side by side.

    Raises
    ------
    KpikitError
        If the data cannot give it.
    """
    told = compare_conventions(setting.dataset, KPI, period=setting.period, by="rep", as_of=setting.as_of)
    one, other = (told[told["convention"] == way].set_index("rep") for way in WAYS)
    names = ["value", "n", "rank"]
    both = one[names].add_suffix("_closed").join(other[names].add_suffix("_created"), how="inner")
    both["rank_change"] = other["rank_change"]
    both = both[both["value_closed"].notna() & both["value_created"].notna()]
    return both[both.index != "no rep"].sort_values(["rank_closed", "rank_created"], kind="stable")


def counting(setting: Setting) -> Exercise:
    """Make the exercise."""
    try:
        both = beside(setting)
    except KpikitError as error:
        return Exercise(TITLE, STEP, lacks=f"There are no win rates by rep: {reason(error.fault)}.")
    moved = both["rank_change"].abs().astype("float")
    if len(both) < 3 or not (moved > 0).any():
        return Exercise(TITLE, STEP, lacks=f"In {setting.period.label} both ways give the same ranks.")
    whole = setting.measure([f"{KPI}:{way}" for way in WAYS], period=setting.period)
    return Exercise(
        TITLE,
        STEP,
        story=(
            "Both are accepted definitions of the win rate. By closing: of the deals that were closed in"
            f" {setting.period.label}, the part that was won. By creation: the deals won, against all deals"
            " that were created in the period. Equal rates share a rank.",
        ),
        heads=("Rep", "By closing", "Rank", "By creation", "Rank there"),
        rows=tuple(_row(setting, str(name), one) for name, one in both.iterrows()),
        questions=(_whose(both, moved), _why(setting, both, moved, whole)),
        frames={"5 two conventions": _frame(setting, both.loc[[moved.idxmax()]]), "5 in all": whole},
    )


def _frame(setting: Setting, both: pd.DataFrame) -> pd.DataFrame:
    """Write some rows of `beside` as one row for each convention."""
    names = ("value", "n", "rank")
    ways = [
        pd.DataFrame({name: both[f"{name}_{way}"] for name in names}).assign(convention=way) for way in WAYS
    ]
    return pd.concat(ways).rename_axis("member").reset_index().assign(kpi=KPI, period=setting.period.label)


def _row(setting: Setting, name: str, one: pd.Series) -> tuple[str, ...]:
    return (
        name,
        f"{setting.share(one['value_closed'])} of {int(one['n_closed'])}",
        str(int(one["rank_closed"])),
        f"{setting.share(one['value_created'])} of {int(one['n_created'])}",
        str(int(one["rank_created"])),
    )


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _whose(both: pd.DataFrame, moved: pd.Series) -> Choice:
    most = int(moved.max())
    options = []
    for name, one in both.sort_index().iterrows():
        here, there = (int(one[f"rank_{way}"]) for way in WAYS)
        ranks = f"{name} is number {here} by closing and number {there} by creation"
        own = int(abs(one["rank_change"]))
        if own == most:
            text = (
                f"Yes: {ranks}. {_places(most).capitalize()} for the same work. Agree on one way before"
                " anybody is"
                " judged by it, and write it beside each figure."
            )
        elif own == 0:
            text = f"{ranks}: the rank is the same both ways."
        else:
            text = f"{ranks}: that is {_places(own)}, and somebody moves further."
        options.append(Option(str(name), str(name), text, own == most))
    return Choice("rep", "Rep", "Whose rank changes the most?", tuple(options))


def _why(setting: Setting, both: pd.DataFrame, moved: pd.Series, whole: pd.DataFrame) -> Choice:
    name, one = str(moved.idxmax()), both.loc[moved.idxmax()]
    all_of_it = dict(zip(whole["convention"], whole["value"], strict=True))
    won, closed, created = (
        round(one["value_closed"] * one["n_closed"]),
        int(one["n_closed"]),
        int(one["n_created"]),
    )
    few = " So few deals move a rank a long way, too." if min(closed, created) < FEW else ""
    lower = int((both["value_created"] < both["value_closed"]).sum())
    higher = int((both["value_created"] > both["value_closed"]).sum())
    rates = [setting.write(all_of_it.get(way), KPI) for way in WAYS]
    options = (
        Option(
            "mistake",
            "One of the two is counted wrongly",
            "Both follow their definition exactly, and `kpikit kpis win_rate` shows both. Neither is wrong;"
            " wrong is to"
            " change from one to the other without saying so.",
        ),
        Option(
            "deals",
            "They divide by different deals",
            f"Yes. {name} won {_deals(won)} in {setting.period.label}, of {_deals(closed)} that were closed"
            f" and {_deals(created)} that were created.{few}",
            True,
        ),
        Option(
            "higher",
            f"By creation everybody's rate is {'lower' if higher == len(both) else 'higher'}",
            f"Of {len(both)} reps {higher} have a higher rate by creation and {lower} a lower one; the whole"
            " team has"
            f" {rates[0]} by closing and {rates[1]} by creation.",
        ),
        Option(
            "refunds",
            "One of the two takes refunds off",
            "A win rate counts deals, not money. Refunds belong to orders; they tell net revenue from"
            " revenue.",
        ),
    )
    return Choice("why", "Why", "Why do the two differ?", options, "radio")


def _deals(count: int) -> str:
    return "one deal" if count == 1 else f"{count} deals" if count else "no deal"
