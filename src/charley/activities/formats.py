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
    """One format. ``kind`` names it in code and in ``Run.file_format``, and ends the names of its files.

    It is told by ``begins``, which matches the first bytes, or by ``roots``, the names that the outermost element of
    an XML document can have, in lower case. ``ends`` is found at the end of a whole file, None where nothing says so.
    """

    kind: str
    reader: str  # the module whose ``read(data, name)`` gives a Recording or raises RunFileError
    limit: str  # the name in ``limits`` of the most bytes that are taken of it, unpacked
    begins: re.Pattern[bytes] | None = None
    roots: tuple[str, ...] = ()
    ends: re.Pattern[bytes] | None = None

    @property
    def most_bytes(self) -> int:
        """The most bytes that are taken of a file, unpacked."""
        return cast(int, getattr(limits, self.limit))

    def read(self, data: bytes, name: str) -> Recording:
        """The recording in ``data``. Raises RunFileError."""
        read: Callable[[bytes, str], Recording] = import_module(self.reader).read
        return read(data, name)


# The best first: of one run in several formats, the first is kept.
FORMATS = (
    Format("fit", "charley.activities.fit.reader", "FIT_BYTES", begins=re.compile(rb".{8}\.FIT", re.S)),
    Format(
        "tcx", "charley.activities.xml.tcx", "XML_BYTES", roots=("trainingcenterdatabase", "activities"),
        ends=re.compile(rb"</(?:[\w.-]+:)?trainingcenterdatabase\s*>", re.I),
    ),
    Format(
        "gpx", "charley.activities.xml.gpx", "XML_BYTES", roots=("gpx",),
        ends=re.compile(rb"</(?:[\w.-]+:)?gpx\s*>", re.I),
    ),
)  # fmt: skip
BY_KIND = {one.kind: one for one in FORMATS}
ENDINGS = tuple(f".{kind}" for kind in BY_KIND)


def most_bytes(kind: str) -> int:
    """The most bytes that are taken of a file of this kind, or of one whose kind is not known yet."""
    return BY_KIND[kind].most_bytes if kind in BY_KIND else max(one.most_bytes for one in FORMATS)
