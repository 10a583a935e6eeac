"""Starting kpikit stays cheap: what takes seconds to import is imported where it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Each pulls in jsonschema, which compiles a grammar for seconds where JupyterLab is installed.
DEAR = {"altair", "papermill", "nbformat", "jsonschema"}
LOADED = "import sys; print('LOADED', *sys.modules)"
IMPORT = "import kpikit"
HELP = """
import sys
sys.argv = ["kpikit", "--help"]
from kpikit.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def dear_modules(code: str) -> set[str]:
    """Run a program in a fresh Python; give which of the dear modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.rpartition("LOADED ")[2].split()
    return DEAR & {name.split(".")[0] for name in loaded}


@pytest.mark.parametrize("code", [IMPORT, HELP], ids=["import kpikit", "kpikit --help"])
def test_starting_loads_nothing_dear(code):
    assert dear_modules(code) == set()


def test_a_dear_module_is_seen():
    assert "nbformat" in dear_modules("import nbformat")
