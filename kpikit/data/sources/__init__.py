"""Shim."""

from pathlib import Path

from kpikit.data.files import RawFile as Source
from kpikit.data.files import open_file
from kpikit.data.sources.place import Place

__all__ = ["Place", "Source", "open_source"]


def open_source(folder: Path, place: Place) -> Source:
    return open_file(folder, place.file, place)
