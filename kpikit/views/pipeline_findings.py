"""What the titles of a review of the pipeline say: sentences computed from the frames that are shown."""

from __future__ import annotations

import pandas as pd

from kpikit.language import count_word, number, percent, quantity
from kpikit.people.positions import LEAST_ROWS
from kpikit.views.words import every, group_name, join, opening, part_of, people, share_text

__all__ = ["coverage_finding", "deals", "funnel_finding", "is_few", "list_finding", "pace_finding"]
__all__ += ["pipeline_finding", "stages_finding", "win_rate_finding"]


def deals(count: float, language: str = "en", what: str = "deal") -> str:
    """Write a number of deals.

    Examples
    --------
    >>> from kpikit.views.pipeline_findings import deals
    >>> deals(1), deals(1589), deals(2, what="open deal")
    ('1 deal', '1,589 deals', '2 open deals')
    """
    return f"{number(count, language)} {what}{'' if count == 1 else 's'}"


def is_few(counts: pd.Series) -> pd.Series:
    """Tell which rates rest on so few rows that they are chance."""
    return ~(pd.to_numeric(counts).astype("float64") >= LEAST_ROWS)


def funnel_finding(rows: pd.DataFrame, period: str, language: str = "en") -> str:
    """Say what became of the deals of a period, and in which stage most were lost.

    `rows` is what `funnel` gives.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.pipeline_findings import funnel_finding
    >>> rows = pd.DataFrame({"stage": ["lead", "offer", None], "created": 10, "open": 3,
    ...     "entered": [10, 6, 3], "lost": [1, 3, 0]})
    >>> funnel_finding(rows, "2026-Q3")
    'Of 10 deals created in 2026-Q3, 3 were won so far; most were lost from offer (3 of 6)'
    """
    created, won = int(rows["created"].iloc[0]), int(rows["entered"].iloc[-1])
    stages = rows[rows["stage"].notna()]
    so_far = " so far" if rows["open"].iloc[0] else ""
    verb = "was" if won == 1 else "were"
    won_text = "none was" if not won else "all were" if won == created else f"{number(won, language)} {verb}"
    if created == 1:
        won_text = "was" if won else "was not"
        told = f"The one deal created in {period} {won_text} won{so_far}"
    else:
        told = f"Of {deals(created, language)} created in {period}, {won_text} won{so_far}"
    most = stages["lost"].max() if len(stages) else 0
    if not most:
        return f"{told}; none was lost in a stage"
    where = stages[stages["lost"] == most]
    count = number(most, language)
    if len(where) == 1:
        one, what, lost = where.iloc[0], "most were lost", int(stages["lost"].sum())
        if most == lost:
            what = "one was lost," if most == 1 else "all that were lost were lost"
        elif most * 2 <= lost:
            what = "more were lost than from any other stage,"
        return f"{told}; {what} from {one['stage']} ({count} of {number(one['entered'], language)})"
    names = join(list(where["stage"]))
    if most * len(where) == stages["lost"].sum():
        each = count_word(int(most)) if most <= 10 else count
        return f"{told}; {each} each {'was' if most == 1 else 'were'} lost from {names}"
    return f"{told}; the most, {count} each, were lost from {names}"


def stages_finding(rows: pd.DataFrame, language: str = "en") -> str:
    """Say from which stage the fewest deals move on, and in which they stay longest.

    `rows` holds stage, rate, n and days, in the order of the stages.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.pipeline_findings import stages_finding
    >>> rows = pd.DataFrame({"stage": ["lead", "offer"], "rate": [0.9, 0.5], "n": [20, 10],
    ...     "days": [21.0, 9.0]})
    >>> stages_finding(rows)
    'Fewest move on from offer (50.0% of 10); deals stay longest in lead (21 days)'
    """
    judged = rows[~is_few(rows["n"]) & rows["rate"].notna()]
    if judged.empty:
        return "Too few deals left a stage to say where they get stuck"
    parts = []
    low = judged[judged["rate"] == judged["rate"].min()]
    rate = percent(judged["rate"].min(), language, 1)
    if len(judged) == 1:
        parts.append(f"From {low['stage'].iloc[0]}, {rate} moved on")
    elif len(low) == len(judged):
        parts.append(f"As many move on from {every(len(judged), 'stage')} ({rate})")
    elif len(low) == 1:
        parts.append(
            f"Fewest move on from {low['stage'].iloc[0]} ({rate} of {number(low['n'].iloc[0], language)})"
        )
    else:
        parts.append(f"Fewest move on from {join(list(low['stage']))} ({rate})")
    timed = judged[judged["days"].notna()]
    if len(timed) > 1 and timed["days"].nunique() > 1:
        slow = timed[timed["days"] == timed["days"].max()]
        days = quantity(timed["days"].max(), "days", language=language)
        parts.append(f"deals stay longest in {join(list(slow['stage']))} ({days})")
    return "; ".join(parts)


