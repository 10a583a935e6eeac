"""Three lists of packages agree: pyproject.toml, environment.yml (for conda), requirements.lock (tested)."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ["3.11", "3.12", "3.13"]
# Where a package has another name on conda-forge than in pyproject.toml.
CONDA_NAMES = {"duckdb": "python-duckdb", "great-tables": "great_tables", "Babel": "babel"}


def requirements(pyproject: str) -> list[Requirement]:
    """Give every package that pyproject.toml asks for, extras included."""
    project = tomllib.loads(pyproject)["project"]
    return [*map(Requirement, chain(project["dependencies"], *project["optional-dependencies"].values()))]


def in_pyproject(text: str) -> dict[str, str]:
    """Give the version that pyproject.toml asks for of Python and of each package, extras included."""
    versions = {"python": tomllib.loads(text)["project"]["requires-python"]}
    for requirement in requirements(text):
        versions[CONDA_NAMES.get(requirement.name, requirement.name)] = str(requirement.specifier)
    return versions


def in_environment(text: str) -> dict[str, str]:
    """Give the version that environment.yml asks for of each package, from conda or from pip."""
    environment = yaml.safe_load(text)
    assert environment["channels"] == ["conda-forge"]
    asked = []
    for entry in environment["dependencies"]:
        asked += entry["pip"] if isinstance(entry, dict) else [entry]
    split = [re.fullmatch(r"([\w.-]+)\s*(.*)", entry).groups() for entry in asked]
    # pip is there only to install what conda-forge lacks.
    return {name: version for name, version in split if name != "pip"}


def differences(pyproject: str, environment: str) -> list[str]:
    """Name each package of which the two files ask for different versions."""
    ours, theirs = in_pyproject(pyproject), in_environment(environment)
    return [
        f"{name}: pyproject.toml {ours.get(name, 'lacks it')}, environment.yml {theirs.get(name, 'lacks it')}"
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    ]


def lock_faults(pyproject: str, lock: str, python: str) -> list[str]:
    """Name what the lock lacks, or pins outside of what pyproject.toml asks for, on one Python."""
    faults, pinned = [], {}
    where = {
        "python_version": python,
        "python_full_version": f"{python}.7",
        "sys_platform": "linux",
        "os_name": "posix",
    }
    for line in filter(None, (line.partition("#")[0].strip() for line in lock.splitlines())):
        if line.startswith("-") or "://" in line or "@" in line:
            faults.append(f"the lock names a place: {line}")
            continue
        requirement = Requirement(line)
        if not re.fullmatch(r"==[^*]+", str(requirement.specifier)):
            faults.append(f"{requirement.name} is not pinned")
        elif requirement.marker is None or Marker(str(requirement.marker)).evaluate(where):
            pinned[canonicalize_name(requirement.name)] = str(requirement.specifier)[2:]
    for requirement in requirements(pyproject):
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None:
            faults.append(f"{requirement.name} is not in the lock")
        elif not requirement.specifier.contains(version, prereleases=True):
            faults.append(
                f"{requirement.name} is pinned to {version}, and {requirement.specifier} is asked for"
            )
    return faults


def read(name: str) -> str:
    """Read a file of the project's root."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_environment_asks_for_the_same_packages_as_pyproject():
    faults = differences(read("pyproject.toml"), read("environment.yml"))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_pins_what_pyproject_asks_for(python):
    faults = lock_faults(read("pyproject.toml"), read("requirements.lock"), python)
    assert not faults, "\n".join(faults)


def test_classifiers_name_the_pythons_that_are_tested():
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', read("pyproject.toml"))
    assert named == PYTHONS


# The checks themselves.

PYPROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["duckdb>=2", "Babel>=2.18"]
optional-dependencies = { dev = ["pytest>=9"] }
"""
ENVIRONMENT = (
    "channels: [conda-forge]\ndependencies: [python>=3.11, python-duckdb>=2, pip, {pip: ['pytest>=9']}"
)


def test_differences_are_found():
    assert differences(PYPROJECT, ENVIRONMENT + ", babel>=2.18]") == []
    assert differences(PYPROJECT, ENVIRONMENT + "]") == [
        "babel: pyproject.toml >=2.18, environment.yml lacks it"
    ]
    assert differences(PYPROJECT, ENVIRONMENT + ", babel>=2.17, numpy]") == [
        "babel: pyproject.toml >=2.18, environment.yml >=2.17",
        "numpy: pyproject.toml lacks it, environment.yml ",
    ]


@pytest.mark.parametrize(
    ("lock", "faults"),
    [
        ("duckdb==2.0\nbabel==2.18.0\npytest==9.0", []),
        ("duckdb==1.9\nbabel==2.18.0\npytest==9.0", ["duckdb is pinned to 1.9, and >=2 is asked for"]),
        ("duckdb==2.0\npytest==9.0", ["Babel is not in the lock"]),
        ("duckdb==2.0\nbabel==2.18.0 ; python_version >= '3.12'\npytest==9.0", ["Babel is not in the lock"]),
        ("duckdb==2.0\nbabel>=2.18\npytest==9.0", ["babel is not pinned", "Babel is not in the lock"]),
        ("-e .\nduckdb==2.0\nbabel==2.18.0\npytest==9.0", ["the lock names a place: -e ."]),
    ],
)
def test_faults_of_a_lock_are_found(lock, faults):
    assert lock_faults(PYPROJECT, lock, "3.11") == faults
