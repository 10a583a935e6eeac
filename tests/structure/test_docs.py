"""What the documents take from the code is current, and what they show runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from kpikit.data.mapping import read_mapping

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_of_the_page_on_data_are_current():
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    made = subprocess.run([sys.executable, "tools/make_docs.py", "--check"], cwd=ROOT, env=own, check=False)
    assert made.returncode == 0, "run: python tools/make_docs.py"


def test_the_mapping_that_is_shown_can_be_read(tmp_path):
    (shown,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "data.md").read_text(encoding="utf-8"), re.S)
    (tmp_path / "dataset.yaml").write_text(shown, encoding="utf-8")
    mapping = read_mapping(tmp_path / "dataset.yaml")
    assert set(mapping.tables) == set(yaml.safe_load(shown)["tables"]) == {"orders", "deals"}
    assert mapping.tables["orders"][0].compute["amount"].columns == ("Harga Satuan", "Jumlah", "Potongan")


def test_every_key_of_a_mapping_is_explained():
    from kpikit.data.mapping import TableFile

    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert [name for name in TableFile.model_fields if f"`{name}`" not in text] == []


def test_every_field_of_the_record_of_a_batch_is_explained():
    from kpikit.reports.record_form import RunResults, schema

    text = (ROOT / "docs" / "run_results.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \|", text.split("## run_results.json")[1], re.M)
    named = [name for row in rows for name in re.findall(r"`([\w.]+)`", row) if "." not in name]
    assert named == list(RunResults.model_fields)
    fields = {name for one in schema()["$defs"].values() for name in one["properties"]}
    assert sorted(name for name in fields if f"`{name}`" not in text) == []