def pipeline_finding(rows: pd.DataFrame, *, currency: str, language: str, has_dates: bool = True) -> str:
    """Say what is open, how much of it is overdue, and how much has no amount.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.pipeline_findings import pipeline_finding
    >>> rows = pd.DataFrame({"stage": ["lead"], "value": [900.0], "deals": [4], "overdue": [1],
    ...     "without_amount": [2]})
    >>> pipeline_finding(rows, currency="USD", language="en")
    '4 open deals are worth $900; 1 is overdue, and 2 have no amount'
    """
    count, late, bare = (int(rows[name].sum()) for name in ("deals", "overdue", "without_amount"))
    be = "is" if count == 1 else "are"
    if bare == count:
        told = f"{deals(count, language, 'open deal')}, without amounts"
        return f"{told}; {_late(late, language)}" if has_dates else told
    value = quantity(rows["value"].sum(), "money", currency=currency, language=language)
    told = f"{deals(count, language, 'open deal')} {be} worth {value}"
    more = [_late(late, language)] if has_dates else []
    more += [f"{number(bare, language)} {'has' if bare == 1 else 'have'} no amount"] if bare else []
    return f"{told}; {', and '.join(more)}" if more else told


def _late(late: int, language: str) -> str:
    return f"{number(late, language)} {'is' if late == 1 else 'are'} overdue" if late else "none is overdue"


def pace_finding(rows: pd.DataFrame, *, period: str, reference: str, language: str = "en") -> str:
    """Say how often and how fast deals were won, and whether that is better than before.

    `rows` is what `measure` gives for win_rate and sales_cycle_days, one row each, with `reference_n`, the
    `n` of what they are compared with. What rests on few deals, then or now, is not compared.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.pipeline_findings import pace_finding
    >>> rows = pd.DataFrame({"kpi": ["win_rate", "sales_cycle_days"], "value": [0.4, 35.0], "n": [50, 20],
    ...     "reference": [0.3, 40.0], "reference_n": [60, 18]})
    >>> pace_finding(rows, period="2026-Q3", reference="2026-Q2")
    'Deals were won more often and faster than in 2026-Q2: 40.0% of 50 deals, in 35 days'
    """
    known = rows.set_index("kpi")
    rate, days = (known.loc[name] for name in ("win_rate", "sales_cycle_days"))
    if pd.isna(rate["value"]):
        return f"No deal was closed in {period}"
    told = f"{percent(rate['value'], language, 1)} of {deals(rate['n'], language)}"
    within = "" if pd.isna(days["value"]) else quantity(days["value"], "days", language=language)
    more = f", half of these within {within}" if within else ""
    if bool(is_few(pd.Series([rate["n"]])).iloc[0]) or not reference:
        few = "" if rate["n"] >= LEAST_ROWS else ": too few to compare"
        verb = "was" if rate["n"] == 1 else "were"
        return f"{told} closed in {period} {verb} won{more}{few}"
    words = []
    for one, up, down, same in (
        (rate, "more often", "less often", "as often"), (days, "more slowly", "faster", "as fast")
    ):  # fmt: skip
        is_known = not (pd.isna(one["value"]) or pd.isna(one["reference"]))
        if is_known and not is_few(pd.Series([one["n"], one["reference_n"]])).any():
            change = one["value"] - one["reference"]
            words.append(up if change > 0 else down if change else same)
    if not words:
        few = "" if pd.isna(rate["reference"]) else f": too few in {reference} to compare"
        return f"{told} closed in {period} were won{more}{few}"
    told = f"{told}, in {within}" if within else told
    is_same = [word.startswith("as ") for word in words]
    if all(is_same):
        return f"Deals were won {' and '.join(words)} as in {reference}: {told}"
    if any(is_same):
        words.sort(key=lambda word: word.startswith("as "))
        return f"Deals were won {words[0]} than in {reference}, and {words[1]}: {told}"
    is_mixed = words in (["more often", "more slowly"], ["less often", "faster"])
    how = (", but " if is_mixed else " and ").join(words)
    return f"Deals were won {how} than in {reference}: {told}"


