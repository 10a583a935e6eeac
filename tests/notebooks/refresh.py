"""Run the notebooks and keep the outputs of their results cells alone: `python -m tests.notebooks.refresh`.

Look at what changed before you keep it: a stored figure is what a later run is compared with.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def refresh(path: Path) -> None:
    """Run a notebook in its folder and write it back, with the outputs of its results cells."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    path.write_text(nbformat.writes(stripped(notebook)) + "\n", encoding="utf-8")


def stripped(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out what only one run knows: outputs but of results cells, counts, times and versions."""
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = {"tags": tags} if tags else {}
        if "results" in (tags or []):
            # For machines, and long: JupyterLab shows it when it is opened.
            cell.metadata["jupyter"] = {"outputs_hidden": True}
        if cell.cell_type == "code" and "results" in (tags or []):
            cell.execution_count = 1
        elif cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def ours() -> list[Path]:
    """List the notebooks that are written by hand; `tools/make_course.py` makes the others."""
    return sorted(
        [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "notebooks").glob("course/solutions/*.ipynb")]
    )


if __name__ == "__main__":
    for one in map(Path, sys.argv[1:]) if sys.argv[1:] else ours():
        refresh(one)
        print(f"refreshed: {one.name}")
