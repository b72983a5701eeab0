"""Loads the compiled kernel, with a place for its cache that can be written; None where Numba is not installed."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any


@cache
def load() -> ModuleType | None:
    """The module ``kernel``, or None without the extra ``lab``.

    Numba looks only at a function's own file to decide whether its cache is stale, and refuses to compile where it
    can write neither beside the source nor at home. So the cache goes to the user's cache folder, under a name made
    from all sources of this room; where that cannot be written the kernel is compiled anew in each process.
    """
    try:
        import numba
        import numba.core.caching
    except ImportError:
        return None
    folder = _writable(_cache_folder())
    before = numba.config.CACHE_DIR
    original = numba.njit
    try:
        if folder is not None:
            numba.config.CACHE_DIR = str(folder)
        else:
            numba.njit = _without_cache(original)
        from charley.neuromuscular import kernel
    finally:
        numba.config.CACHE_DIR = before
        numba.njit = original
    return kernel


def _without_cache(njit: Any) -> Any:
    def uncached(*args: Any, **options: Any) -> Any:
        return njit(*args, **{**options, "cache": False})

    return uncached


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    digest = hashlib.sha256()
    for room, suffix in (("charley.neuromuscular", ".py"), ("charley.evidence.data", "neuromuscular.toml")):
        for source in sorted(files(room).iterdir(), key=lambda item: item.name):
            if source.name.endswith(suffix):
                digest.update(source.read_bytes())
    return user_cache_path("charley") / "kernel" / digest.hexdigest()[:16]


def _writable(folder: Path) -> Path | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