def win_rate_finding(rows: pd.DataFrame, by: str, language: str = "en") -> str:
    """Say which group wins the most often and which the least, of those that can be compared.

    `rows` holds the groups, win_rate and n.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.pipeline_findings import win_rate_finding
    >>> rows = pd.DataFrame({"region": ["Bali", "Jakarta", "Alaska"], "win_rate": [0.4, 0.2, 1.0],
    ...     "n": [20, 10, 1]})
    >>> win_rate_finding(rows, "region")
    'Bali wins the most (40.0%), Jakarta the least (20.0%); one region closed too few deals to compare'
    """
    judged = rows[~is_few(rows["n"]) & rows["win_rate"].notna() & (rows[by] != f"no {by}")]
    silent = int((rows[by] != f"no {by}").sum()) - len(judged)
    more = f"{people(silent, by)} closed too few deals to compare" if silent else ""
    if judged.empty:
        return "Too few deals were closed to compare win rates"
    high, low = judged["win_rate"].max(), judged["win_rate"].min()
    top, last = (judged.loc[judged["win_rate"] == rate, by] for rate in (high, low))
    best, least = opening(list(top), by, rows[by]), join([group_name(one, by) for one in last])
    if len(judged) == 1:
        told = f"{best} won {percent(high, language, 1)}"
    elif high == low:
        told = f"The win rate is the same for {every(len(judged), by)}: {percent(high, language, 1)}"
    else:
        verb = "wins" if len(top) == 1 else "win"
        told = f"{best} {verb} the most ({percent(high, language, 1)}), "
        told += f"{least} the least ({percent(low, language, 1)})"
    return "; ".join(filter(None, [told, more]))


def coverage_finding(rows: pd.DataFrame, language: str = "en") -> str:
    """Say whether the pipeline is enough for what is still lacking.

    `rows` holds target, remaining, coverage and needed, one row for each target, as `covered_together` gives
    them; `needed` is null where no deal was won, so that no pipeline can be called enough. A target without
    `is_judged` is reached mostly without deals.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.pipeline_findings import coverage_finding
    >>> rows = pd.DataFrame({"target": ["Quota"], "remaining": [100.0], "coverage": [1.5], "needed": [2.5]})
    >>> coverage_finding(rows.assign(is_judged=True))
    'The pipeline is 1.5 times what is lacking, and 2.5 times are needed'
    """
    lacking = rows[rows["remaining"] > 0]
    if lacking.empty:
        return "Nothing is lacking to the running targets"
    known = lacking[lacking["coverage"].notna()]
    if known.empty:
        return "What the pipeline covers is not known"
    known = known[known["is_judged"]]
    if known.empty:
        return "The running targets are reached mostly without deals, so that the pipeline does not decide"
    if len(known) == 1:
        one, needed = known["coverage"].iloc[0], known["needed"].iloc[0]
        # Two figures that differ are written so that they do.
        places = 1 if not abs(one - needed) < 0.1 else 2
        told = f"The pipeline is {number(one, language, places)} times what is lacking"
        if needed != needed:
            return f"{told}, but no deal was won, so that none can be called enough"
        times = number(needed, language, places)
        return f"{told}, {'which is enough: ' if one >= needed else 'and '}{times} times are needed"
    good = int((known["coverage"] >= known["needed"]).sum())
    if not good and known["needed"].isna().all():
        return "No deal was won, so that no pipeline can be called enough"
    if not good:
        return f"The pipeline falls short of {every(len(known), 'target')}"
    which = every(len(known), "target") if good == len(known) else part_of(good, len(known), "target")
    return f"There is enough in the pipeline for {which}"


def list_finding(count: int, late: int, stale: float, language: str = "en") -> str:
    """Say how many of the open deals are overdue, and since when the one that waits longest is.

    Examples
    --------
    >>> from kpikit.views.pipeline_findings import list_finding
    >>> list_finding(40, 10, 90.0)
    '10 of 40 open deals are overdue (25%), the longest by 90 days'
    """
    if not late:
        return f"{deals(count, language, 'open deal')}, none of them overdue"
    days = quantity(stale, "days", language=language)
    if count == 1:
        return f"The one open deal is overdue, by {days}"
    share = share_text(late / count, language)
    be = "is" if late == 1 else "are"
    more = f"by {days}" if late == 1 else f"the longest by {days}"
    return f"{number(late, language)} of {deals(count, language, 'open deal')} {be} overdue ({share}), {more}"
