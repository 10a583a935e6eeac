"""Feedback that helps: a sentence that rests on a number, compares fairly, and asks what comes next."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.course.questions import Choice, Exercise, Option
from kpikit.course.setting import LAST_YEAR, Setting
from kpikit.kpis.catalog import find
from kpikit.kpis.customers import DAYS_A_YEAR
from kpikit.language import count_word
from kpikit.periods import compare
from kpikit.views.words import person, upper

__all__ = ["members", "telling"]

TITLE = "Which sentence would you say, and on which number does it rest?"
STEP = "Step 7: feedback, and appreciation"
RATE = "win_rate"
SAME_SEASON = 14  # days that two periods may lie apart in their years
LEAST = 5  # deals that a rate must rest on to be talked about


def members(setting: Setting) -> pd.DataFrame:
    """What each member sold, against the quarter before and the year before, with win rate and rank.

    First come those who did better than a year before and have a win rate below the team's.
    """
    own = setting.measure([setting.money, RATE], period=setting.period, by="rep", compare=LAST_YEAR)
    if "rep" not in own:
        return pd.DataFrame()
    before = setting.measure(setting.money, period=setting.period, by="rep", compare="previous")
    sold = own[own["kpi"] == setting.money].set_index("rep")[["value", "reference", "change_ratio"]]
    won = (
        own[own["kpi"] == RATE]
        .set_index("rep")[["value", "n"]]
        .rename(columns={"value": "rate", "n": "deals"})
    )
    told = sold.join(won).join(before.set_index("rep")["change_ratio"].rename("on_before"))
    told = told[told["change_ratio"].notna() & told["on_before"].notna() & (told.index != "no rep")].copy()
    told["rank"] = told["rate"].rank(method="min", ascending=False)
    told["of"] = int(told["rate"].notna().sum())
    whole = setting.measure(RATE, period=setting.period)["value"].iloc[0]
    told["team_rate"] = whole
    is_open = (told["rate"] < whole) & (told["deals"].astype("float") >= LEAST)
    told["is_apt"] = (told["change_ratio"] > 0) & is_open
    return told.sort_values(["is_apt", "change_ratio"], ascending=False, kind="stable")


def telling(setting: Setting) -> Exercise:
    """Make the exercise."""
    told = members(setting) if setting.is_past else pd.DataFrame()
    if told.empty:
        lacks = f"No member has figures of {setting.period.label} beside those of a year before."
        return Exercise(TITLE, STEP, lacks=lacks)
    name, one = person(str(told.index[0])), told.iloc[0].to_dict()
    has_rate = pd.notna(one["rate"]) and one["deals"] >= LEAST
    whole = {"before": _change(setting, "before"), "year_before": _change(setting, "year_before")}
    rows = [
        (f"{upper(setting.sold)}", setting.write(one["value"], setting.money)),
        ("on the same period last year", setting.change(one["change_ratio"])),
        *([("on the period before", setting.change(one["on_before"]))] if _is_other_season(setting) else []),
        ("the whole team on the same period last year", setting.change(whole["year_before"])),
    ]
    if has_rate:
        rows += [
            (f"Win rate, of {int(one['deals'])} deals closed", setting.write(one["rate"], RATE)),
            ("win rate of the whole team", setting.write(one["team_rate"], RATE)),
        ]
    frame = (
        told.head(1)
        .rename_axis("member")
        .reset_index()
        .assign(kpi=setting.money, period=setting.period.label)
    )
    return Exercise(
        TITLE,
        STEP,
        story=(f"You meet {name} to talk about {setting.period.label}. These figures lie before you:",),
        heads=("", name),
        rows=tuple(rows),
        questions=(_sentences(setting, name, one, has_rate), _numbers(setting, name, one, whole, has_rate)),
        frames={"6 feedback": frame.drop(columns="is_apt")},
    )


def _is_other_season(setting: Setting) -> bool:
    """Whether the period before lies elsewhere in the year: a year or a week before does not."""
    before = compare(setting.period, "previous", setting.as_of, setting.dataset.calendar)
    if before is None or before.start is None or setting.period.start is None:
        return False
    apart = (setting.period.start - before.start).days % DAYS_A_YEAR
    return min(apart, DAYS_A_YEAR - apart) > SAME_SEASON


def _change(setting: Setting, than: str) -> float | None:
    now, then = setting.last["value"], setting.last[than]
    return None if now is None or not then else now / then - 1


def _sentences(setting: Setting, name: str, one: dict[str, Any], has_rate: bool) -> Choice:
    period, value = setting.period.label, setting.write(one["value"], setting.money)
    change, before = setting.change(one["change_ratio"]), setting.change(one["on_before"])
    praise = "thank you for that. " if one["change_ratio"] > 0 else ""
    fair = f"In {period} you brought {value}, {change} on the same period last year: {praise}"
    if not praise:
        fair = f"In {period} you brought {value}, {change} on the same period last year. "
    if has_rate:
        won = round(one["rate"] * one["deals"])
        fair += (
            f"Of {int(one['deals'])} deals that closed {count_word(won)} {'was' if won == 1 else 'were'}"
            f" won; the team's win rate is {setting.write(one['team_rate'], RATE)}. What happened with the"
            " others, and what would help you?"
        )
    else:
        fair += "What made the difference, and what would help you next?"
    step = setting.change(_change(setting, "before"))
    options = [
        Option(
            "trait",
            "“You do not really seem to want it.”",
            "That judges the person, and nobody can see what somebody wants. There is no number in it that"
            " could be"
            " checked or answered. Say what happened.",
        ),
        Option(
            "fair",
            f"“{fair}”",
            "Yes: each part rests on a number, it compares with the own past and with the team, it says what"
            " went well"
            " before what did not, and it asks instead of judging.",
            True,
        ),
        Option(
            "praise",
            "“Great job, keep it up!”",
            f"Kind, and soon forgotten: it does not say what was great, so {name} cannot do more of it."
            " Appreciation needs its number, too.",
        ),
        Option(
            "order",
            "“You simply have to sell more next time.”",
            "That is an order without a way: it names no figure, no cause, and no help. Nothing will be"
            " different next"
            " time.",
        ),
    ]
    if _is_other_season(setting):
        options.insert(
            1,
            Option(
                "season",
                f"“Your {setting.sold} moved by {before} on the period before. What was that?”",
                "The number is right, the comparison is not: it is another season, and in the same step the"
                f" whole team moved by {step}. What {name} did in the same season a year ago is the fair"
                " measure.",
            ),
        )
    if has_rate:
        rank, of = int(one["rank"]), int(one["of"])
        options.insert(
            1,
            Option(
                "rank",
                f"“You are number {rank} of {of} in win rate. Look at what the others do.”",
                f"A rank makes rivals, and this one rests on {int(one['deals'])} deals: one more won, and it"
                " would be"
                " another. It also depends on how the rate is counted, as the exercise before has shown.",
            ),
        )
    text = f"Which sentence is fair, and helps {name}?"
    return Choice("sentence", "Sentence", text, tuple(options), "radio")


def _numbers(
    setting: Setting, name: str, one: dict[str, Any], whole: dict[str, float | None], has_rate: bool
) -> Choice:
    change, before = setting.change(one["change_ratio"]), setting.change(one["on_before"])
    team = setting.change(whole["year_before"])
    options = [
        Option(
            "own_year",
            f"{change}: {setting.sold} on the same period last year",
            f"Yes: {setting.write(one['value'], setting.money)} beside"
            f" {setting.write(one['reference'], setting.money)}."
            f" {name} can check it, and so can you: `kpikit rows` shows every order or deal behind it.",
            True,
        ),
        Option(
            "team_year",
            f"{team}: the whole team on the same period last year",
            f"That is what all together did. It tells whether the market helped, and nothing of what {name}"
            " did.",
        ),
    ]
    if _is_other_season(setting):
        options.insert(
            1,
            Option(
                "own_before",
                f"{before}: {setting.sold} on the period before",
                "That is another season. As praise or as blame it would say too much.",
            ),
        )
    if has_rate:
        options.append(
            Option(
                "rate",
                f"{setting.write(one['rate'], RATE)}: win rate",
                f"That is the second half of the talk. {find(RATE).definition} It does not say what was"
                " brought.",
            )
        )
    text = "And on which number does the first half of that sentence rest?"
    return Choice("number", "Number", text, tuple(options))
