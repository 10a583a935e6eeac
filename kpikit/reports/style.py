"""The look of the pages: one style sheet, embedded in each, and the frame that every page has."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version

from kpikit.views.theme import THEME

__all__ = ["document", "made_by", "own_version"]

# Nothing is loaded and no script runs, whatever a customer's name or a notebook's output holds.
POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)

STYLE = """
:root { color-scheme: light; --ink: #1b2733; --soft: #5b6875; --line: #dde3e9; --paper: #ffffff;
  --ground: #f3f5f8; --accent: #1f5fa8; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 FONT; }
main { max-width: 66rem; margin: 2rem auto; padding: 2.25rem clamp(1rem, 4vw, 3rem) 2.5rem;
  background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
nav { margin: 0 0 1rem; font-size: .875rem; }
header { margin-bottom: 1.75rem; padding-bottom: 1.1rem; border-bottom: 3px solid var(--accent); }
.kicker { margin: 0; color: var(--accent); font-size: .875rem; font-weight: 600; letter-spacing: .04em; }
h1 { margin: .15rem 0 .35rem; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.3rem; line-height: 1.3; }
h3 { margin: 1.5rem 0 .4rem; font-size: 1.05rem; }
p, ul, ol { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.facts { margin: 0; max-width: none; color: var(--soft); font-size: .95rem; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.output { margin: .75rem 0 1.25rem; max-width: 100%; overflow-x: auto; }
.output img, .output svg { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); font-size: .875rem; }
table.plain, table.dataframe, .text table { border-collapse: collapse; border: 0; width: auto;
  max-width: 100%; font-size: .925rem; font-variant-numeric: tabular-nums; }
table.plain { width: 100%; }
table.plain th, table.plain td, table.dataframe th, table.dataframe td, .text th, .text td {
  padding: .5rem .75rem; border: 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
table.plain thead th, table.dataframe thead th, .text thead th { color: var(--soft);
  font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom; }
table.dataframe td { text-align: right; }
table.plain .number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
table.plain tr.total > * { background: #f2f6fb; font-weight: 600; }
table.plain td.fault { color: #8c1d18; }
.bar { display: inline-block; width: 6rem; height: .5rem; margin-left: .6rem; background: var(--line);
  border-radius: 3px; overflow: hidden; vertical-align: middle; }
.bar > span { display: block; height: 100%; background: var(--accent); }
.status { white-space: nowrap; }
footer { margin-top: 2.5rem; padding-top: .9rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .85rem; }
footer p { max-width: none; margin: .2rem 0; }
@page { margin: 14mm; }
@media print {
  body { background: none; font-size: 10.5pt; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  .output, tr, img { break-inside: avoid; }
  .output { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
""".replace("FONT", THEME.font)


def own_version() -> str:
    """Give kpikit's version."""
    try:
        return version("kpikit")
    except PackageNotFoundError:  # run from a folder that was not installed
        return "(not installed)"


def made_by() -> str:
    """Say which kpikit made a page."""
    return f"Made with kpikit {own_version()}"


def document(
    *,
    heading: str,
    kicker: str,
    facts: Sequence[str],
    body: str,
    footer: Sequence[str] = (),
    home: str = "",
    language: str = "en",
) -> str:
    """Frame a body as a whole page; all but the body is plain text, which is escaped here."""
    link = f'<nav><a href="{escape(home)}">← All reports</a></nav>\n' if home else ""
    notes = "".join(f"<p>{escape(line)}</p>" for line in footer)
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(heading)} · {escape(kicker)}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
{link}<header>
<p class="kicker">{escape(kicker)}</p>
<h1>{escape(heading)}</h1>
<p class="facts">{" · ".join(map(escape, facts))}</p>
</header>
{body}
<footer>{notes}</footer>
</main>
</body>
</html>
"""
