"""Checked tables kept as memory-mapped Arrow files, so that loading them again costs next to nothing.

`key_of` says what an entry depends on, `Prepared` finds and keeps entries, and `Opened` hands their tables to
an engine. Nothing here is needed for a right figure: whatever goes wrong, the sources are read again.
"""

from kpikit.data.prepared.digests import digests_of
from kpikit.data.prepared.key import Key, key_of
from kpikit.data.prepared.opening import Opened
from kpikit.data.prepared.place import is_verified, is_wanted
from kpikit.data.prepared.store import Prepared

__all__ = ["Key", "Opened", "Prepared", "digests_of", "is_verified", "is_wanted", "key_of"]
