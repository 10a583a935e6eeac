"""From numbers to judgement on targets: plans, their evaluation and their check."""

from kpikit.targets.checking import read_plan
from kpikit.targets.coverage import pipeline_coverage
from kpikit.targets.evaluate import evaluate
from kpikit.targets.plan import Plan
from kpikit.targets.review import review

__all__ = ["Plan", "evaluate", "pipeline_coverage", "read_plan", "review"]
