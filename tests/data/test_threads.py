"""Work on several values at a time: results in their order, the first error raised, alone where it must."""

from __future__ import annotations

import threading

import pytest

from kpikit.data import threads


@pytest.fixture(autouse=True)
def two(monkeypatch):
    monkeypatch.setattr(threads.os, "cpu_count", lambda: 2)


def test_results_come_in_the_order_of_the_values_from_two_threads():
    met = threading.Barrier(2, timeout=20)  # each waits for the other: one thread alone would not pass

    def work(value, other):
        met.wait()
        return value * other, threading.get_ident()

    found = threads.each(work, [1, 2, 3, 4], [10, 20, 30, 40])
    assert [product for product, _ in found] == [10, 40, 90, 160]
    assert len({thread for _, thread in found}) == 2
    assert threads.each(work, [], []) == []


def test_the_error_of_the_first_value_that_has_one_is_raised():
    second = threading.Event()

    def work(value):
        if value == 1:
            assert second.wait(20)
            raise ValueError("first")
        second.set()
        raise KeyError("second")

    with pytest.raises(ValueError, match="first"):
        threads.each(work, [1, 2, 3])


def test_values_that_do_not_pair_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        threads.each(pow, [1, 2], [3])


def test_where_no_thread_can_be_started_this_one_works_alone(monkeypatch):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads.Thread, "start", refuse)
    assert threads.each(str, [1, 2, 3]) == ["1", "2", "3"]
