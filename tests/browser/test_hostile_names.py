"""Hostile names go the whole line: into pages, charts, run notebooks, files and tables, and stay names.

One batch is looked at by all tests here: every notebook for a company of some hostile names and for one rep
of it, and a notebook of a user's own that shows all names there are, and takes them as a parameter.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest
import yaml
from nbformat.sign import NotebookNotary
from python_calamine import CalamineWorkbook

from kpikit.reports.formulas import is_run, unguarded
from kpikit.reports.record_form import schema
from tests.browser.disk import FromDisk, chromium, undrawn
from tests.browser.lab import Lab, Watched, jupyter_lab
from tests.hostile import FEW, labels, write_company, write_plan
from tests.notebooks.books import NOTEBOOKS, ROOT, parameters
from tests.reports.conftest import write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.notebooks, pytest.mark.slow]

OWN = """
import pandas as pd
import kpikit as kp
from IPython.display import HTML, display
from kpikit.reports.results import results
from kpikit.views.display import notice

pd.set_option("display.max_colwidth", None)
sales = kp.load(data)
"""
SHOWN = """
asked = {"period": period, "where": {"rep": rep} if rep else {}}
by = ["rep", "team", "product", "region", "channel", "segment"]
figures = {one: kp.measure(sales, ["revenue", "net_revenue"], by=one, **asked) for one in by}
behind = kp.rows(sales, "revenue", **asked)[["customer", "product", "part"]]
shown = [*(one[[name, "value"]] for name, one in figures.items()), behind, pd.DataFrame({"note": notes})]
display(*(HTML(one.to_html(max_rows=None)) for one in shown))
"""
TOLD = """
display(*map(notice, notes[:200]))
print(*notes)
"""
RESULTS = "results(*figures.values(), pd.DataFrame({'kpi': 'revenue', 'note': notes}))"
FOR_REPS = [one for one in NOTEBOOKS if "rep" in parameters(one)]
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
PARAMETERS = 'data = ""\nperiod = "2026-Q3"\nrep = ""\nnotes = []\n'


@dataclass(frozen=True)
class Made:
    """What a batch left, and said."""

    place: Path
    said: str
    names: list[str]

    @property
    def folder(self) -> Path:
        return self.place / "out" / "all"

    def pages(self) -> list[Path]:
        return sorted(self.folder.glob("*.html"))

    def notebooks(self) -> list[Path]:
        return sorted(self.folder.glob("*.ipynb"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    place, names = tmp_path_factory.mktemp("hostile"), labels()
    some = [*FEW, *names[len(FEW) :: 20]]
    write_company(place / "all", names, name=FEW[1])
    write_company(place / "some", some, name=FEW[0])
    write_plan(place / "plan.yaml", [*FEW, *(one for one in some[len(FEW) :] if len(one) < 200)][:20])
    write_notebook(place / "own.ipynb", OWN, SHOWN, TOLD, RESULTS, parameters=PARAMETERS, title=f"# {FEW[0]}")
    kept = {"recipient": "all", "file": "{report}-{member}"}
    each = {"for_each": ["none", "rep"], "only": {"rep": FEW[:1]}}
    entries = [
        {"name": one.stem, "notebook": str(one), "data": "some", "plan": "plan.yaml"}
        | (each if one in FOR_REPS else {})
        | kept
        for one in NOTEBOOKS
    ]
    entries.append(
        {"name": "own", "notebook": "own.ipynb", "data": "all", "parameters": {"notes": names}} | kept
    )
    (place / "schedule.yaml").write_text(yaml.safe_dump({"reports": entries}), encoding="utf-8")
    for name in ("home", "temporary", "work"):
        (place / name).mkdir()
    around = {"PYTHONPATH": str(ROOT), "HOME": str(place / "home"), "TMPDIR": str(place / "temporary")}
    command = [sys.executable, "-m", "kpikit", "report", place / "schedule.yaml", "--output", place / "out"]
    done = subprocess.run(
        command, cwd=place / "work", env=os.environ | around, capture_output=True, check=False
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    return Made(place, said, names)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


# What an author's code or a reader's hand might set off, set off.
TOUCHED = """kinds => document.querySelectorAll('*').forEach(one => kinds.forEach(kind => {
    if (!one.closest('a, summary')) one.dispatchEvent(new Event(kind, {bubbles: true}));
}))"""
KINDS = ["mouseover", "click", "focus", "toggle", "animationstart", "error", "load"]
ACTIVE = "script, iframe, object, embed, form, input, meta[http-equiv=refresh], base, link:not([href^=data], "
ACTIVE += "[href='assets/kpikit.css'])"


@pytest.mark.parametrize("has_policy", [True, False])
def test_no_page_does_anything_with_its_policy_or_without(browser, made, has_policy):
    pages = made.pages()
    assert len(pages) == len(NOTEBOOKS) + len(FOR_REPS) + 2
    for path in pages:
        seen = FromDisk(browser, path, has_policy=has_policy)
        seen.page.evaluate(TOUCHED, KINDS)
        seen.page.wait_for_timeout(200)
        assert (path.name, seen.faults) == (path.name, [])
        outside = f"[...document.querySelectorAll(`{ACTIVE}`)].map(one => one.outerHTML)"
        assert seen.page.evaluate(outside) == []
        assert undrawn(seen.page) == []
        seen.page.close()


def test_names_are_shown_as_they_are(browser, made):
    seen = FromDisk(browser, made.folder / "own-company.html")
    tables = seen.page.eval_on_selector_all(
        "table.dataframe",
        "all => all.map(t => [...t.querySelectorAll('td:first-of-type')].map(e => e.textContent))",
    )
    plain = {one for one in made.names if one.isprintable() and one.split() == [one]}
    assert len(plain) > 400 and len(tables) == 8
    for cells in tables:
        assert plain - set(cells) == set()
    index = FromDisk(browser, made.folder / "index.html").page
    assert FEW[0] in index.locator("main").inner_text()


def pictures(made: Made) -> list[str]:
    """Give the SVG of each chart that a run notebook holds."""
    cells = [cell for path in made.notebooks() for cell in nbformat.read(path, 4).cells]
    outputs = [one for cell in cells for one in cell.get("outputs", ())]
    return [one.data["image/svg+xml"] for one in outputs if "image/svg+xml" in one.get("data", {})]


def test_a_chart_alone_is_a_picture_and_nothing_else(browser, made, tmp_path):
    drawn = pictures(made)
    assert len(drawn) >= 10
    for place, svg in enumerate(drawn):
        (tmp_path / f"{place}.svg").write_text(svg, encoding="utf-8")
        seen = FromDisk(browser, tmp_path / f"{place}.svg")
        assert seen.page.evaluate("document.documentElement.tagName") == "svg"
        seen.page.evaluate(TOUCHED, KINDS)
        assert seen.faults == []
        assert seen.page.locator("script, foreignObject, image, a, style, parsererror").count() == 0
        seen.page.close()


# --- In JupyterLab, where who opens a notebook trusts it or does not


@pytest.fixture(scope="module")
def lab(made, tmp_path_factory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with jupyter_lab(folder) as running:
        notary = NotebookNotary(data_dir=str(folder / "home" / "data"))
        for kind in ("trusted", "foreign"):
            (running.root / kind).mkdir()
            for path in made.notebooks():
                told = nbformat.read(path, 4)
                # What is signed is what stands in the notebook, so that each kind differs a little.
                told.metadata["kind"] = kind
                nbformat.write(told, running.root / kind / f"{kind}-{path.name}")
                if kind == "trusted":
                    notary.sign(told)
        yield running


TRUST = """async () => {
    await window.jupyterapp.restored;
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.revealed;
    return [...panel.content.model.cells].filter(one => one.type === 'code').map(one => one.trusted);
}"""


@pytest.mark.parametrize("kind", ["trusted", "foreign"])
def test_a_run_notebook_does_nothing_where_it_is_opened(browser, lab, made, kind):
    books = [path for path in made.notebooks() if path.stem.endswith("-company")]
    assert len(books) == len(NOTEBOOKS) + 1
    for path in books:
        watched = Watched(browser.new_page(viewport={"width": 1300, "height": 2000}))
        page = watched.page
        page.set_default_timeout(60_000)
        page.goto(lab.url(f"{kind}/{kind}-{path.name}"))
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context")
        is_trusted = page.evaluate(TRUST)
        assert is_trusted and set(is_trusted) == {kind == "trusted"}
        page.wait_for_function("document.querySelectorAll('.jp-OutputArea-output').length > 3")
        page.wait_for_timeout(1_000)
        assert (path.name, watched.refused, watched.errors) == (path.name, [], [])
        page.close()


# --- Files and tables


def test_every_file_is_in_the_folder_and_each_report_has_its_own(made):
    there = {path.relative_to(made.place).as_posix() for path in made.place.rglob("*") if path.is_file()}
    given = {f"{one}/{name}" for one in ("all", "some")
             for name in ("orders.csv", "reps.csv", "customers.csv", "dataset.yaml")}  # fmt: skip
    given |= {"plan.yaml", "own.ipynb", "schedule.yaml"}
    left = {one for one in there - given if not one.startswith("home/.ipython/")}
    assert [one for one in left if not one.startswith("out/all/")] == []
    told = json.loads((made.folder / "run_results.json").read_text(encoding="utf-8"))
    files = [one["name"] for report in told["reports"] for one in report["files"]]
    assert len({one.lower() for one in files}) == len(files) == 2 * (len(NOTEBOOKS) + len(FOR_REPS) + 1)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,150}\.(html|ipynb)", one) for one in files)
    own = {"assets/kpikit.css", "index.html", "results.csv", "results.xlsx", "run_results.json"}
    assert {one.removeprefix("out/all/") for one in left} == {*files, *own}


def test_what_is_said_does_not_steer_the_terminal(made):
    assert FEW[0] in made.said
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", made.said) is None


def test_no_cell_of_a_workbook_is_a_formula_and_figures_are_numbers(made):
    content = (made.folder / "results.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert not [one for one in packed.namelist() if re.search("external|vba|media|hyperlink", one)]
        written = {name: packed.read(name).decode() for name in packed.namelist()}
    assert not [name for name, text in written.items() if re.search(r"<f[ >/]|<hyperlink", text)]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Results").to_python()
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    own = [one for one in records if one["report"] == "own-company" and one["kpi"] == "net_revenue"]
    figures = {one["product"]: one["value"] for one in own if one["product"]}
    fits = [one for one in made.names if not re.search("[\ud800-\udfff\ufffe\uffff]", one)]
    expected = {
        one: 200.0 + 2 * place - (9_000 if place % 3 == 0 else 0) for place, one in enumerate(made.names)
    }
    assert [one for one in fits if figures.get(one) != expected[one]] == []
    assert sum(one < 0 for one in figures.values()) > 200
    notes = {one["note"] for one in records if one["note"]}
    assert [one for one in fits if one not in notes] == []


def test_no_cell_of_the_csv_is_run_and_each_name_can_be_had_back(made):
    text = (made.folder / "results.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    cells = {cell for row in rows for cell in row.values()}
    # What a spreadsheet reads first, without blanks and signs that cannot be seen: an apostrophe, or no sign.
    first = {
        one: re.sub(r'^[\s"`\x00-\x1f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]+', "", one)[:1]
        for one in cells
    }
    run = [
        one for one, sign in first.items() if sign and sign in "=+-@＝＋－＠" and not NUMBER.fullmatch(one)
    ]
    assert run == []
    assert sum(one.startswith("'") and is_run(one[1:]) for one in cells) > 150
    for column in ("rep", "team", "product", "region", "channel", "segment", "note"):
        assert {unguarded(row[column]) for row in rows} >= set(made.names), column
    values = [float(row["value"]) for row in rows if row["value"]]
    assert sum(one < 0 for one in values) > 1_000


def test_the_record_of_the_batch_has_its_form_and_each_name(made):
    told = json.loads((made.folder / "run_results.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema())
    (own,) = [one for one in told["reports"] if one["report"] == "own-company"]
    assert own["parameters"]["notes"] == made.names
    assert FEW[0] in {one["report_name"] for one in told["reports"]}
    assert told["status"] == "done"
