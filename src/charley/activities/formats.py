"""The formats that are read, one row each: how one is told from its bytes, who reads it, how much of it is taken.

Everything else that has to know the formats is worked out from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from charley.activities import limits
from charley.vocabulary.run import Recording


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``kind`` names it in code and in ``Run.file_format``.

    It is told by ``begins``, which matches the first bytes, by ``roots``, the names that the outermost element of an
    XML document can have, in lower case, or by ``keys``, all of which are found in the first part of a JSON text.
    ``ends`` is found at the end of a whole file, None where nothing says so. ``ending`` is that of its files' names,
    "" where files that are no activities end likewise.
    """

    kind: str
    reader: str  # module:function; ``function(data, name)`` gives a Recording or raises RunFileError
    limit: str  # the name in ``limits`` of the most bytes that are taken of it, unpacked
    begins: re.Pattern[bytes] | None = None
    roots: tuple[str, ...] = ()
    keys: tuple[re.Pattern[str], ...] = ()
    ends: re.Pattern[bytes] | None = None
    ending: str = ""

    @property
    def most_bytes(self) -> int:
        """The most bytes that are taken of a file, unpacked."""
        return cast(int, getattr(limits, self.limit))

    def read(self, data: bytes, name: str) -> Recording:
        """The recording in ``data``. Raises RunFileError."""
        module, _, function = self.reader.partition(":")
        read: Callable[[bytes, str], Recording] = getattr(import_module(module), function)
        return read(data, name)


def _json(kind: str, reader: str, *keys: str) -> Format:
    """A maker's own JSON, told by keys of it."""
    return Format(
        kind, f"charley.activities.vendors.{reader}", "JSON_BYTES", keys=tuple(re.compile(key) for key in keys),
        ends=re.compile(rb"[}\]]"),
    )  # fmt: skip


# The best first: of one run in several formats, the first is kept.
FORMATS = (
    Format(
        "fit", "charley.activities.fit.reader:read", "FIT_BYTES", begins=re.compile(rb".{8}\.FIT", re.S), ending=".fit"
    ),
    Format(
        "tcx", "charley.activities.xml.tcx:read", "XML_BYTES", roots=("trainingcenterdatabase", "activities"),
        ends=re.compile(rb"</(?:[\w.-]+:)?trainingcenterdatabase\s*>", re.I), ending=".tcx",
    ),
    Format(
        "gpx", "charley.activities.xml.gpx:read", "XML_BYTES", roots=("gpx",),
        ends=re.compile(rb"</(?:[\w.-]+:)?gpx\s*>", re.I), ending=".gpx",
    ),
    Format(
        "sml", "charley.activities.vendors.suunto:read_sml", "XML_BYTES", roots=("sml",),
        ends=re.compile(rb"</(?:[\w.-]+:)?sml\s*>", re.I), ending=".sml",
    ),
    _json("suunto", "suunto:read_json", r'"DeviceLog"\s*:|"suunto/sml"\s*:'),
    _json("polar", "polar:read", r'"exportVersion"\s*:', r'"exercises"\s*:'),
    _json("nike", "nike:read", r'"start_epoch_ms"\s*:', r'"(?:metrics|summaries|active_duration_ms)"\s*:'),
    _json("huawei", "huawei:read", r'"(?:attribute|recordId)"\s*:', r'HW_EXT_TRACK_|"sportType"\s*:'),
    _json("samsung", "samsung:read", r'\A\s*\{"samsung_health":'),
    _json("joined", "joined:read", r'\A\s*\{"charley-joined":'),
    Format(
        "hitrack", "charley.activities.vendors.huawei:read_track", "JSON_BYTES",
        begins=re.compile(rb"(?:HW_EXT_TRACK_DETAIL@is)?tp=(?:lbs|h-r|s-r|alti|b-p-m|p-m|rs);"),
    ),
)  # fmt: skip
BY_KIND = {one.kind: one for one in FORMATS}
ENDINGS = tuple(one.ending for one in FORMATS if one.ending)


def most_bytes(kind: str) -> int:
    """The most bytes that are taken of a file of this kind, or of one whose kind is not known yet."""
    return BY_KIND[kind].most_bytes if kind in BY_KIND else max(one.most_bytes for one in FORMATS)
