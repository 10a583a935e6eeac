"""The frame that every page has, what it may do, and the files that the pages of a folder share."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kpikit.errors import ParameterError, cut
from kpikit.reports.files import write_whole
from kpikit.reports.look import STYLE

__all__ = ["document", "made_by", "own_version", "write_assets"]

ASSETS, SHEET = "assets", "kpikit.css"
# Nothing is loaded and no script runs, whatever a customer's name or a notebook's output holds. Style sheets
# are the shared one and the page's own, by its hash; `style-src` is for browsers that do not know the rest.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'self' file: 'unsafe-inline'; style-src-elem {sheets}; "
    "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def own_version() -> str:
    """Give kpikit's version."""
    try:
        return version("kpikit")
    except PackageNotFoundError:  # run from a folder that was not installed
        return "(not installed)"


def made_by() -> str:
    """Say which kpikit made a page."""
    return f"Made with kpikit {own_version()}"


def write_assets(folder: Path) -> Path:
    """Write what the pages of a folder share into its `assets`, where it is not; give the path of that.

    Raises
    ------
    ParameterError
        If it cannot be written.
    """
    assets = folder / ASSETS
    try:
        assets.mkdir(parents=True, exist_ok=True)
        # Many reports at once write the same.
        if not (assets / SHEET).is_file() or (assets / SHEET).read_bytes() != STYLE.encode():
            write_whole(assets / SHEET, STYLE)
    except OSError as fault:
        why = fault.strerror or fault
        raise ParameterError(
            "--output", f"cannot write into {cut(assets)} ({why})", hint="name another folder"
        ) from None
    return assets


def document(
    *,
    heading: str,
    kicker: str,
    facts: Sequence[str],
    body: str,
    footer: Sequence[str] = (),
    home: str = "",
    language: str = "en",
    style: str = "",
    is_self_contained: bool = False,
) -> str:
    """Frame a body as a whole page; all but the body and its style is plain text, which is escaped here.

    Parameters
    ----------
    heading, kicker, facts, footer
        For whom the page is, what it is, its period and data, and its last lines.
    body, style
        The page's inside and its own style sheet, both clean.
    home
        Where the link above leads; none where empty.
    language
        The language of the page.
    is_self_contained
        Whether the page holds its style sheet, to be mailed alone, or shares that of `write_assets`.
    """
    nav = ""
    if home:
        nav = f'<nav aria-label="Reports"><a href="{escape(home)}">← All reports</a></nav>\n'
    notes = "".join(f"<p>{escape(line)}</p>" for line in footer)
    own = "\n".join(filter(None, [STYLE if is_self_contained else "", _print_frame(heading, kicker), style]))
    sheets = [_hash(own), *([] if is_self_contained else ["'self'", "file:"])]
    shared = "" if is_self_contained else f'<link rel="stylesheet" href="{ASSETS}/{SHEET}">\n'
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY.format(sheets=" ".join(sheets))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(heading)} · {escape(kicker)}</title>
<link rel="icon" href="data:,">
{shared}<style>{own}</style>
</head>
<body>
<div class="sheet">
{nav}<main>
<header>
<p class="kicker">{escape(kicker)}</p>
<h1>{escape(heading)}</h1>
<p class="facts">{" · ".join(map(escape, facts))}</p>
</header>
{body}
</main>
<footer>{notes}</footer>
</div>
</body>
</html>
"""


def _hash(sheet: str) -> str:
    """Give the mark by which a page's policy knows its style sheet."""
    digest = hashlib.sha256(sheet.encode("utf-8", "replace")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _print_frame(heading: str, kicker: str) -> str:
    """Say what stands above and below each sheet of paper."""
    head, foot = _css_text(f"{cut(heading, 60)} · {cut(kicker, 60)}"), _css_text(made_by())
    return (
        f"@page {{ @top-left {{ content: {head} }} @bottom-left {{ content: {foot} }} "
        '@bottom-right { content: counter(page) " / " counter(pages) } } '
        '@page :first { @top-left { content: "" } }'
    )


def _css_text(text: str) -> str:
    # Whatever is no letter or digit is written by its number, so that nothing ends the text or the sheet.
    plain = " ".join(text.split())
    return (
        '"'
        + "".join(
            one if one == " " or (one.isascii() and one.isalnum()) else f"\\{ord(one):x} " for one in plain
        )
        + '"'
    )
