"""What a file is, told from its first bytes and never from its name."""

from __future__ import annotations

import re
import struct
import zlib
from os import PathLike

from charley.activities.formats import FORMATS

HEAD_BYTES = 8192

# First bytes -> what a person would call it. Only kinds that people do hand over by mistake.
_SIGNATURES = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bz2"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"bplist", "an Apple property list"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_XML_ROOTS = {"html": "an HTML page", "kml": "a KML map", "healthdata": "apple"} | {
    root: one.kind for one in FORMATS for root in one.roots
}
_CALLED = {
    "tar": "a tar archive", "xz": "an xz archive", "bz2": "a bzip2 archive", "apple": "an export of Apple Health",
}  # fmt: skip
_FIT_FILES = {
    1: "device", 2: "settings", 3: "sport", 4: "activity", 5: "workout", 6: "course", 7: "schedules", 9: "weight",
    10: "totals", 11: "goals", 14: "blood pressure", 15: "monitoring", 20: "activity summary", 28: "monitoring",
    32: "monitoring", 34: "segment", 35: "segment list", 40: "exercise settings",
}  # fmt: skip
_ROOT = re.compile(r"<\s*([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_DECLARED = re.compile(r"<!DOCTYPE\s+([A-Za-z_][\w.-]*)")  # of a document type that is longer than the first bytes
_NOT_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+html[^>]*>|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.I)


def sniff(path: str | PathLike[str]) -> str:
    """What the file at ``path`` is, after at most 8 kB of it: quick enough to sort an archive of thousands.

    Returns "tcx", "gpx", "zip", "empty", "fit/activity", "fit/settings" (and the like; "fit/unknown" where no
    file_id stands at the start) or plain words such as "an HTML page". Of a gzip, what is inside. Raises OSError.
    """
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    kind = kind_of(head)
    if kind == "gzip":
        inside = zlib.decompressobj(wbits=31)
        try:
            head = inside.decompress(head, HEAD_BYTES)
        except zlib.error:
            return "a damaged gzip"
        kind = kind_of(head) if head else "a damaged gzip"
    return f"fit/{_FIT_FILES.get(fit_file_type(head) or 0, 'unknown')}" if kind == "fit" else kind


_CONTROLS = bytes((*range(9), *range(14, 32), 127))  # that no text has


def kind_of(head: bytes) -> str:
    """The kind of a file whose first bytes are ``head``: as ``sniff``, with "fit" and "gzip" as they stand."""
    if not head:
        return "empty"
    if head[257:262] == b"ustar":  # before the rest: a tar begins with the name of its first file
        return "tar"
    for one in FORMATS:
        if one.begins is not None and one.begins.match(head):
            return one.kind
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    text = _as_text(head)
    if text is None:
        return "a binary file of unknown kind"
    return _kind_of_text(text.lstrip("\ufeff \t\r\n\x00"))


def _kind_of_text(text: str) -> str:
    if text.startswith("<"):
        root = _ROOT.search(_NOT_ROOT.sub("", text))
        if re.match(r"<!DOCTYPE\s+html", text, re.I):
            return "an HTML page"
        named = root.group(2) if root else next(iter(_DECLARED.findall(text)), "")
        return _XML_ROOTS.get(named.lower(), "an XML file of another kind") if named else "a broken XML file"
    if not text.startswith(("{", "[")):
        return "a text file"
    return next((one.kind for one in FORMATS if one.keys and all(k.search(text) for k in one.keys)), "a JSON file")


def called(kind: str) -> str:
    """A kind as a person would call it."""
    return _CALLED.get(kind, kind)


def fit_file_type(head: bytes) -> int | None:
    """The number of ``file_id.type`` if that message stands within ``head`` (4 = activity), else None."""
    if len(head) < 14 or head[0] not in (12, 14):
        return None
    layouts: dict[int, tuple[int, int, int | None]] = {}  # local type -> (message, size, offset of type)
    at = head[0]
    try:
        while at < len(head):
            header = head[at]
            if header & 0x80 or not header & 0x40:
                message, size, type_at = layouts[(header >> 5) & 3 if header & 0x80 else header & 15]
                if message == 0:
                    value = None if type_at is None else head[at + 1 + type_at]
                    return None if value == 0xFF else value
                at += 1 + size
                continue
            (message,) = struct.unpack_from(">H" if head[at + 2] else "<H", head, at + 3)
            offset, type_at = 0, None
            for k in range(head[at + 5]):
                number, width = head[at + 6 + 3 * k], head[at + 7 + 3 * k]
                if number == 0 and width == 1:
                    type_at = offset
                offset += width
            end = at + 6 + 3 * head[at + 5]
            if header & 0x20:
                offset += sum(head[end + 2 + 3 * k] for k in range(head[end]))
                end += 1 + 3 * head[end]
            layouts[header & 15] = (message, offset, type_at)
            at = end
    except (KeyError, IndexError, struct.error):
        pass
    return None


def fit_type_name(number: int) -> str:
    """What FIT calls a file of that type."""
    return _FIT_FILES.get(number, f"type {number}")


def _as_text(head: bytes) -> str | None:
    """``head`` as text where it is text in UTF-8, UTF-16 or Latin-1, else None."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) & ~1].decode("utf-16", errors="replace")
    if b"<" not in head[:64] and len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 100:
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 4:  # a character cut by our own end
            return head[: error.start].decode("utf-8")
        return head.decode("latin-1") if head.lstrip()[:1] == b"<" else None
