"""Random ways to write CSV: a table, how it is written, and the mapping that says so."""

from __future__ import annotations

import csv
import io
import string
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import strategies as st

from kpikit.data.mapping.writing import NULL_WORDS, check_delimiter

ASCII_BLANKS = " \t\n\v\f\r"
# `customer_id` and the others after it may lack a value.
TEXTS = ("order_id", "customer_id", "product", "region", "rep_id")
NUMBERS = ("amount", "quantity")
COLUMNS = (*TEXTS, *NUMBERS, "order_date")
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1") * 4,
    *("iso8859-15", "cp437", "mac-roman", "cp1251", "koi8-r", "shift-jis", "gb18030", "big5", "euc-kr"),
    *("utf-32", "utf-32-be", "utf-7", "cp037", "iso2022-jp"),
)
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-be": b"\0\0\xfe\xff"}
DATES = (
    None,
    "excel",
    *("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y"),
    *("%A, %d %B %Y", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %I:%M %p", "%j/%Y", "%y;%m;%d", "%d|%m|%Y", '%d"%m"%Y'),
)
NULLS = (None, [], ["NULL", "-"], ["n/a"], ["?", "#N/A", "k.A."], ["Ø"], ["NULL, none"])


def _is_delimiter(sign: str) -> bool:
    try:
        return check_delimiter(sign) == sign
    except ValueError:
        return False


DELIMITERS = [sign for sign in map(chr, range(1, 128)) if _is_delimiter(sign)]
_PLAIN = string.ascii_letters + string.digits
_BLANKS = "      \t\t\n\n\r\v\f"
_PUNCTUATION = """""\"\"\"\"''#\\\\,,;;||/:-+=@()[]{}&<>%_.*~^`?!$"""
_FOREIGN = "äöüßéñÅŁžøЖядפ日本語한국어😀👩🏽🚀€£¥"
_UNSEEN = "\u00a0\u2028\u0085\u200b\u200d\u200f\u0301\ufeff\x1b\x1c\x1f\x7f"
SIGNS = st.sampled_from([*_PLAIN, *_BLANKS, *_PUNCTUATION, *_FOREIGN, *_UNSEEN, "\r\n", '""'])
WORDS = st.sampled_from(
    [
        *("", "NULL", "-", "n/a", "nan", "None", "?", "Ø", "#N/A", "NULL, none", "true", "now", "2026-01-05"),
        *("007", "1.0", "2", "-3.0", "1e5", "1.234,50", "=1+1", "+62 811", "@a", "# no comment", "\\", "\\N"),
        *("\\t", '"', "''", "a,b", "a;b", "  a  ", "\ta", "Zoë", "Jl. Raya 1, Ubud", 'He said "so"'),
        *("line\nline", "a\r\nb", "\ufeffa"),
    ]
)
TEXT = st.one_of(WORDS, st.lists(SIGNS, max_size=8).map("".join))
FAULTS = ("a long value", "a zero byte", "a ragged row", "two columns of one name", "an open quote")
HEADER = st.one_of(
    st.sampled_from(
        ["Order No", "a,b", 'the "name"', "Größe", "日付", "#", "x;y", "line\nline", "\u00a0blank\u00a0"]
    ),
    st.lists(SIGNS, min_size=1, max_size=6).map("".join),
)
ABOVE = st.sampled_from(["", "Sales report", "from;to", "a,b,c,d", "# note", "2026-01-01", "it's", " "])


@dataclass(frozen=True, repr=False)
class Written:
    """A file as its bytes, the entry of the mapping that says how it is written, and what it must give.

    A file with a fault must be refused.
    """

    content: bytes
    entry: dict[str, Any]
    expected: dict[str, list[Any]]
    fault: str = ""

    def __repr__(self) -> str:
        # A long value would hide all others.
        return f"{self.fault or 'whole'}: {self.content[:3000]!r}\n{self.mapping[:3000]}"

    @property
    def mapping(self) -> str:
        return yaml.safe_dump({"tables": {"orders": self.entry}})


def _fitting(text: str, encoding: str) -> str:
    """Leave out the letters that an encoding lacks, or does not give back."""
    try:
        if text.encode(encoding).decode(encoding) == text:
            return text
    except UnicodeError:
        pass
    return "".join(one for one in text if _fits(one, encoding))


def _fits(letter: str, encoding: str) -> bool:
    try:
        return ("x" + letter + "x").encode(encoding).decode(encoding) == "x" + letter + "x"
    except UnicodeError:
        return False


def _number(draw: Any, decimal: str, thousands: str, is_float: bool) -> tuple[Any, float | None]:
    """A number as it is written, and its value."""
    whole, cents = draw(st.integers(0, 10**9)), draw(st.integers(0, 99))
    kind = draw(st.sampled_from(["plain", "whole", "minus", "behind", "(", "$", "none"]))
    value = float(f"{whole}.{cents:02}") if kind != "whole" else float(whole)
    if kind == "none":
        return "", None
    if is_float:
        return (-value, -value) if kind == "minus" else (value, value)
    text = f"{whole:,}".replace(",", thousands) + ("" if kind == "whole" else f"{decimal}{cents:02}")
    forms = {"minus": f"-{text}", "behind": f"{text}-", "(": f"({text})", "$": f"${text}"}
    value = -value if kind in ("minus", "behind", "(") else value
    return forms.get(kind, text), value


def _day(draw: Any, form: str | None) -> tuple[str, date]:
    # Two digits of a year stand for 1969 to 2068.
    first = date(1970, 1, 1) if "%y" in (form or "") else date(1900, 3, 1)
    day = first + timedelta(draw(st.integers(0, 35_000)))
    if form == "excel":
        return str((day - date(1899, 12, 30)).days), day
    if form is None:
        return draw(
            st.sampled_from([f"{day}", f"{day}T09:30:00", f"{day} 23:59:59.5", f"{day}T00:00:00Z"])
        ), day
    return day.strftime(form), day


def _meant(column: str, texts: list[str], nulls: list[str]) -> list[str | None]:
    """What texts must be read as: without ASCII blanks around them, nothing and words for nothing null."""
    found = [text.strip(ASCII_BLANKS) for text in texts]
    values = [None if text in ("", *nulls) else text for text in found]
    there = [value for value in values if value is not None]
    # In a column of whole numbers, an id 2.0 is 2.
    if column.endswith("_id") and all(one.removeprefix("-").removesuffix(".0").isdecimal() for one in there):
        values = [value and value.removesuffix(".0") for value in values]
    return values


def _ids(texts: list[str], nulls: list[str]) -> list[str]:
    """Make texts different from each other and from nothing."""
    made: list[str] = []
    for place, text in enumerate(texts):
        is_free = text.strip(ASCII_BLANKS) not in ("", *nulls)
        made.append(text if is_free and not made else f"{place}{text}~{place}")
    return made


@st.composite
def files(draw: Any) -> Written:
    """Write a table of orders in some way."""
    encoding = draw(st.sampled_from(ENCODINGS))
    delimiter = draw(st.sampled_from([*",;\t|" * 10, *DELIMITERS]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_NONE]))
    decimal, thousands = draw(
        st.sampled_from([(".", ""), (".", ","), (".", " "), (".", "'"), (",", ""), (",", "."), (",", " ")])
    )
    form, words = draw(st.sampled_from(DATES)), draw(st.sampled_from(NULLS))
    nulls = list(NULL_WORDS) if words is None else [_fitting(word, encoding) for word in words]
    nulls = [word for word in nulls if word]
    fault = draw(st.sampled_from([*[""] * 60, *FAULTS]))
    size = draw(st.integers(1 if fault else 0, 5))

    def clean(text: str) -> str:
        text = _fitting(text, encoding)
        if quoting == csv.QUOTE_NONE:
            # Nothing can be quoted, so that a value holds neither delimiter nor line end, and starts with no
            # quote.
            text = "".join(one for one in text if one not in delimiter + "\r\n").lstrip('"')
        return text

    columns: dict[str, list[Any]] = {}
    expected: dict[str, list[Any]] = {}
    for column in TEXTS:
        texts = [clean(draw(TEXT)) for _ in range(size)]
        if column == "product" and size and (fault == "a long value" or draw(st.integers(0, 30)) == 0):
            most = 32_768 if fault == "a long value" else 32_767
            texts[0] = clean(('x, "y";\n' * 4_000)[: draw(st.integers(0, 20_000))]).ljust(most, "z")
        if column == "region" and size and fault == "a zero byte":
            texts[-1] = f"a\0{texts[-1]}b"
        if column == "order_id":
            texts = [clean(text) for text in _ids(texts, nulls)]
        if column == "customer_id":
            texts = [text if text.strip(ASCII_BLANKS) not in ("", *nulls) else "C1" for text in texts]
        columns[column], expected[column] = texts, _meant(column, texts, nulls)
    is_float = quoting == csv.QUOTE_NONNUMERIC and (decimal, thousands) == (".", "")
    for column in NUMBERS:
        made = [_number(draw, decimal, thousands, is_float) for _ in range(size)]
        columns[column] = [one for one, _ in made]
        expected[column] = [value for _, value in made]
    made = [_day(draw, form) for _ in range(size)]
    columns["order_date"], expected["order_date"] = [one for one, _ in made], [day for _, day in made]
    extra = draw(st.integers(0, 2))
    for place in range(extra):
        columns[f"extra {place}"] = [clean(draw(TEXT)) for _ in range(size)]
    order = draw(st.permutations(list(columns)))
    names = {column: column for column in COLUMNS}
    taken = set(columns)
    for column in columns:
        name = clean(draw(HEADER)) if draw(st.booleans()) or column not in names else column
        name = name.lstrip("\ufeff")  # at the start of a file, this is a mark
        if name.strip() and name.strip() not in taken:
            taken.add(name.strip())
            names[column] = name
    header = [names.get(column, column) for column in order]
    if fault == "two columns of one name":
        header[draw(st.integers(1, len(header) - 1))] = f" {header[0]} "
    everything = "".join(map(str, sum(columns.values(), header)))
    if quoting == csv.QUOTE_NONE and set(delimiter + "\r\n") & set(everything):
        quoting = csv.QUOTE_MINIMAL
    if quoting == csv.QUOTE_MINIMAL and set("\r\n") & set(everything):
        quoting = csv.QUOTE_ALL  # the writer takes only its own line ends for such
    skip = draw(st.sampled_from([0, 0, 0, 1, 2, 3]))
    out = io.StringIO(newline="")
    for _ in range(skip):
        out.write(_fitting(draw(ABOVE), encoding) + end)
    blanks = st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2])
    out.write(end * draw(blanks))
    writer = csv.writer(
        out,
        delimiter=delimiter,
        quoting=quoting,
        lineterminator=end,
        quotechar=None if quoting == csv.QUOTE_NONE else '"',
    )
    writer.writerow(header)
    for row in zip(*(columns[column] for column in order), strict=True):
        out.write(end * draw(blanks))
        writer.writerow(row)
    if fault == "a ragged row":
        writer.writerow(row[1:] if draw(st.booleans()) else [*row, "1"])
    if fault == "an open quote":
        out.write('"left open' + end)
    text = out.getvalue()
    if draw(st.integers(0, 4)) == 0:
        text = text.removesuffix(end)  # the last line has no end
    entry: dict[str, Any] = {"file": "orders.csv", "encoding": encoding, "delimiter": delimiter}
    entry |= {"decimal": decimal, "thousands": thousands, "skip": skip}
    entry["columns"] = {column: name.strip() for column, name in names.items() if column in COLUMNS}
    entry |= {"dates": form} if form else {}
    entry |= {} if words is None else {"nulls": nulls}
    if text.encode(encoding).decode(encoding) != text:
        encoding = entry["encoding"] = (
            "utf-8"  # iso2022-jp gives back words, but not whole files with escapes
        )
    mark = MARKS.get(encoding, b"") if draw(st.integers(0, 3)) == 0 else b""
    return Written(mark + text.encode(encoding), entry, expected, fault)
