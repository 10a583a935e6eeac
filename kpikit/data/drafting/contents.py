"""What the values of a column are: words for nothing, numbers and their signs, dates and their form."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from kpikit.data.mapping import NULL_WORDS

__all__ = ["Contents", "Dates", "Numbers", "contents_of", "squash"]

_NOTHING = frozenset(
    {*NULL_WORDS, "-", "--", "—", "–", "N/a", "NA", "#N/A", "none", "(blank)", "(none)", "(empty)", "NaT"}
    | {
        "tidak ada",
        "Tidak ada",
        "kosong",
        "?",
        "#REF!",
        "#VALUE!",
        "\\N",
        "undefined",
        "No value",
        "(No value)",
    }
)
_MOST = 20_000  # different values that are looked at
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[-+]\d{2}:?\d{2}))?)?"
)
_MONTH = re.compile(r"\d{4}-\d{2}")
_PARTS = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[/.\- ])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?P<t>[ T,]+\d{1,2}:\d{2}.*)?"
)
_YEAR_FIRST = re.compile(r"\d{4}(?P<s>[/.])\d{1,2}(?P=s)\d{1,2}(?P<t>[ T]+\d{1,2}:\d{2}.*)?")
_WORDED = (
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y"),
    *("%d %b %y", "%Y%m%d", "%b %d %Y", "%d. %B %Y"),
)
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")
_NUMBER = re.compile(r"[-+]?(?:\d[\d.,' \u00a0\u202f]*\d|\d|[.,]\d+)(?:[eE][-+]?\d{1,3})?")
_MONEY = re.compile(r"^(?:Rp\.?|IDR|USD|EUR|US\$|\$|€|£|S\$|RM)\s*|\s*(?:IDR|USD|EUR|€|Rp|%)$")


@dataclass(frozen=True)
class Dates:
    """How the dates of a column are written: the share that are dates, and their form ("" if ISO)."""

    share: float = 0.0
    form: str = ""
    other: str = ""  # the form that fits as well: day and month cannot be told apart
    evidence: str = ""
    has_time: bool = False


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a column are written, and how large they are."""

    share: float = 0.0
    decimal: str = "."
    thousands: str = ""
    is_open: bool = False  # 1.500 may be either
    is_told: bool = False  # the signs follow from the values
    sign: str = ""  # a currency or % beside the numbers
    low: float = 0.0
    high: float = 0.0
    is_whole: bool = True


