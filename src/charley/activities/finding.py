"""What an import says of the files that it comes upon: how far it is, and why one is passed over."""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from charley.activities import formats
from charley.activities.file_kinds import HEAD_BYTES, fit_file_type, fit_type_name, kind_of
from charley.activities.unpack import ACTIVITY_KINDS, ZIP_METHODS
from charley.vocabulary.errors import registry
from charley.vocabulary.journal import FoundFile, Skipped

_FIT_ACTIVITY = 4  # file_id.type
_CLAIMS = (*formats.ENDINGS, ".gz", ".zip")  # names that say that there is an activity inside
_ARCHIVES = (".7z", ".rar", ".tar", ".tgz", ".zst")


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the whole import that a file or an archive stands for, from 0 to 1."""

    start: float
    width: float

    @property
    def end(self) -> float:
        """How far the import is behind it."""
        return self.start + self.width

    def part(self, start: float, width: float) -> Share:
        """A part of the part, in fractions of it."""
        return Share(self.start + start * self.width, width * self.width)


def skip(file: str, code: str, found: str, *, harmless: bool = False) -> Skipped:
    """A file that is passed over, with what was found and what to do."""
    text = f"{found[0].upper()}{found[1:]} {registry()[code].next_step}".strip()
    return Skipped(shown(file), code, text, harmless)


def passed_over(share: Share, name: str, code: str, found: str, *, harmless: bool = False) -> FoundFile:
    """The same as what an import takes."""
    return FoundFile(shown(name), None, skip(name, code, found, harmless=harmless), share.end)


def no_file(where: str, text: str) -> Skipped:
    """A row of an archive's list without a file."""
    return skip(where, "import-row", f"{text}.", harmless="by hand" in text)


def why_not(name: str, head: bytes) -> Skipped | None:
    """Why a file with these first bytes is no activity, or None if it may be one."""
    kind = kind_of(head)
    if kind == "gzip":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
        except zlib.error:
            return None  # the reader says what is wrong with it
        kind = kind_of(head)
        if kind in ("gzip", "zip"):
            return None
    if kind == "empty":
        return skip(name, "file-empty", "the file holds no bytes.")
    if kind == "fit":
        number = fit_file_type(head)
        if number in (None, _FIT_ACTIVITY):
            return None
        return skip(
            name, "not-activity", f"this is a FIT file of the kind: {fit_type_name(number or 0)}.", harmless=True
        )
    if kind in ACTIVITY_KINDS:
        return None
    claims = PurePosixPath(name).name.lower().endswith((*_CLAIMS, *_ARCHIVES))
    return skip(name, "archive-kind" if "archive" in kind else "file-kind", f"this is {kind}.", harmless=not claims)


def inner_head(head: bytes) -> bytes:
    """The first bytes of what a gzip holds, as far as they can be told from its own."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def is_packed_tar(head: bytes) -> bool:
    """True for a gzip with a tar in it."""
    return kind_of(head) == "gzip" and kind_of(inner_head(head)) == "tar"


def unsafe_name(filename: str, name: str) -> Skipped | None:
    """Why an entry of that name is not opened, None where nothing speaks against it."""
    parts = filename.replace("\\", "/").split("/")
    if parts[0] == "" or ":" in parts[0] or ".." in parts:
        return skip(name, "import-entry", "its name leaves the archive.")
    if parts[0] == "__MACOSX" or parts[-1].startswith("."):
        return skip(name, "file-kind", "this is a file of the operating system.", harmless=True)
    return None


def unsafe(info: zipfile.ZipInfo, name: str) -> Skipped | None:
    """Why an entry of a zip is not opened, None where nothing speaks against it."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return skip(name, "import-entry", "this is a link.")
    found = unsafe_name(info.filename, name)
    if found is not None and found.code == "import-entry":
        return found
    if info.flag_bits & 1:
        return skip(name, "import-entry", "it is locked with a password.")
    if info.compress_type not in ZIP_METHODS:
        return skip(name, "archive-kind", "it is packed in a way that few zips are.")
    return found


def shown(name: str) -> str:
    """A name of somebody else's, so that it cannot draw on a screen."""
    return name if name.isprintable() else "".join(c if c.isprintable() else "?" for c in name)
