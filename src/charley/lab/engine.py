"""Numba is needed to run the laboratory, and only for that."""

from __future__ import annotations

from charley.vocabulary.errors import ProtocolError


def kernel_needed() -> None:
    """ProtocolError where Numba is missing: a laboratory without it would take hours."""
    from charley.neuromuscular.load_kernel import load

    if load() is None:
        raise ProtocolError("protocol-engine", "running experiments needs Numba, which is not installed")
