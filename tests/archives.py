"""Archives as no library writes them: sizes that lie, parts over each other, a gigabyte in a kilobyte."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Part:
    """A part of an archive: its packed bytes, and what its list of contents claims of them."""

    name: str
    packed: bytes
    claimed: int
    method: int = 8
    flags: int = 0
    place: int | None = None
    crc: int = 0


def stored(name: str, content: bytes) -> Part:
    """Make a part that is not packed."""
    return Part(name, content, len(content), method=0, crc=zlib.crc32(content))


def packed(name: str, text: str) -> Part:
    """Make an honest packed part."""
    content = text.encode()
    squeezer = zlib.compressobj(9, wbits=-15)
    squeezed = squeezer.compress(content) + squeezer.flush()
    return Part(name, squeezed, len(content), crc=zlib.crc32(content))


def bomb(name: str, block: bytes, times: int, claimed: int | None = None, head: bytes = b"") -> Part:
    """Make a part that unpacks to a head and to many times the same block, without ever holding it."""
    squeezer = zlib.compressobj(9, wbits=-15)
    start = squeezer.compress(head) + squeezer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush nothing refers to what was before, so that the same bytes can stand again and again.
    again = squeezer.compress(block) + squeezer.flush(zlib.Z_FULL_FLUSH)
    size = len(head) + times * len(block)
    crc = zlib.crc32(head)
    if size < 1 << 29:
        for _ in range(times):
            crc = zlib.crc32(block, crc)
    return Part(name, start + again * times + squeezer.flush(), size if claimed is None else claimed, crc=crc)


def write_archive(path: Path, parts: list[Part], count: int | None = None) -> Path:
    """Write an archive; `place` of a part leads to the bytes of another one."""
    body, listed = bytearray(), bytearray()
    for part in parts:
        name = part.name.encode()
        place = len(body) if part.place is None else part.place
        fields = (20, part.flags, part.method, 0, 33, part.crc, len(part.packed), part.claimed, len(name), 0)
        fields = (*fields[:6], fields[6], min(fields[7], 0xFFFFFFFF), *fields[8:])
        if part.place is None:
            body += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + name + part.packed
        listed += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields, 0, 0, 0, 0, place) + name
    number = min(len(parts) if count is None else count, 0xFFFF)
    end = struct.pack("<HHHHIIH", 0, 0, number, number, len(listed), len(body), 0)
    path.write_bytes(bytes(body) + bytes(listed) + b"PK\x05\x06" + end)
    return path
