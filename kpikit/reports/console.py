"""What a person sees in a terminal while reports are made, and after; plain lines where there is none."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from kpikit.errors import listing
from kpikit.reports.running import Outcome

__all__ = ["Follower", "duration", "print_summary"]

_MOST_NAMES = 5


class Follower(AbstractContextManager["Follower"]):
    """Show how a batch goes on: done, failed, running, time left. Pass it as `follow` to `run_batch`."""

    def __init__(self, console: Console, count: int) -> None:
        self.console, self.count = console, count
        self._started, self._told = time.monotonic(), 0
        self._failures: dict[str, str] = {}
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[state]}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[left]}"),
            console=console,
            expand=True,
            transient=True,
        )
        self._task = self._bar.add_task("", total=count, state="starting", left="")

    def __enter__(self) -> Follower:
        if self.console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self._bar.stop()

    def __call__(self, outcomes: Sequence[Outcome], running: int) -> None:
        """Tell what is new; a failure that came before is told by whose it was."""
        for number, one in enumerate(outcomes[self._told :], self._told + 1):
            failure, state = str(one.failure), "done"
            is_new = not one.is_done and failure not in self._failures
            if not one.is_done:
                first = self._failures.setdefault(failure, one.job.called)
                state = f"failed: {failure}" if is_new else f"failed as {first} did"
            # On a terminal the bar counts, so that only what goes wrong in a new way needs a line.
            if not self.console.is_terminal:
                line = f"[{number}/{self.count}] {one.job.called}: {state} ({duration(one.seconds)})"
                self.console.print(line, markup=False, highlight=False, soft_wrap=True)
            elif is_new:
                self.console.print(f"[red]✕ failed:[/red] {escape(one.job.called)}: {escape(failure)}")
        self._told = len(outcomes)
        failed = sum(not one.is_done for one in outcomes)
        state = f"{len(outcomes) - failed} of {self.count} done, {failed} failed, {running} running"
        spent = time.monotonic() - self._started
        left = spent / len(outcomes) * (self.count - len(outcomes)) if outcomes else None
        told = "" if left is None else f"about {duration(left)} left"
        self._bar.update(self._task, completed=len(outcomes), state=state, left=told)


def print_summary(console: Console, outcomes: Sequence[Outcome], seconds: float, *indexes: Path) -> None:
    """Say how many reports there are, which failed for what reason, and where each index is."""
    failed = [one for one in outcomes if not one.is_done]
    done = len(outcomes) - len(failed)
    plain = {"markup": False, "highlight": False, "soft_wrap": True}
    console.print(f"{done} report{'s' * (done != 1)} made in {duration(seconds)}.", **plain)
    if failed:
        console.print(f"{len(failed)} failed:", **plain)
        whose: dict[str, list[str]] = {}
        for one in failed:
            whose.setdefault(str(one.failure), []).append(one.job.called)
        for failure, names in whose.items():
            count = f"{len(names)} reports ({listing(names, _MOST_NAMES)})"
            console.print(f"  ✕ {count if len(names) > 1 else names[0]}: {failure}", **plain)
    if len(indexes) == 1:
        console.print(f"Index: {indexes[0]}", **plain)
    elif indexes:
        place = indexes[0].parent.parent
        console.print(f"{len(indexes)} folders with an {indexes[0].name} each, below: {place}", **plain)


def duration(seconds: float) -> str:
    """Write a duration.

    Examples
    --------
    >>> from kpikit.reports.console import duration
    >>> duration(3.24), duration(75), duration(3700)
    ('3.2 s', '1 min 15 s', '1 h 1 min')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
