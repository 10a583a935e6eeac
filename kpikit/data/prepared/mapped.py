"""One table as an Arrow file: written from a pandas frame, and opened over mapped memory after a check.

A file holds one record batch without compression, so that its columns are used where they lie. What is
missing is marked in Arrow's bitmap, and holds NaN or NaT beneath it: pandas reads the values alone, the other
engines the bitmap.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa

from kpikit.data.threads import each

__all__ = [
    "DamagedError",
    "batch_of",
    "frame_of",
    "map_file",
    "new_file",
    "open_table",
    "page_digest",
    "write_table",
]

_PAGE = 4096
_ENDS = 1 << 16  # bytes at both ends of a file, where Arrow describes its columns
_PART = 1 << 24
_STEP = 1 << 16
_TEXT = pa.large_string()


class DamagedError(Exception):
    """A file of the cache is not what was written."""


def batch_of(frame: pd.DataFrame) -> pa.RecordBatch:
    """Turn a pandas frame into an Arrow record batch.

    Raises
    ------
    TypeError
        If a column holds something else than texts, decimals, whole numbers or dates without a zone.
    """
    arrays = each(_array, map(str, frame.columns), (column for _, column in frame.items()))
    return pa.RecordBatch.from_arrays(arrays, [str(name) for name in frame.columns])


def _array(name: str, column: pd.Series) -> pa.Array:
    if isinstance(column.dtype, pd.StringDtype):
        texts = pa.array(column.array, type=_TEXT, from_pandas=True)
        if not isinstance(texts, pa.ChunkedArray):
            return texts
        return pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], _TEXT)
    dtype = column.dtype
    if not isinstance(dtype, np.dtype) or (dtype not in ("float64", "int64") and dtype.kind != "M"):
        raise TypeError(f"{name} has the type {dtype}")
    values = np.ascontiguousarray(column.to_numpy())
    is_missing = column.isna().to_numpy()
    known = pa.array(~is_missing).buffers()[1] if is_missing.any() else None
    return pa.Array.from_buffers(pa.from_numpy_dtype(dtype), len(values), [known, pa.py_buffer(values)])


@contextlib.contextmanager
def new_file(path: Path, *, is_synced: bool = True) -> Iterator[BinaryIO]:
    """Write a new file that nobody else can read, and wait until the disk has it."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(number, "wb") as file:
        yield file
        file.flush()
        if is_synced:
            os.fsync(file.fileno())


def write_table(batch: pa.RecordBatch, path: Path) -> None:
    """Write a table into a new file; pages that a crash of the machine loses are noticed on opening."""
    with new_file(path, is_synced=False):
        pass
    # Arrow writes into its own files without a copy in Python; who made the file says who can read it.
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
        writer.write_batch(batch)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    # A link is not followed, and a pipe not waited for: neither was written here.
    flags = [getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")]
    number = os.open(path, os.O_RDONLY | sum(flags))
    try:
        yield number
    finally:
        os.close(number)


def map_file(path: Path, size: int | None = None) -> pa.Buffer:
    """Map a file into memory, read-only; closing, renaming or removing it does no harm to the mapping.

    Raises
    ------
    DamagedError
        If it is no plain file, or has another size.
    OSError
        If it cannot be opened.
    """
    with _opened(path) as number:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode) or found.st_size != (found.st_size if size is None else size):
            raise DamagedError(path.name)
        if not found.st_size:
            return pa.py_buffer(b"")
        return pa.py_buffer(mmap.mmap(number, found.st_size, access=mmap.ACCESS_READ))


def page_digest(content: pa.Buffer) -> str:
    """Digest the sum of each page of 4 kB, and all of both ends: some 20 GB a second where SHA-256 does 1.

    Any change of one place is noticed, and pages that are lost, zeroed, swapped or of another file. What
    leaves the sum of a page's 512 words as it was (changes that cancel out, words swapped) is not.
    """
    data = np.frombuffer(content, dtype="u1") if content.size else np.zeros(0, dtype="u1")
    whole = len(data) // _PAGE * _PAGE
    pages = data[:whole].view("<u8").reshape(-1, _PAGE // 8)
    parts = [pages[start : start + _PART // _PAGE] for start in range(0, len(pages), _PART // _PAGE)]

    def summed(part: np.ndarray) -> np.ndarray:
        return part.sum(axis=1, dtype="u8")

    sums = each(summed, parts) if len(parts) > 3 else [*map(summed, parts)]
    digest = hashlib.sha256(str(len(data)).encode())
    for one in (*sums, data[:_ENDS], data[max(whole - _ENDS, 0) :]):
        digest.update(np.ascontiguousarray(one))
    return digest.hexdigest()


def open_table(content: pa.Buffer) -> pa.RecordBatch:
    """Open the table of a mapped file without a copy, so that no use of it reaches beyond the mapping.

    Raises
    ------
    DamagedError
        If it is none, or a buffer or an offset of a text leads out of it.
    """
    try:
        reader = pa.ipc.open_file(pa.BufferReader(content))
        if reader.num_record_batches != 1:
            raise DamagedError("batches")
        batch = reader.get_batch(0)
        batch.validate()
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise DamagedError(str(fault)) from None
    for column in batch.columns:
        if column.type == _TEXT and len(column) and not _is_sound(column):
            raise DamagedError("offsets")
    return batch


def _is_sound(texts: pa.Array) -> bool:
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype="<i8", count=len(texts) + 1, offset=texts.offset * 8)
    if ends[0] < 0 or ends[-1] > (data.size if data is not None else 0):
        return False
    # In steps, so that what is compared stays in the processor's cache.
    return all(
        (ends[start + 1 : start + _STEP + 1] >= ends[start : start + _STEP][: len(ends) - start - 1]).all()
        for start in range(0, len(ends) - 1, _STEP)
    )


def frame_of(batch: pa.RecordBatch) -> pd.DataFrame:
    """Show a table as a pandas frame over the same memory, which cannot be written.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.prepared.mapped import batch_of, frame_of
    >>> orders = pd.DataFrame({"rep_id": ["R1", None], "amount": [9.5, float("nan")]})
    >>> frame_of(batch_of(orders)).equals(orders)
    True
    """
    return pd.DataFrame(dict(zip(batch.schema.names, map(_column, batch.columns), strict=True)), copy=False)


def _column(values: pa.Array) -> object:
    kind = values.type
    if kind == _TEXT:
        texts = pa.chunked_array([values])
        return pd.arrays.ArrowStringArray(texts, dtype=pd.StringDtype("pyarrow", na_value=np.nan))
    dtype = kind.to_pandas_dtype()
    dtype = f"datetime64[{kind.unit}]" if pa.types.is_timestamp(kind) else dtype
    if not len(values):
        return np.array([], dtype=dtype)
    return np.frombuffer(values.buffers()[1], dtype=dtype, count=len(values), offset=values.offset * 8)
