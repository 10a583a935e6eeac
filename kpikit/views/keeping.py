"""What is computed of a view's figures is kept with them: drawing a part and writing it share one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from kpikit.views.figures import Figures

__all__ = ["once"]

T = TypeVar("T")
P = ParamSpec("P")


def once(compute: Callable[Concatenate[Figures, P], T]) -> Callable[Concatenate[Figures, P], T]:
    """Compute something of some figures once, for each of the other arguments, and keep it with the figures.

    What is given back is shared by all who ask: it must not be changed in place.
    """

    @wraps(compute)
    def kept(shown: Figures, *args: P.args, **kwargs: P.kwargs) -> T:
        known: dict[Hashable, Any] = vars(shown).setdefault("kept", {})
        asked = (compute, args, tuple(sorted(kwargs.items())))
        if asked not in known:
            known[asked] = compute(shown, *args, **kwargs)
        return known[asked]

    return kept
