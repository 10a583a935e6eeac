"""The parts of a review of conversations: are they answered in time, when do they come, what follows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kpikit.errors import NotAvailableError
from kpikit.kpis.formulas import ratio
from kpikit.kpis.hours import hours_name
from kpikit.kpis.inbox import BANDS
from kpikit.language import number
from kpikit.language import weekday as day_name
from kpikit.people.positions import LEAST_ROWS
from kpikit.selection import NO_REP
from kpikit.selection.offers import lacks
from kpikit.views.answers import SHARES, arrivals_chart, speed_chart, wait_chart
from kpikit.views.channels import (
    ALL,
    ANSWERS,
    EVERYBODY,
    answer_rows,
    arrival_rows,
    is_channel,
    quick_rows,
    year_of,
)
from kpikit.views.display import Html, Picture, notice
from kpikit.views.page import Page
from kpikit.views.words import asked_name, join, opening, person, reason, share_text, upper

__all__ = ["Answering", "quick_finding", "speeds"]

MOST = 30
NOTHING = "no conversation started"


class Answering(Page):
    """Whether the conversations of a period are answered in time."""

    def responses(self) -> Picture | Html:
        """Make the chart of how soon the conversations on each channel are answered."""
        rows = self._speeds("channel")
        if isinstance(rows, Html):
            return rows
        title = answer_finding(rows, self._hours, self.selection.language)
        return self._drawn(rows, "channel", title, "")

    def responses_by_rep(self) -> Picture | Html:
        """Make the chart of how soon each rep answers, the slowest first."""
        rows = self._speeds("rep")
        if isinstance(rows, Html):
            return rows
        chosen = self.selection.rep or ""
        people = rows[~rows["rep"].isin([EVERYBODY, NO_REP])]
        people = people.assign(few=people["n"] < LEAST_ROWS, soonest=people["quick"] + people["soon"])
        people = people.sort_values(["few", "soonest", "rep"])
        ends = [rows[rows["rep"] == name] for name in (NO_REP, EVERYBODY)]
        shown = pd.concat([people.head(MOST), *ends], ignore_index=True)
        title = rep_finding(rows, chosen, self._hours, self.selection.language)
        return self._drawn(shown, "rep", title, chosen, left_out=max(0, len(people) - MOST))

    def arrivals(self) -> Picture | Html:
        """Make the map of the weekdays and hours in which conversations start."""
        try:
            rows = arrival_rows(self.figures)
        except NotAvailableError as error:
            return notice(f"It is not known when conversations start: {reason(error.fault)}.")
        count = int(rows["value"].sum())
        if not count:
            return notice(self._ahead or f"{self._who}, {self._period}: {NOTHING}.")
        if set(rows["hour"]) == {0}:
            return notice("The conversations tell the day of their start, but no hour.")
        hours = self.figures.dataset.settings.business_hours
        calendar = self.figures.dataset.calendar
        title = arrival_finding(rows, hours is not None, self.selection.language)
        parts = [f"{self._who}, {self._period}{self._so_far}"]
        if hours is not None:
            parts.append(f"framed: business hours, {hours.start:%H:%M} to {hours.end:%H:%M}")
            parts.append("holidays count as free" if calendar.holidays else "")
        parts += ["hours as the data tell them", self._as_of, *self._kept("response_rate")]
        return arrivals_chart(
            rows, first_day=calendar.week_start, hours=hours, workdays=sorted(calendar.workdays), title=title,
            subtitle=" · ".join(filter(None, parts)), language=self.selection.language,
        )  # fmt: skip

    def quick_answers(self) -> Picture | Html:
        """Make the chart of the win rate by how soon a deal's first conversation was answered."""
        try:
            rows = quick_rows(self.figures)
        except NotAvailableError as error:
            return notice(f"Answers and deals cannot be set side by side: {reason(error.fault)}.")
        told = year_of(self.figures).label
        if (rows["n"] >= LEAST_ROWS).sum() < 2:
            return notice(f"{self._who}, {told}: too few closed deals began with a conversation to compare.")
        parts = [
            f"{self._who}, deals closed in {told} that began with a conversation",
            "lines: where the rate lies with 95% confidence",
            "what goes together need not follow from each other: easy customers, or a channel, may be behind"
            " both",
        ]
        title = quick_finding(rows, self._bands)
        # Deals are kept to the scope here, not conversations.
        subtitle = " · ".join([*parts, self._as_of, *self._kept("win_rate")])
        shown = rows.assign(band=rows["band"].map(self._bands))
        return wait_chart(shown, title=title, subtitle=subtitle, language=self.selection.language)

    @property
    def _hours(self) -> str:
        return hours_name(self.figures.dataset)

    @property
    def _bands(self) -> dict[str, str]:
        """What each of `BANDS` is called, with the hours that are counted."""
        one, many = hours_name(self.figures.dataset, 1), self._hours
        return dict(zip(BANDS, (f"within one {one}", f"within eight {many}", *BANDS[2:]), strict=True))

    def _speeds(self, by: str) -> pd.DataFrame | Html:
        rows = answer_rows(self.figures, by)
        if rows.empty:
            shown = self.figures
            why = lacks(shown.dataset, [ANSWERS[-1]], (by,), shown.as_of)[0]
            return notice(f"It is not known how soon conversations are answered: {reason(why)}.")
        notes = [note for note in rows["note"] if note.startswith("not available")]
        if notes:
            return notice(f"It is not known how soon conversations are answered: {reason(notes[0])}.")
        told = speeds(rows, by)
        if told["n"].sum():
            return told[told["n"] > 0].reset_index(drop=True)
        why = f"what started is {self._waiting}" if len(told) else ""
        return notice(self._ahead or f"{self._who}, {self._period}: {why or NOTHING}.")

    def _drawn(
        self, rows: pd.DataFrame, by: str, title: str, chosen: str, *, left_out: int = 0
    ) -> Picture | Html:
        around = upper(self._around_name) if by == "rep" else self._who
        hours = self._hours
        quick, soon, late, none = self._bands.values()
        bands = {"quick": quick, "soon": soon, "late": late, "untimed": "time not known", "none": none}
        parts = [f"{around}, {self._period}{self._so_far}", f"median: in {hours}, of those answered"]
        whole = rows[rows[by].isin([ALL, EVERYBODY])]
        if waiting := int(whole["waiting"].sum()):
            parts.append(f"left out: {waiting} {self._waiting}")
        if left_out:
            parts.append(f"the {MOST} slowest of {left_out + MOST}")
        if by == "rep":
            parts.append("by what is answered within eight hours, the least first")
        parts += [self._as_of, *self._kept("response_rate")]
        parts += self._taken("response_rate", [by])
        return speed_chart(
            rows, by=by, bands=bands, hours=hours, title=title, subtitle=" · ".join(parts),
            language=self.selection.language, chosen=chosen,
        )  # fmt: skip

    @property
    def _waiting(self) -> str:
        return f"not answered, but still within eight {self._hours}"


