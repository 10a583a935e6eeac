"""Workbooks as archives: what one claims is checked, part by part, before any of it is believed."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

from kpikit.data.sources.place import Place
from kpikit.errors import DataError, cut

__all__ = ["check_workbook"]

_ZIP, _OLD, _END = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x05\x06"
_TAIL = 65_535 + 22  # where an archive's list of contents is told, at most before its end
_MOST_LIST, _MOST_PARTS = 1 << 22, 10_000
_MOST_BYTES, _MOST_RATIO, _SMALL = 1 << 29, 100, 1 << 24
_BLOCK = 1 << 20
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = 16
_CHECKED = (".xml", ".rels", ".vml")
_IS_LOCKED = 0x1


class _BadArchiveError(Exception):
    """What is wrong with an archive."""


def check_workbook(path: Path, place: Place) -> None:
    """Check that a file is what its name says, and that it grows no further than a workbook does.

    Raises
    ------
    DataError
        If the file is something else, is protected, claims more than it may, or holds more than it claims.
    """
    where, kind = f"load: {cut(place.name)}", path.suffix.lower()
    with path.open("rb") as opened:
        start = opened.read(8)
        if not start:
            raise DataError(where, "the file is empty")
        if start == _OLD and kind == ".xls":
            return
        if start == _OLD:
            told = "the workbook is protected by a password, or of the old kind"
            raise DataError(where, told, hint="save it without a password, as .xlsx")
        if kind == ".xls" or not start.startswith(_ZIP):
            told = f"the file is not a workbook of the kind {kind}"
            raise DataError(where, told, hint="name it as what it is")
        try:
            _check_list(opened)
            with zipfile.ZipFile(opened) as archive:
                _check_parts(archive.infolist(), path.stat().st_size)
                for part in archive.infolist():
                    _check_part(opened, part)
        except _BadArchiveError as fault:
            raise DataError(where, f"the workbook is refused: {fault}", hint="save it again") from None
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as fault:
            text = cut(str(fault).rstrip("."), 200)
            raise DataError(where, f"the file cannot be read as a workbook ({text})") from None


def _check_list(opened: IO[bytes]) -> None:
    """Check how long the list of contents is, before it is read."""
    size = opened.seek(0, 2)
    opened.seek(max(0, size - _TAIL))
    tail = opened.read()
    place = tail.rfind(_END)
    if place < 0:
        raise zipfile.BadZipFile("it is cut off")
    parts = int.from_bytes(tail[place + 10 : place + 12], "little")
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    if parts > _MOST_PARTS or length > _MOST_LIST:
        raise _BadArchiveError(f"it has more than {_MOST_PARTS:,} parts")


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Check what the list of contents claims."""
    packed, whole = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS:
        raise _BadArchiveError(f"it has more than {_MOST_PARTS:,} parts")
    if whole > _MOST_BYTES or (whole > _SMALL and whole > _MOST_RATIO * size):
        raise _BadArchiveError(f"its {size:,} bytes would unpack to {whole:,}")
    if packed > size:
        raise _BadArchiveError("its parts lie over each other")
    if any(part.flag_bits & _IS_LOCKED for part in parts):
        raise _BadArchiveError("it is protected by a password")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise _BadArchiveError("it is packed in an unusual way")


def _check_part(opened: IO[bytes], part: zipfile.ZipInfo) -> None:
    """Unpack a part, without keeping it, and stop where it holds more than is claimed."""
    opened.seek(part.header_offset)
    header = opened.read(30)
    if header[:4] != _ZIP:
        raise zipfile.BadZipFile("a part is not where it should be")
    opened.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    is_xml = part.filename.lower().endswith(_CHECKED)
    left, found, before = part.compress_size, 0, b""
    unpacker = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left and (block := opened.read(min(left, _BLOCK))):
        left -= len(block)
        while block:
            if unpacker:
                text = unpacker.decompress(block, _BLOCK)
                block = unpacker.unconsumed_tail
            else:
                text, block = block, b""
            found += len(text)
            if found > part.file_size:
                raise _BadArchiveError("a part holds more than it claims")
            if is_xml:
                _check_xml(before + text)
                before = text[-_OVERLAP:]
    if found != part.file_size or left or (unpacker and not unpacker.eof):
        raise zipfile.BadZipFile("a part is cut off")


def _check_xml(text: bytes) -> None:
    """Refuse declarations, by which a few letters can stand for a billion."""
    if any(declaration in text for declaration in _DECLARATIONS):
        raise _BadArchiveError("it declares what XML of a workbook never does (DOCTYPE or ENTITY)")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in text[:4]:
        raise _BadArchiveError("its XML is not UTF-8")
