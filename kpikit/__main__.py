"""Where the command line starts, as `kpikit` and as `python -m kpikit`.

Signals and streams are made ready before anything large is imported, so that Ctrl-C is as quiet in the first
moment as later, and so that no letter of a name or a table breaks a terminal that cannot write it.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
import unicodedata
from io import TextIOWrapper
from types import FrameType
from typing import TextIO

__all__ = ["main"]

# Letters that kpikit's own tables and texts use, for a terminal that cannot write them: the nearest it can,
# as wide as they are. A minus that is lost would turn a figure round.
PLAIN = dict(zip("−–—×÷·…→←✓✕●○►▲▼◊◆■≥≤’‘“”•", "---x/..><+x*o>^v<##><''\"\"*", strict=True))
# What Python itself chooses, by stream and by system.
_UNCHOSEN = ("strict", "backslashreplace", "surrogateescape")


def main() -> None:
    """Run the command line."""
    # What is ignored stays so: `nohup`, or a shell's background job.
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    for number in numbers:
        signal.signal(number, _stop)
    codecs.register_error("kpikit", _plain)
    _make_writable(sys.stdout)
    _make_writable(sys.stderr)
    from kpikit.cli import main as run

    try:
        run()
    finally:
        # All is said; the interpreter, which is about to end, would let a signal change the exit code.
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)


def _stop(number: int, _: FrameType | None) -> None:
    # At once, and not as an exception, which an import may swallow or print: nothing is half done, since
    # what has something to end holds signals back until it has.
    os.write(2, b"kpikit: stopped.\n")
    os._exit(128 + number)


def _make_writable(stream: TextIO | None) -> None:
    """Let a stream replace what it cannot write, unless its user has said what to do."""
    if isinstance(stream, TextIOWrapper) and stream.errors in _UNCHOSEN:
        stream.reconfigure(errors="kpikit")


def _plain(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    letters = fault.object[fault.start : fault.end]
    return "".join(PLAIN.get(letter) or _nearest(letter) for letter in letters), fault.end


def _nearest(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"


if __name__ == "__main__":
    main()
