"""Which days each measure covers, for each window that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from kpikit.data.frames import FOREVER, NO_DAY
from kpikit.kpis.measures import Measure

__all__ = ["Span", "days_covered", "days_read", "rounds"]

Span = tuple[int, int]


def days_covered(measure: Measure, windows: Sequence[Span], as_of: int) -> list[Span]:
    """Give the first and the last day that a measure covers, for each window."""
    kind, days = measure.window.kind, measure.window.days
    if kind == "so_far":
        return [(NO_DAY if begin == NO_DAY else NO_DAY + 1, end) for begin, end in windows]
    if kind == "trailing":
        return [(end - days + 1, end) for _, end in windows]
    if kind == "ripe":
        # What has no day cannot be said to have had its time. A window may be empty.
        begun = [(NO_DAY + 1 if begin == NO_DAY else begin, end) for begin, end in windows]
        return [(begin, max(begin - 1, min(end, as_of - days))) for begin, end in begun]
    if measure.rows.day == "dated":
        # A deal without creation whose closing is not yet known counts, undated, in all time.
        return [(begin, FOREVER - 1 if begin == NO_DAY else end) for begin, end in windows]
    return list(windows)


def days_read(measure: Measure, windows: Sequence[Span]) -> list[int]:
    """The day on which each window is read; `NO_DAY` where it has none."""
    if measure.window.kind == "opening":
        return [begin - 1 if begin > NO_DAY else NO_DAY for begin, _ in windows]
    if measure.window.kind == "trailing":
        return [end - measure.window.days for _, end in windows]
    return [end for _, end in windows]


def rounds(spans: Sequence[Span]) -> list[list[int]]:
    """Deal windows out to rounds in which none overlap."""
    rounds: list[list[int]] = []
    for place in sorted(range(len(spans)), key=lambda one: spans[one]):
        for together in rounds:
            if spans[together[-1]][1] < spans[place][0]:
                together.append(place)
                break
        else:
            rounds.append([place])
    return rounds
