"""The look of the pages: one style sheet for all of them."""

from __future__ import annotations

from kpikit.views.theme import THEME

__all__ = ["STYLE"]

STYLE = """
:root { color-scheme: light; --ink: #1b2733; --soft: #5b6875; --line: #dde3e9; --paper: #ffffff;
  --ground: #f3f5f8; --accent: #1f5fa8; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 FONT; }
.sheet { max-width: 66rem; margin: 2rem auto; padding: 2.25rem clamp(1rem, 4vw, 3rem) 2.5rem;
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
/* Each output keeps to its box: none is drawn over what stands above or below it. */
.output { display: flow-root; overflow: clip; overflow-clip-margin: 6px; margin: .75rem 0 1.25rem;
  max-width: 100%; }
.scroll { max-width: 100%; overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.output img, .output svg, .text img { display: block; max-width: 100%; height: auto; }
.output svg { font-family: FONT; }
.soft { color: var(--soft); font-weight: 400; }
details.figures { margin-top: .35rem; font-size: .9rem; }
summary { width: fit-content; color: var(--accent); cursor: pointer; }
details.figures table.plain { margin-top: .5rem; width: auto; }
details.figures td { text-align: right; white-space: nowrap; }
details.figures thead th + th { text-align: right; }
details.figures tbody th { font-weight: 400; }
caption { padding: 0 0 .35rem; font-weight: 600; text-align: left; }
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
/* Names break where they must, but not into single letters. */
table.plain tbody th, table.plain td:not(.number, .status) { min-width: 8.5rem; }
details.figures :is(th, td) { min-width: 0; }
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
@media (max-width: 760px) {
  body { background: var(--paper); }
  .sheet { margin: 0; padding: 1.25rem clamp(.75rem, 3vw, 1.25rem) 2rem; border: 0; border-radius: 0; }
  h1 { font-size: 1.6rem; }
}
@page { size: A4; margin: 17mm 14mm 16mm;
  @top-left { font: 8.5pt FONT; color: #5b6875; }
  @bottom-left { font: 8.5pt FONT; color: #5b6875; }
  @bottom-right { font: 8.5pt FONT; color: #5b6875; } }
/* A table below a chart is printed where it was opened: what is on the screen is what is on paper, and the
   chart itself has the figures that matter written beside its marks. */
@media print {
  :root { --soft: #3d4853; --line: #b9c2cb; --accent: #174a83; }
  body { background: none; font-size: 10pt; }
  .sheet { max-width: none; margin: 0; padding: 0; border: 0; }
  nav, summary, details:not([open]) { display: none; }
  a { color: inherit; text-decoration: none; }
  header { margin-bottom: 1rem; }
  h1 { font-size: 1.6rem; }
  h2 { margin-top: 1.25rem; }
  h2, h3 { break-after: avoid; }
  .text:has(h2, h3) { break-after: avoid; }
  tr, img, svg, section, pre { break-inside: avoid; }
  .output img, .output svg { max-height: 245mm; margin: 0 auto 0 0; }
  .scroll { overflow: visible; }
  /* A table of many columns fits a sheet; it brings sizes of its own along, for the screen. */
  .output .scroll :is(table, th, td) { font-size: 7.5pt !important; }
  .output .scroll thead th { white-space: normal !important; }
  .output .scroll td :is(div, span) { font-size: 7pt !important; }
  .output .scroll :is(th, td) { padding-left: 3px !important; padding-right: 3px !important; }
  .bar { display: none; }
  table.plain { font-size: 8.5pt; }
  table.plain th, table.plain td { padding: .4rem .45rem; }
  thead { display: table-header-group; }
  /* Notes below a table are said once. */
  tfoot { display: table-row-group; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
""".replace("FONT", THEME.font)
