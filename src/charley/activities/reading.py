"""One way in: any activity file -> Recording."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike

from charley.activities import unpack
from charley.activities.formats import BY_KIND
from charley.activities.limits import plain
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording


def read(path: str | PathLike[str]) -> Recording:
    """The recording in a FIT, TCX or GPX file, or in a gzip or a zip of one; told by content, not by name.

    Nothing is taken out and nothing is made smooth: that is ``clean``. Raises RunFileError (one line with a code) for
    everything that holds no activity, holds several, or goes beyond the limits of ``limits``.
    """
    content = unpack.content(path)
    recording = decode(content.kind, content.data, plain(content.name))
    if recording.records == 0:
        raise RunFileError("no-records", "an entry by hand: figures of a run without a single sample", content.name)
    return replace(recording, warnings=(*content.warnings, *recording.warnings))


def decode(kind: str, data: bytes, name: str) -> Recording:
    """The recording in unpacked ``data`` of a kind that ``unpack`` named. Raises RunFileError."""
    try:
        return BY_KIND[kind].read(data, name)
    except RecursionError as error:
        raise RunFileError("file-limits", "the file is nested too deeply", name) from error
