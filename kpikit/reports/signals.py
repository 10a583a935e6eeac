"""Ctrl-C and its like: held back while there is something to end, so that they never strike half-way."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

__all__ = ["ENDING", "Stopped", "blocked", "held"]

# What asks a process to end; not every system has each.
ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class Stopped(KeyboardInterrupt):
    """A signal that asked to end came, and what was under way has been ended.

    Parameters
    ----------
    number
        The signal's.
    """

    def __init__(self, number: int) -> None:
        self.number = int(number)
        super().__init__(signal.Signals(number).name)


@contextlib.contextmanager
def held() -> Iterator[list[int]]:
    """Hold signals back, and give those that came; at the end of the block they are raised as `Stopped`.

    A signal that is ignored (`nohup`) stays so. Beside the main thread, which alone is told of signals,
    nothing happens.

    Examples
    --------
    >>> import signal
    >>> from kpikit.reports.signals import Stopped, held
    >>> try:
    ...     with held() as came:
    ...         signal.raise_signal(signal.SIGINT)
    ...         print("to the end")
    ... except Stopped as stop:
    ...     print(stop)
    to the end
    SIGINT
    """
    came: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            # None: a handler that Python has not set, and could not set again.
            if signal.getsignal(number) not in (None, signal.SIG_IGN):
                before[number] = signal.signal(number, lambda one, _: came.append(one))
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            raise Stopped(came[0])


@contextlib.contextmanager
def blocked() -> Iterator[None]:
    """Keep signals from a process that is started in the block until it unblocks them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # The first process that is started brings this one along, which would unblock them.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