def speeds(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Lay out how soon each group answers: parts, which add up to 1, of all that can be judged by now.

    Parameters
    ----------
    rows
        What `measure` gives by group for the KPIs of answers.
    by
        The column with the groups.

    Returns
    -------
    pandas.DataFrame
        One row for each group with conversations: the group, `n` (answered, or waiting for eight hours or
        more), `quick` (within an hour), `soon` (within eight), `late`, `untimed` (the reply is dated before
        the start), `none` (not answered), `unanswered` (how many), `waiting` (how many are not answered and
        have waited less than eight hours; they are no part of `n`) and `median` hours.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.answering import speeds
    >>> kpis = [("conversations_handled", "started", 12, 12), ("response_rate", "within_1_hour", 0.5, 10),
    ...     ("response_rate", "within_8_hours", 0.7, 10), ("response_rate", "answered", 0.75, 12),
    ...     ("first_response_hours", "answered", 0.8, 9)]
    >>> rows = pd.DataFrame([{"kpi": kpi, "convention": of, "channel": "A", "value": value, "n": n}
    ...     for kpi, of, value, n in kpis])
    >>> speeds(rows, "channel").round(2).iloc[0].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'channel': 'A', 'n': 10, 'quick': 0.5, 'soon': 0.2, 'late': 0.2, 'untimed': 0.0, 'none': 0.1,
     'unanswered': 1, 'waiting': 2, 'median': 0.8}
    """
    found = {(one[by], asked_name(one["kpi"], one["convention"])): one for one in rows.to_dict("records")}
    told = []
    for name in dict.fromkeys(rows[by]):
        own = [found.get((name, kpi), {"value": float("nan"), "n": 0}) for kpi in ANSWERS]
        started = own[0]["value"]
        if pd.isna(started) or not started:
            continue
        # Each share is of its own conversations: what is set side by side are the counts.
        quick, soon, answered = (0 if pd.isna(one["value"]) else round(one["value"] * one["n"])
                                 for one in own[1:4])  # fmt: skip
        n, timed = (0 if pd.isna(one["n"]) else int(one["n"]) for one in (own[2], own[4]))
        parts = {"quick": quick, "soon": soon - quick, "late": timed - soon, "untimed": answered - timed,
                 "none": n - answered}  # fmt: skip
        shares = {part: float(ratio(count, n)) for part, count in parts.items()}
        told.append({by: name, "n": n, **shares, "unanswered": n - answered, "waiting": int(started) - n,
                     "median": own[4]["value"]})  # fmt: skip
    return pd.DataFrame(told, columns=[by, "n", *SHARES, "unanswered", "waiting", "median"])


def answer_finding(rows: pd.DataFrame, hours: str, language: str = "en") -> str:
    """Say how many conversations were answered within eight hours, and on which channel the fewest."""
    whole = rows[rows["channel"] == ALL].iloc[0]
    soon = share_text(float(whole["quick"] + whole["soon"]), language)
    told = f"{upper(soon)} of {number(whole['n'], language)} conversations were answered within eight {hours}"
    if whole["n"] == 1:
        told = f"The one conversation was {'' if whole['quick'] + whole['soon'] else 'not '}answered within"
        return f"{told} eight {hours}"
    judged = rows[rows["channel"].map(is_channel) & (rows["n"] >= LEAST_ROWS)]
    reached = (judged["quick"] + judged["soon"]).round(9)
    if reached.nunique() < 2:
        return told
    last = join([str(one) for one in judged.loc[reached == reached.min(), "channel"]])
    return f"{told}; on {last} the fewest, {share_text(float(reached.min()), language)}"


def rep_finding(rows: pd.DataFrame, chosen: str, hours: str, language: str = "en") -> str:
    """Say who answers the smallest share within eight hours; of one rep, how they stand."""
    whole = rows[rows["rep"] == EVERYBODY].iloc[0]
    everybody = share_text(float(whole["quick"] + whole["soon"]), language)
    people = rows[~rows["rep"].isin([EVERYBODY, NO_REP])]
    own = people[people["rep"] == chosen]
    if chosen and len(own):
        first = own.iloc[0]
        reached = share_text(float(first["quick"] + first["soon"]), language)
        if first["n"] == 1:
            did = "answered" if first["quick"] + first["soon"] else "did not answer"
            told = f"{person(chosen)} {did} the one conversation within eight {hours}"
            return f"{told}; all together {everybody}"
        return f"{person(chosen)} answered {reached} within eight {hours}; all together {everybody}"
    judged = people[people["n"] >= LEAST_ROWS]
    reached = (judged["quick"] + judged["soon"]).round(9)
    if reached.nunique() < 2:
        return f"All together answered {everybody} within eight {hours}"
    last = opening(list(judged.loc[reached == reached.min(), "rep"]), "rep", people["rep"])
    share = share_text(float(reached.min()), language)
    return f"{last} answered the smallest share within eight {hours}: {share}, all together {everybody}"


def arrival_finding(rows: pd.DataFrame, has_hours: bool, language: str = "en") -> str:
    """Say how many conversations start outside of business hours, and when most do."""
    count, inside = int(rows["value"].sum()), int(rows["in_hours"].sum())
    top = rows[rows["value"] == rows["value"].max()]
    told = f"{number(count, language)} conversations" if count > 1 else "One conversation"
    if has_hours:
        share = upper(share_text((count - inside) / count, language))
        told = f"{share} of {number(count, language)} conversations started outside of business hours"
        if count == 1:
            told = f"The one conversation started {'in' if inside else 'outside of'} business hours"
    if len(top) == 1 and count > 1:
        one = top.iloc[0]
        when = f"{day_name(int(one['weekday']), language)}, {int(one['hour']):02d}:00"
        return f"{told}; the busiest hour is {when} to {int(one['hour']) + 1:02d}:00"
    return told


def quick_finding(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say whether deals that were answered quickly are won more often than by chance.

    `rows` holds band, value, n, low and high, as `won_by_wait` gives them; `names` says what each band is
    called.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.answering import quick_finding
    >>> names = {one: one for one in ("within an hour", "within eight hours", "later", "not answered")}
    >>> rows = pd.DataFrame({"band": ["within an hour", "later"], "value": [0.5, 0.4], "n": [10, 10],
    ...     "low": [0.24, 0.17], "high": [0.76, 0.69]})
    >>> quick_finding(rows, names)
    'Whether a quick answer pays cannot be told: the win rates may differ by chance alone'
    """
    judged = rows[rows["n"] >= LEAST_ROWS]
    first = judged[judged["band"] == BANDS[0]]
    if first.empty:
        return f"Too few deals were answered {names[BANDS[0]]} to say whether it pays"
    quick, others = first.iloc[0], judged[judged["band"] != BANDS[0]]
    ends = {"more": others[others["high"] < quick["low"]], "less": others[others["low"] > quick["high"]]}
    told = [f"{word} often than those {_answered(list(slower['band']), names)}"
            for word, slower in ends.items() if len(slower)]  # fmt: skip
    if told:
        return f"Deals answered {names[BANDS[0]]} are won {', but '.join(told)}"
    return "Whether a quick answer pays cannot be told: the win rates may differ by chance alone"


def _answered(bands: list[str], names: Mapping[str, str]) -> str:
    """Write which deals are meant: those answered at some time, or not at all."""
    timely = [names[one] for one in bands if one != BANDS[3]]
    told = [f"answered {' or '.join(timely)}"] if timely else []
    return " or ".join([*told, *(names[one] for one in bands if one == BANDS[3])])
