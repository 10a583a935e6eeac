"""What `kpikit` shows is there, is complete, and explains itself with an example."""

from __future__ import annotations

import inspect
import types

import pytest

import kpikit


def name_faults(package: types.ModuleType) -> list[str]:
    """Name what is announced and missing, and what is there and not announced."""
    announced = list(package.__all__)
    faults = [f"{name} is in __all__ and does not exist" for name in announced if not hasattr(package, name)]
    faults += [f"{name} is in __all__ twice" for name in {*announced} if announced.count(name) > 1]
    for name, value in vars(package).items():
        # `from __future__ import annotations` leaves its own name behind.
        is_own = not isinstance(value, types.ModuleType) and type(value).__module__ != "__future__"
        if is_own and not name.startswith("_") and name not in announced:
            faults.append(f"{name} is public and not in __all__")
    return faults


def docstring_faults(package: types.ModuleType) -> list[str]:
    """Name the functions and classes without a docstring of their own, or without an example in it.

    A kind of error needs no example, and neither does a value.
    """
    faults = []
    for name in package.__all__:
        value = getattr(package, name, None)
        if not (inspect.isclass(value) or callable(value)):
            continue
        text = inspect.cleandoc(value.__doc__ or "")
        is_error = inspect.isclass(value) and issubclass(value, Exception)
        if not text or is_made_by_dataclass(value, text):
            faults.append(f"{name} has no docstring")
        elif not is_error and ("Examples\n--------\n" not in text or ">>> " not in text):
            faults.append(f"{name} has no example in its docstring")
    return faults


def is_made_by_dataclass(value: object, text: str) -> bool:
    """Say whether a docstring is the signature that `dataclass` writes where there is none."""
    return inspect.isclass(value) and text.startswith(f"{value.__name__}(")


def test_public_names_exist_and_are_complete():
    faults = name_faults(kpikit)
    assert not faults, "\n".join(faults)


def test_public_names_explain_themselves_with_an_example():
    faults = docstring_faults(kpikit)
    assert not faults, "\n".join(faults)


def test_there_are_public_names():
    assert kpikit.__all__


# The checks themselves.

EXAMPLE = '"""Does a thing.\n\n    Examples\n    --------\n    >>> 1 + 1\n    2\n    """'


@pytest.fixture
def package():
    """Make a module from source."""

    def make(source: str) -> types.ModuleType:
        module = types.ModuleType("made")
        exec(compile(source, "made", "exec", dont_inherit=True), vars(module))
        return module

    return make


def test_a_sound_package_has_no_faults(package):
    made = package(
        "from __future__ import annotations\nimport math\n__all__ = ['f', 'Kind', 'LIMIT']\nLIMIT = 3\n"
        f"def f():\n    {EXAMPLE}\nclass Kind(Exception):\n    'A kind of error.'\n"
    )
    assert name_faults(made) == []
    assert docstring_faults(made) == []


def test_faults_of_names_are_found(package):
    made = package("__all__ = ['gone', 'f', 'f']\ndef f(): pass\ndef extra(): pass\n")
    assert name_faults(made) == [
        "gone is in __all__ and does not exist",
        "f is in __all__ twice",
        "extra is public and not in __all__",
    ]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def f(): pass", "f has no docstring"),
        ("class f: pass", "f has no docstring"),
        ("from dataclasses import dataclass\n@dataclass\nclass f:\n    a: int", "f has no docstring"),
        ("def f():\n    'Does a thing.'", "f has no example in its docstring"),
        (
            "def f():\n    'Does a thing.\\n\\n    Examples\\n    --------\\n    f()'",
            "f has no example in its docstring",
        ),
        ("class f(Exception): pass", "f has no docstring"),
    ],
)
def test_faults_of_docstrings_are_found(package, source, fault):
    assert docstring_faults(package(f"__all__ = ['f']\n{source}")) == [fault]
