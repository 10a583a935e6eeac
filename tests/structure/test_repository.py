"""The repository holds what belongs in it, and nothing that ties it to one machine."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    *{
        ".ci",
        ".gitattributes",
        ".gitignore",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "conftest.py",
    },
    *{"benchmarks", "data", "docs", "environment.yml", "examples", "kpikit", "notebooks", "pyproject.toml"},
    *{"requirements.lock", "tests", "tools"},
}
BYTES = 1_000_000


def whole(text: str) -> str:
    """Join what is written here with a gap (`~`), so that this file does not hold what it forbids."""
    return text.replace("~", "")


FORBIDDEN = re.compile(
    whole(
        "|".join(
            [
                r"/wo~rk/|/fa~rm/|/ro~ot/|bash~_jobs|fa~rm-",
                r"(?<![\w.])/(?:ho~me|Us~ers)/\w+",
                r"[A-Z]:\\+Us~ers\\",
                r"index~-url|find~-links",
                r"py~pi\.org|python~hosted\.org|npm~js\.org|deb~ian\.org|anaconda~\.org",
                r'"resol~ved": *"http',
            ]
        )
    )
)


def files(root: Path) -> list[Path]:
    """List the files that git knows or would add; outside of a clone, all but hidden folders."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if (root / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        return sorted(root / name for name in listed if name and (root / name).is_file())
    folders = [path for path in root.iterdir() if not path.name.startswith(".") or path.name == ".ci"]
    inside = [path for folder in folders for path in [folder, *folder.rglob("*")]]
    return sorted(path for path in inside if path.is_file() and "__pycache__" not in path.parts)


def text_of(path: Path) -> str | None:
    """Read a text file; None for a file of bytes."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8", "replace")


def word_faults(root: Path) -> list[str]:
    """Name the lines that hold a registry's address or a path of some machine. Pictures are left out."""
    found = []
    for path in files(root):
        text = None if path.suffix == ".svg" else text_of(path)
        for number, line in enumerate((text or "").splitlines(), 1):
            if word := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(root).as_posix()}:{number}: {word[0]}")
    return found


def size_faults(root: Path) -> list[str]:
    """Name the files that are too large for a repository."""
    return [path.relative_to(root).as_posix() for path in files(root) if path.stat().st_size > BYTES]


def output_faults(root: Path) -> list[str]:
    """Name the notebooks that keep an output in a cell that is not tagged `results`."""
    found = []
    for path in files(root):
        if path.suffix != ".ipynb":
            continue
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            is_result = "results" in cell.get("metadata", {}).get("tags", [])
            if not is_result and (cell.get("outputs") or cell.get("execution_count")):
                found.append(f"{path.relative_to(root).as_posix()}: cell {number} keeps an output")
    return found


def top_level_faults(root: Path) -> list[str]:
    """Name what stands at the top level and does not belong there."""
    return sorted({path.relative_to(root).parts[0] for path in files(root)} - TOP_LEVEL)


def test_no_word_ties_the_repository_to_a_machine_or_a_registry():
    faults = word_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_no_file_is_too_large():
    faults = size_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_notebooks_keep_outputs_in_results_cells_only():
    faults = output_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_top_level_holds_what_belongs_there():
    faults = top_level_faults(ROOT)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "kpikit/py.typed"]
)
def test_a_file_that_a_reader_expects_is_there(name):
    assert (ROOT / name).is_file()


def test_the_licence_is_bsd_3():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "BSD 3-Clause License" in text
    assert "Neither the name of the copyright holder" in text


def test_the_changelog_has_a_place_for_what_is_new():
    assert re.search(r"^## \[Unreleased\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


# The checks themselves, on a small tree.


@pytest.mark.parametrize(
    "line",
    [
        "cd /wo~rk/main",
        "open('/ro~ot/x')",
        "in /tmp/bash~_jobs.0",
        "path: /ho~me/ada/kpikit",
        "path: /Us~ers/ada/kpikit",
        r"path: C:\Us~ers\ada",
        "pip install --index~-url x",
        "--find~-links /opt",
        "https://py~pi.org/simple",
        "https://files.python~hosted.org/x",
        '"resol~ved": "https://x"',
    ],
)
def test_a_forbidden_word_is_found(tmp_path, line):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "notes.txt").write_text(f"fine\n{whole(line)}\n")
    (fault,) = word_faults(tmp_path)
    assert fault.startswith("tests/notes.txt:2: ")


@pytest.mark.parametrize(
    "line", ["$HOME/.pyenv", "~/.pyenv/versions", "https://x.org/home/ada", "a homework/b", "/home page"]
)
def test_an_innocent_line_passes(tmp_path, line):
    (tmp_path / "notes.txt").write_text(line)
    assert word_faults(tmp_path) == []


def test_a_large_file_is_found(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "large.csv").write_bytes(b"1" * (BYTES + 1))
    (tmp_path / "data" / "small.csv").write_bytes(b"1" * BYTES)
    assert size_faults(tmp_path) == ["data/large.csv"]


def test_a_stored_output_is_found(tmp_path):
    output = {"output_type": "stream", "name": "stdout", "text": ["1"]}
    cells = [
        {"cell_type": "markdown", "source": "# A"},
        {"cell_type": "code", "source": "1", "outputs": [output], "metadata": {}},
        {"cell_type": "code", "source": "1", "outputs": [output], "metadata": {"tags": ["results"]}},
        {"cell_type": "code", "source": "1", "outputs": [], "execution_count": 3, "metadata": {}},
        {"cell_type": "code", "source": "1", "outputs": [], "execution_count": None, "metadata": {}},
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    assert output_faults(tmp_path) == ["a.ipynb: cell 1 keeps an output", "a.ipynb: cell 3 keeps an output"]


def test_a_stranger_at_the_top_level_is_found(tmp_path):
    for name in ["README.md", "Untitled.txt", "kpikit/a.py"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert top_level_faults(tmp_path) == ["Untitled.txt"]


def test_files_that_git_ignores_are_left_out(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("/reports/\n")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "index.html").touch()
    (tmp_path / "new.txt").touch()
    assert [path.name for path in files(tmp_path)] == [".gitignore", "new.txt"]
