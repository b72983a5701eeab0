"""Compiles a function of the kernel with Numba and keeps its machine code in Charley's own cache folder.

Numba looks only at a function's own file to decide whether its machine code is stale, and refuses to keep it where it
can write neither beside the source nor at home. So each function here gets a cache of its own: a folder of the user
whose name is made from all sources of this room, or none where that folder cannot be written; then the kernel is
compiled anew in each process. Nothing of Numba's own is changed, so this does not depend on who else uses it, nor on
which thread comes first.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

from charley.evidence.tables import DATA
from charley.neuromuscular.mechanism import Function


def cache_folder() -> Path | None:
    """Where the machine code of these very sources is kept; None where that cannot be written."""
    from platformdirs import user_cache_path

    digest = hashlib.sha256()
    for source in (*sorted(Path(__file__).parent.glob("*.py")), DATA / "parameters_neuromuscular.toml"):
        digest.update(source.read_bytes())
    folder = user_cache_path("charley") / "kernel" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


FOLDER = cache_folder()


class _InOwnFolder(_CacheLocator):
    """Tells Numba where a function's machine code lies. The folder's name stands for the sources."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._line = function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> _InOwnFolder:
        return cls(py_func)

    def get_cache_path(self) -> str:
        return str(FOLDER)

    def get_source_stamp(self) -> str:
        return str(FOLDER)

    def get_disambiguator(self) -> str:
        return str(self._line)


class _OwnImplementation(CompileResultCacheImpl):
    _locator_classes: list[Any] = [_InOwnFolder]  # noqa: RUF012 - as Numba declares it


class _OwnCache(FunctionCache):
    _impl_class = _OwnImplementation


def compiled(function: Function) -> Function:
    """The function compiled: without the interpreter's lock, divisions as NumPy does them."""
    dispatcher: Any = njit(error_model="numpy", nogil=True)(function)
    if FOLDER is not None:
        dispatcher._cache = _OwnCache(function)  # type: ignore[no-untyped-call]  # untyped in Numba
    found: Function = dispatcher
    return found
