"""KPIs of conversations: how many were handled, how many were answered, and how fast."""

from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Formula, Rows
from kpikit.kpis.replies import QUICK_HOURS

__all__ = ["conversations_handled", "first_response_hours", "response_rate"]

_MINUTES_AN_HOUR = 60
_CLOCK = "hours of the clock where the company names no business hours; seconds are cut"
_SERVICE = "kpikit; the usual first reply time of help desks, such as Zendesk's"

started = Rows("conversations", "started")
answered = Rows("conversations", "started", "is_answered")
timed, waiting = Rows("conversations", "started", "is_timed"), Rows("conversations", "started", "is_waiting")


def _hours(count: int, between: str = "_") -> str:
    return f"{count}{between}hour{'' if count == 1 else 's'}"


def _quick(hours: int) -> Formula:
    due = Rows("conversations", "started", f"is_due_in_{hours}")
    return Rows("conversations", "started", f"is_answered_in_{hours}").count() / due.count()


conversations_handled = KPI(
    "conversations_handled",
    "flow",
    "count",
    answered.count(),
    conventions={"started": started.count()},
    default="answered",
    definition="The number of conversations started in the period; by default those that somebody replied "
    "to.",
    written={
        "answered": "conversations with a reply, by the day of their start",
        "started": "all conversations, by the day of their start",
    },
    gaming="One conversation can be opened anew for every question, and a reply can say nothing.",
    balance=("deals_created", "order_count"),
    source=_SERVICE,
)
response_rate = KPI(
    "response_rate",
    "rate",
    "share",
    answered.count() / started.count(),
    conventions={f"within_{_hours(n)}": _quick(n) for n in QUICK_HOURS},
    default="answered",
    definition="The share of conversations started in the period that somebody replied to: by default at "
    "any time, else within some hours, where those that have not waited so long yet do not count.",
    written={
        "answered": "conversations with a reply ÷ all conversations, by the day of their start",
        **{
            f"within_{_hours(n)}": f"conversations with a reply within {_hours(n, ' business ')} ÷ those "
            "with any reply, or that have waited as long by the end of the as-of date, by the day of their "
            f"start; {_CLOCK}"
            for n in QUICK_HOURS
        },
    },
    gaming="A reply can be automatic, and say nothing.",
    balance=("deals_created", "conversion_rate"),
    source=_SERVICE,
)
first_response_hours = KPI(
    "first_response_hours",
    "rate",
    "hours",
    timed.median("reply_minutes") / _MINUTES_AN_HOUR,
    conventions={"waiting": waiting.median("waited_minutes") / _MINUTES_AN_HOUR},
    default="answered",
    is_higher_better=False,
    definition="The median number of business hours until the first reply; by default of answered "
    "conversations.",
    written={
        "answered": "median of the business hours from start to first reply, of answered conversations; "
        f"{_CLOCK}",
        "waiting": "the same with unanswered conversations, which have waited until the as-of date ends",
    },
    gaming="Whoever is hard to answer can be left without a reply, and a first reply can say nothing.",
    balance=("response_rate", "conversion_rate"),
    source=_SERVICE,
)
