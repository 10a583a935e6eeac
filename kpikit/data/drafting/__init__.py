"""Drafting a `dataset.yaml` from the headers and contents of files."""

from kpikit.data.drafting.draft import Draft, draft

__all__ = ["Draft", "draft"]