@dataclass(frozen=True)
class Contents:
    """A column: how often each value stands in it, its words for nothing, and what it holds."""

    counts: Counter[str]
    nulls: Counter[str]
    rows: int
    dates: Dates
    numbers: Numbers

    @property
    def filled(self) -> float:
        """The share of rows with a value."""
        return sum(self.counts.values()) / self.rows if self.rows else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether no value stands twice, and nearly every row has one."""
        return bool(self.counts) and max(self.counts.values()) == 1 and self.filled > 0.98

    @property
    def are_categories(self) -> bool:
        """Whether few values stand in many rows."""
        return 0 < len(self.counts) <= max(12, min(400, self.rows // 8)) and self.dates.share < 0.5


def squash(text: str) -> str:
    """Keep the letters and digits of a text, in lower case: what is left of a name however it is written.

    Examples
    --------
    >>> from kpikit.data.drafting.contents import squash
    >>> squash("Order Date"), squash("ORDER_DATE"), squash("orderDate")
    ('orderdate', 'orderdate', 'orderdate')
    """
    return "".join(letter for letter in text[:500].casefold() if letter.isalnum())


def contents_of(values: list[str], are_numbers: bool = False) -> Contents:
    """Say what the values of a column are; numbers by type are neither dates nor written in some way.

    Examples
    --------
    >>> from kpikit.data.drafting.contents import contents_of
    >>> column = contents_of(["31/01/2026", "01/02/2026", "NULL"])
    >>> column.dates.form, column.nulls["NULL"]
    ('%d/%m/%Y', 1)
    """
    counts = Counter(values)
    counts.pop("", None)
    nulls = Counter({word: counts.pop(word) for word in [one for one in counts if one in _NOTHING]})
    some = counts if len(counts) <= _MOST else Counter(dict(counts.most_common(_MOST)))
    return Contents(
        counts, nulls, len(values), Dates() if are_numbers else _dates(some), _numbers(some, are_numbers)
    )


def _share(counts: Counter[str], fits: list[str]) -> float:
    return sum(counts[one] for one in fits) / sum(counts.values()) if fits else 0.0


def _dates(counts: Counter[str]) -> Dates:
    iso = [one for one in counts if _ISO.fullmatch(one) and _is_day(one)]
    share = _share(counts, iso)
    if share >= 0.9:
        has_time = any(len(one) > 10 and one[11:16] != "00:00" for one in iso[:500])
        return Dates(share, evidence=f"{share:.0%} dates as 2026-01-31", has_time=has_time)
    months = [one for one in counts if _MONTH.fullmatch(one) and "01" <= one[5:] <= "12"]
    if _share(counts, months) >= 0.9:
        return Dates(_share(counts, months), evidence="months as 2026-01")
    found = _numbered(counts) or _worded(counts)
    if found:
        return found
    return Dates(share)


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text[:10], "%Y-%m-%d")
    except ValueError:
        return False
    return True


def _numbered(counts: Counter[str]) -> Dates | None:
    parts = {one: match for one in counts if (match := _PARTS.fullmatch(one))}
    share = _share(counts, list(parts))
    if share < 0.9:
        years = {one: match for one in counts if (match := _YEAR_FIRST.fullmatch(one))}
        share = _share(counts, list(years))
        if share < 0.9:
            return None
        sign = Counter(match["s"] for match in years.values()).most_common(1)[0][0]
        clock = _clock([match["t"] for match in years.values()])
        form = f"%Y{sign}%m{sign}%d{clock}"
        return Dates(
            _fitting(counts, form), form, evidence=f"{share:.0%} dates, year first", has_time=bool(clock)
        )
    sign = Counter(match["s"] for match in parts.values()).most_common(1)[0][0]
    year = "%Y" if any(len(match["y"]) == 4 for match in parts.values()) else "%y"
    clock = _clock([match["t"] for match in parts.values()])
    day, month = f"%d{sign}%m{sign}{year}{clock}", f"%m{sign}%d{sign}{year}{clock}"
    shares = {form: _fitting(counts, form) for form in (day, month)}
    best = max(shares, key=lambda form: shares[form])
    if shares[day] == shares[month]:
        return Dates(share, day, month, f"{share:.0%} dates, day or month first", bool(clock))
    said = "day-first" if best == day else "month-first"
    telling = sum(counts[one] for one, match in parts.items() if int(match["a" if best == day else "b"]) > 12)
    evidence = f"{shares[best]:.0%} dates {said} ({telling:,} rows cannot be otherwise)"
    return Dates(shares[best], best, evidence=evidence, has_time=bool(clock))


def _clock(times: list[str | None]) -> str:
    """Give the form of the time of day that follows the dates, with the signs between."""
    some = [one for one in times if one][:200]
    if not some:
        return ""
    between = re.match(r"[ T,]+", some[0])[0]
    return next((between + form for form in _CLOCKS if _reads(some[0].removeprefix(between), form)), "")


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _fitting(counts: Counter[str], form: str) -> float:
    return _share(counts, [one for one in counts if _reads(one, form)])


def _worded(counts: Counter[str]) -> Dates | None:
    first = [one for one, _ in counts.most_common(20)]
    if not first or not all(any(letter.isdigit() for letter in one) for one in first) or len(first[0]) < 8:
        return None
    forms = [*_WORDED, *(f"{form} {clock}" for form in _WORDED for clock in _CLOCKS)]
    fits = [form for form in forms if sum(_reads(one, form) for one in first) > len(first) * 0.8]
    for form in fits:
        share = _fitting(counts, form)
        years = [datetime.strptime(one, form).year for one in first if _reads(one, form)]
        if share >= 0.9 and all(1950 <= year <= 2100 for year in years):
            return Dates(share, form, evidence=f"{share:.0%} dates", has_time=":" in form or "%H" in form)
    return None


def _numbers(counts: Counter[str], are_typed: bool = False) -> Numbers:
    bare = {one: _signed(_MONEY.sub("", one).strip()) for one in counts}
    fits = {one: text for one, text in bare.items() if _NUMBER.fullmatch(text)}
    share = _share(counts, list(fits))
    if share < 0.5:
        return Numbers(share)
    sign = Counter(found[0].strip() for one in fits if (found := _MONEY.search(one)))
    decimal, thousands, is_told, is_open = (
        (".", "", False, False) if are_typed else _signs(list(fits.values()))
    )
    sizes = []
    for text in fits.values():
        plain = re.sub("[ \u00a0\u202f']", "", text)
        plain = plain.replace(thousands, "") if thousands.strip() else plain
        try:
            sizes.append(float(plain.replace(decimal, ".")))
        except ValueError:
            continue
    if not sizes:
        return Numbers(0.0)
    beside = sign.most_common(1)[0][0] if sign else ""
    whole = all(size == int(size) for size in sizes if abs(size) < 1e15)
    return Numbers(share, decimal, thousands, is_open, is_told, beside, min(sizes), max(sizes), whole)


def _signed(text: str) -> str:
    """Write a negative number with its sign before it, as accountants' (120) and 120- are read."""
    text = text.replace("\N{MINUS SIGN}", "-")
    if text[:1] == "(" and text[-1:] == ")":
        return f"-{_MONEY.sub('', text[1:-1]).strip()}"
    return f"-{text[:-1]}" if text[-1:] == "-" and text[:1].isdigit() else text


def _signs(texts: list[str]) -> tuple[str, str, bool, bool]:
    """Find the decimal and the thousands sign; say whether values tell them, and whether they stay open."""
    shown = [text.lstrip("+-") for text in texts]
    if any(re.search("[ \u00a0\u202f]", text) for text in shown):
        return ("," if any("," in text for text in shown) else "."), " ", True, False
    both = [text for text in shown if "," in text and "." in text]
    if both:
        point = sum(text.rfind(".") > text.rfind(",") for text in both) * 2 >= len(both)
        return (".", ",", True, False) if point else (",", ".", True, False)
    for sign, other in ((",", "."), (".", ",")):
        having = [text for text in shown if sign in text]
        if not having:
            continue
        if any(text.count(sign) > 1 for text in having):
            return other, sign, True, False
        grouped = [text for text in having if re.fullmatch(rf"[1-9]\d{{0,2}}\{sign}\d{{3}}", text)]
        if len(grouped) < len(having):
            return sign, "", True, False
        # A point with three digits may stand for thousands or begin parts of one; a comma likewise.
        return (sign, "", False, True) if sign == "," else (".", "", False, len(having) == len(grouped))
    return ".", "", False, False
