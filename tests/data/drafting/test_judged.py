"""Drafts are judged by truths written down by hand, on exports of four CRMs and on three public data sets."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kpikit.data.drafting import draft
from tests.data.drafting.company import make, write_file
from tests.data.drafting.judge import judge, truths

EXPORTS, REAL = truths("exports.yaml"), truths("real.yaml")
REQUIRED, OPTIONAL = 0.95, 0.8


def holds(verdict) -> None:
    print(f"\n{verdict}")
    assert not verdict.silent, "\n".join(verdict.silent)
    for marks, least in ((verdict.required, REQUIRED), (verdict.optional, OPTIONAL)):
        assert not marks or sum(marks) >= least * len(marks), str(verdict)


def written(
    folder: Path, vendor: str, files: list[str], rename=lambda header: header, shuffled: bool = False
) -> list[Path]:
    """Write the exports of a CRM."""
    records, paths = make(vendor), []
    for name in files:
        told = EXPORTS[vendor]["files"][name]
        headers = list(told["headers"].items())
        if shuffled:
            random.Random(3).shuffle(headers)
        names, froms = [rename(header) for header, _ in headers], [one for _, one in headers]
        write_file(folder / name, names, froms, records[told["rows"]])
        paths.append(folder / name)
    return paths


def together(vendor: str) -> dict[str, dict]:
    return {name: told for name, told in EXPORTS[vendor]["files"].items() if not told.get("alone")}


@pytest.mark.parametrize("vendor", EXPORTS)
def test_exports_of_a_crm_are_drafted(tmp_path, vendor):
    files = together(vendor)
    holds(judge(vendor, draft(written(tmp_path, vendor, list(files)), folder=tmp_path), files))


@pytest.mark.parametrize("vendor", EXPORTS)
def test_columns_in_another_order_are_drafted_alike(tmp_path, vendor):
    files = together(vendor)
    made = draft(written(tmp_path, vendor, list(files), shuffled=True), folder=tmp_path)
    holds(judge(f"{vendor}, shuffled", made, files))


def test_what_a_documented_schema_lacks_is_asked(tmp_path):
    name = "conversations_v1.csv"
    made = draft(written(tmp_path, "sleekflow", [name]), folder=tmp_path)
    holds(judge("sleekflow, conversations alone", made, {name: EXPORTS["sleekflow"]["files"][name]}))
    assert "# started_at: …  # ? no column says when a conversation began" in made.text


@pytest.mark.parametrize("name", REAL)
def test_public_data_sets_are_drafted(external_data, name):
    folder = external_data(name)
    files = REAL[name]["files"]
    holds(judge(name, draft([folder / one for one in files], folder=folder), files))
