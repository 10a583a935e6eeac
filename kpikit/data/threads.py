"""Work on columns, several at a time: Arrow and NumPy let go of Python's lock for most of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import Any, TypeVar

__all__ = ["each"]

Result = TypeVar("Result")
_MOST = 4


def each(work: Callable[..., Result], *values: Iterable[Any]) -> list[Result]:
    """Call a function on each of some values, as `map` does, by as many threads as there are processors.

    This thread works too; where no other can be started, it works alone. After an error no further value is
    begun, and the error of the first value that has one is raised.

    Examples
    --------
    >>> from kpikit.data.threads import each
    >>> each(pow, [2, 3], [3, 2])
    [8, 9]
    """
    jobs = list(zip(*values, strict=True))
    done: dict[int, Result] = {}
    failed: dict[int, BaseException] = {}
    numbers, lock = iter(range(len(jobs))), Lock()

    def take_turns() -> None:
        while not failed:
            with lock:
                place = next(numbers, None)
            if place is None:
                return
            try:
                done[place] = work(*jobs[place])
            except BaseException as fault:  # raised where it can be heard
                failed[place] = fault

    helpers = []
    for _ in range(min(_MOST, os.cpu_count() or 1, len(jobs)) - 1):
        helper = Thread(target=take_turns)
        try:
            helper.start()
        except RuntimeError:  # this process may start no more threads
            break
        helpers.append(helper)
    take_turns()
    for helper in helpers:
        helper.join()
    if failed:
        raise failed[min(failed)]
    return [done[place] for place in range(len(jobs))]
