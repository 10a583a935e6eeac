"""The house keeps its floors: imports go one way, one door leads to narwhals, no room is too large."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# From the ground up; a module imports from the floors before its own, and from its own without a circle.
FLOORS = [
    {"errors"},
    {"language"},
    {"periods", "calendars"},
    {"data"},
    {"kpis"},
    {"targets"},
    {"people"},
    {"selection", "schedule"},
    {"views"},
    {"course"},
    {"reports"},
    {"cli"},
    {"__init__", "__main__"},
]
LINES = 300


def modules(root: Path) -> dict[str, Path]:
    """Give the file of each module of the package below `root`, by its dotted name."""
    found = {}
    for path in sorted((root / "kpikit").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path) -> list[tuple[str, int]]:
    """Give each name that a module imports, wherever in it, as dotted path and line."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            found += [(f"{source}.{alias.name}", node.lineno) for alias in node.names]
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("import_module", "__import__"):
                found.append((str(node.args[0].value), node.lineno))
    return found


def module_of(dotted: str, known: dict[str, Path]) -> str | None:
    """Give the module of the package that a dotted path leads to: itself, or the nearest above it."""
    while dotted and dotted not in known:
        dotted = dotted.rpartition(".")[0]
    return dotted or None


def floor_of(name: str) -> int | None:
    """Give the number of a module's floor, or None for a module that stands nowhere."""
    parts = name.split(".")
    room = parts[1] if len(parts) > 1 else "__init__"
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), None)


def layer_faults(root: Path) -> list[str]:
    """Name every import that goes up, every circle, and every module without a floor."""
    known, faults = modules(root), []
    edges: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        if floor_of(name) is None:
            faults.append(f"{name} stands on no floor")
            continue
        for dotted, line in imports(name, path):
            target = module_of(dotted, known)
            if target is None or target == name or floor_of(target) is None:
                continue
            if floor_of(target) > floor_of(name):
                faults.append(f"{name}:{line} imports {dotted} from {target}, which is on a higher floor")
            elif floor_of(target) == floor_of(name):
                edges[name].add(target)
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as circle:
        faults.append("circle: " + " <- ".join(circle.args[1]))
    return faults


def door_faults(root: Path) -> list[str]:
    """Name every module but kpikit/data/frames*.py that imports narwhals."""
    return [
        f"{name}:{line} imports narwhals"
        for name, path in modules(root).items()
        for dotted, line in imports(name, path)
        if dotted.split(".")[0] == "narwhals" and not name.startswith("kpikit.data.frames")
    ]


def size_faults(root: Path) -> list[str]:
    """Name every module that is too long to hold one idea."""
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules(root).items()
    }
    return [f"{name} has {length} lines" for name, length in lengths.items() if length > LINES]


def test_imports_go_one_way():
    faults = layer_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_only_frames_imports_narwhals():
    faults = door_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_modules_stay_under_three_hundred_lines():
    faults = size_faults(ROOT)
    assert not faults, "\n".join(faults)


def test_the_checks_see_the_package():
    assert "kpikit.errors" in modules(ROOT)


# The checks themselves, on houses of a few files: a check that cannot fail would hold nothing.


@pytest.fixture
def house(tmp_path):
    """Write a small package; give its root."""

    def build(**files: str) -> Path:
        for name in ["__init__", *files]:
            path = tmp_path.joinpath("kpikit", *name.split("__in__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files.get(name, ""))
        return tmp_path

    return build


@pytest.mark.parametrize(
    "statement",
    [
        "from kpikit import errors, periods",
        "from kpikit.errors import KpikitError",
        "import kpikit.periods as periods",
        "from . import frames",
        "from .frames import Table",
        "from ..language import money",
        "import pandas",
    ],
)
def test_a_step_down_or_sideways_is_allowed(house, statement):
    root = house(
        errors="",
        language="",
        periods="",
        data__in____init__="",
        data__in__frames="",
        data__in__dataset=statement,
    )
    assert layer_faults(root) == []


@pytest.mark.parametrize(
    "statement",
    [
        "import kpikit",
        "import kpikit.kpis",
        "from kpikit import load",
        "from kpikit import kpis",
        "from kpikit.kpis import revenue",
        "from kpikit.kpis.orders import revenue",
        "from ..kpis import orders",
        "from .. import kpis",
        "def late():\n    from kpikit.kpis import orders",
        "import importlib\nimportlib.import_module('kpikit.kpis')",
    ],
)
def test_a_step_up_is_found(house, statement):
    root = house(
        data__in____init__="", data__in__dataset=statement, kpis__in____init__="", kpis__in__orders=""
    )
    (fault,) = layer_faults(root)
    assert fault.startswith("kpikit.data.dataset:")
    assert "higher floor" in fault


def test_a_circle_is_found(house):
    root = house(kpis__in__a="from kpikit.kpis import b", kpis__in__b="def late():\n    from .a import x")
    (fault,) = layer_faults(root)
    assert fault.startswith("circle: ")


def test_a_module_without_a_floor_is_found(house):
    assert layer_faults(house(helpers="")) == ["kpikit.helpers stands on no floor"]


@pytest.mark.parametrize("statement", ["import narwhals as nw", "from narwhals.stable import v2"])
def test_a_second_door_to_narwhals_is_found(house, statement):
    root = house(data__in__frames=statement, data__in__frames_pandas=statement, kpis__in__measure=statement)
    assert door_faults(root) == ["kpikit.kpis.measure:1 imports narwhals"]


def test_a_room_that_is_too_large_is_found(house):
    root = house(errors="\n" * 300, language="\n" * 301)
    assert size_faults(root) == ["kpikit.language has 301 lines"]
