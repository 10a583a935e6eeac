"""Makes each notebook of exercises from its notebook with solutions. `python tools/make_course.py`.

A cell tagged `solution` is left out; a cell tagged `exercise` that shows a solution shows the exercise.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

COURSE = Path(__file__).resolve().parents[1] / "notebooks" / "course"
SOLVED, ASKED = "lesson.solution(", "lesson.exercise("


def exercises(solved: dict[str, Any]) -> dict[str, Any]:
    """Make the notebook of exercises."""
    made = copy.deepcopy(solved)
    made["cells"] = [one for one in made["cells"] if "solution" not in one["metadata"].get("tags", [])]
    for one in made["cells"]:
        if "exercise" in one["metadata"].get("tags", []):
            text = "".join(one["source"])
            if text.count(SOLVED) != 1:
                raise ValueError(f"cell {one['id']}: no solution to ask for: {text}")
            one["source"] = text.replace(SOLVED, ASKED).splitlines(keepends=True)
    return made


def text_of(notebook: dict[str, Any]) -> str:
    """Write a notebook as Jupyter writes it."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the notebooks; with --check only say whether they are current."""
    is_current = True
    for path in sorted((COURSE / "solutions").glob("*.ipynb")):
        made = text_of(exercises(json.loads(path.read_text(encoding="utf-8"))))
        target = COURSE / path.name
        is_current &= target.exists() and target.read_text(encoding="utf-8") == made
        if "--check" not in sys.argv:
            target.write_text(made, encoding="utf-8")
    return 0 if is_current or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
