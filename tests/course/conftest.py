"""The sample company and its lesson, opened once."""

from __future__ import annotations

import pytest

import kpikit as kp
from kpikit.course.lesson import Lesson


@pytest.fixture(scope="session")
def sales() -> kp.Dataset:
    return kp.load("data/samples")


@pytest.fixture(scope="session")
def plan() -> kp.Plan:
    return kp.read_plan("data/samples/plan.yaml")


@pytest.fixture(scope="session")
def lesson(sales, plan) -> Lesson:
    return kp.open_lesson("01", sales, plan)
